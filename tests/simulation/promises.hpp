#pragma once

#include "simulation/machine.hpp"
#include "simulation/site.hpp"
#include "store/store.hpp"
#include "support/manual_clock.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace sched::simulation {

/// What was just done, as far as it may do more than a worker may.
struct Licence {
  bool by_person = false;
  bool new_deadlines = false;       ///< `sched edit --deadline`.
  bool unknown = false;             ///< A commit of unknown outcome may have come to light.
  std::set<model::RunId> reopened;  ///< `sched retry`.
  std::set<model::TaskId> removed;
};

/// Compares what the store says with what the machine truly did and with what it said before.
/// Throws Broken. It reads rows and judges for itself; rules are not asked.
class Promises {
 public:
  Promises(Site& site, const Machine& machine, const test::ManualClock& clock)
      : site_(site), machine_(machine), clock_(clock) {}

  /// These rows of runs, and all that depend on them.
  void check(const std::set<std::int64_t>& runs, const std::set<std::int64_t>& tasks,
             const Licence& licence);
  void check_all(const Licence& licence);
  /// A worker has made a pass: whatever follows from deadlines was done.
  void check_deadlines_heeded();
  /// Nothing goes on any more: whatever is unfinished waits for something that is not there.
  void check_quiet();

  /// `add` returned: it is there from now on, with its run if it has a moment or its run is known.
  void acknowledged(model::TaskId task);
  void removed(model::TaskId task) { acknowledged_.erase(task); }
  /// Its firings are to be found without a gap from now on.
  void follow(model::TaskId task);
  void follow_no_more(model::TaskId task) { beats_.erase(task); }
  void follow_none() { beats_.clear(); }

  const std::map<model::RunId, model::Run>& runs() const { return runs_; }
  const model::Task& task(model::TaskId id);
  const std::set<model::TaskId>& acknowledged_tasks() const { return acknowledged_; }

 private:
  /// From when on firings have no gap, and how far apart they are.
  struct Beat {
    time::Instant since;  ///< Rows of moments before that are of an earlier schedule.
    time::Instant last;
    time::Duration period;
    std::optional<time::Instant> anchor;
  };

  struct Edges {
    model::EdgeCounts counts;
    bool holds = false;
    bool impossible = false;
  };
  Edges count_edges(const model::Run& run);
  bool has_one_ahead(const model::Run& run);
  void check_run(const model::Run& run, const Licence& licence);
  void check_move(const model::Run& before, const model::Run& run, const Licence& licence);
  void check_place(const model::Run& run);
  void check_claim(const model::Run& run);
  void check_attempts(const model::Run& run);
  void check_attempt(const model::Run& run, const model::Attempt& attempt, int shed_in_a_row);
  void check_firings(model::TaskId task);
  bool begins_anew(model::TaskId task, const Beat& beat);
  void check_cause(const model::Run& run);
  void check_deadlines(const model::Run& run);
  void check_new_deadlines(const model::Run& before, const model::Run& run,
                           const Licence& licence) const;
  void check_followers(const model::Run& run);
  int failed_of(model::RunId flow);
  std::vector<model::Run> dead_of(const std::string& tag);
  bool has_tag(const model::Run& run, const std::string& tag);
  void note_bound(const std::function<bool(const model::Run&)>& is_bound);
  void check_come_back(const model::Run& run, const Licence& licence);
  void check_flow(const model::Run& run);
  void check_tags(const model::Run& run);
  void check_room();
  [[noreturn]] void broken(const model::Run& run, const std::string& what) const;

  Site& site_;
  const Machine& machine_;
  const test::ManualClock& clock_;
  std::map<model::RunId, model::Run> runs_;  ///< As they were last seen.
  std::map<model::RunId, model::Claim> claims_;
  std::set<model::RunId> just_claimed_;  ///< Seen first in this check.
  std::map<model::TaskId, model::Task> tasks_;
  std::set<model::TaskId> acknowledged_;
  std::set<model::RunId> reopened_;  ///< Ever.
  std::map<std::tuple<model::TaskId, std::string, time::Instant>, model::RunId> firings_;
  /// Of the runs of handlers, by the end that each is for.
  std::map<std::pair<model::TaskId, std::string>, model::RunId> handled_;
  std::map<model::TaskId, Beat> beats_;
  std::map<model::RunId, model::Claim> bound_met_;  ///< By run, the attempt while which that was.
};

}  // namespace sched::simulation
