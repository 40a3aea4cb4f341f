#pragma once

#include "cli/session.hpp"
#include "model/run.hpp"
#include "model/task.hpp"
#include "rules/forecast.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

/// What can be said of one deadline of a task.
struct OutlookLine {
  bool hard = false;
  time::Instant at{};
  std::optional<bool> met;  ///< Whether it can be; empty: there is no history.
  std::string text;         ///< All of it as a sentence.
};

/// How deadlines look at this moment. What several tasks ask of is read once.
class DeadlineOutlook {
 public:
  explicit DeadlineOutlook(Session& session) : session_(session) {}

  /// What rules::forecast() asks of a run that has deadlines; empty for one without, or that is
  /// over.
  std::optional<rules::ForecastFacts> facts(const model::Task& task, const model::Run& run);
  /// A line for each deadline of a task that was just written, the soft one first: whether its run,
  /// or else its next firing, can meet it.
  std::vector<OutlookLine> of(model::TaskId id);

 private:
  struct Place {
    std::int64_t rank = 0;
    model::RunId run;
    model::TaskId task;
  };
  /// Who runs and waits on the slots that serve a queue.
  struct Crowd {
    int slots = 1;
    std::vector<time::Duration> busy;
    std::int64_t unknown = 0;
    std::vector<Place> line;    ///< Queued, in the order in which they go.
    std::vector<Place> coming;  ///< Their moment has come, and no worker has queued them yet.
  };

  std::optional<time::Duration> usual(model::TaskId task);
  Crowd running_of(const model::Queue& queue);  ///< Without those who wait.
  Crowd& crowd_of(const model::Queue& queue);
  void add_others(const model::Task& task, const model::Run& run, rules::ForecastFacts& facts);
  void add_room(const model::Task& task, rules::ForecastFacts& facts);

  Session& session_;
  std::map<model::TaskId, std::optional<time::Duration>> lengths_;
  std::map<model::QueueId, Crowd> crowds_;
};

}  // namespace sched::cli
