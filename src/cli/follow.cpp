#include "cli/follow.hpp"

#include "cli/log_output.hpp"
#include "cli/log_reader.hpp"
#include "cli/patience.hpp"
#include "render/safe_text.hpp"
#include "rules/explain.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace sched::cli {
namespace {

class Follower {
 public:
  Follower(Session& session, const FollowOptions& options)
      : session_(session),
        options_(options),
        patience_(session),
        watch_(session),
        output_(session) {}

  int follow();

 private:
  bool step();
  void look();
  void begin(int attempt);
  bool read();
  bool has_ended() const;
  void tell_waiting();

  Session& session_;
  const FollowOptions& options_;
  Patience patience_;
  WorkerWatch watch_;
  LogOutput output_;
  std::optional<model::Run> run_;
  std::optional<LogReader> reader_;
  int next_ = 0;     ///< The attempt that was waited for; 0: the last one there is.
  int attempt_ = 0;  ///< The one that is read; 0: none has begun.
  bool any_output_ = false;
  bool told_waiting_ = false;
};

/// How the run stands now. Asked before the log is read: what an ended attempt wrote is then there.
void Follower::look() {
  if (!patience_.store_changed()) {
    return;
  }
  store::Store& store = session_.store();
  if (run_) {
    const model::RunId id = run_->id;
    run_ = store.runs().find(id);
    if (!run_) {
      throw base::Error(base::ErrorKind::not_found,
                        fmt::format("{} was removed meanwhile", model::label(id)));
    }
  } else {
    run_ = options_.target.run ? store.runs().find(*options_.target.run)
                               : store.runs().newest_of(*options_.target.task);
  }
}

void Follower::begin(int attempt) {
  const bool is_first = attempt_ == 0;
  if (!is_first) {
    output_.flush();
    session_.note(fmt::format("--- {}, attempt {} ---", model::label(run_->id), attempt));
  }
  attempt_ = attempt;
  reader_.emplace(session_.places().logs(), run_->id, attempt, options_.stream);
  if (is_first && next_ == 0 && options_.tail) {
    reader_->skip_to_last(*options_.tail);
  }
}

bool Follower::read() {
  const bool any = reader_->read(output_.sink(), [this] {
    output_.flush();
    session_.note("[... the log's cap was passed, bytes dropped ...]");
  });
  any_output_ = any_output_ || any;
  return any;
}

/// Whether nothing more can come of the attempt that is read.
bool Follower::has_ended() const {
  return run_->state != model::RunState::running || attempt_ < run_->attempts;
}

void Follower::tell_waiting() {
  if (!told_waiting_) {
    told_waiting_ = true;
    session_.note(run_ ? fmt::format("{} is {}; its output follows when it starts",
                                     model::label(run_->id), model::to_string(run_->state))
                       : std::string("it has no run yet; its output follows when it starts"));
  }
}

/// One look and what it brings; true when all is over.
bool Follower::step() {
  look();
  if (!run_ || run_->attempts == 0) {
    next_ = 1;  // Between two looks several may come and go.
  }
  if (!run_) {
    tell_waiting();
    return false;
  }
  const model::Run run = *run_;
  if (attempt_ > run.attempts) {
    next_ = attempt_;  // It never began, was handed back, and will come again.
    attempt_ = 0;
    reader_.reset();
  }
  const int first = options_.attempt.value_or(next_ > 0 ? next_ : run.attempts);
  if (!reader_ && first > 0 && first <= run.attempts) {
    begin(first);
  }
  if (!reader_) {
    if (run.state != model::RunState::finished) {
      tell_waiting();
    }
    return run.state == model::RunState::finished;
  }
  if (read()) {
    std::fflush(stdout);
    patience_.hurry();
  }
  if (!has_ended()) {
    return false;
  }
  if (options_.attempt) {
    return true;
  }
  if (attempt_ < run.attempts) {
    begin(attempt_ + 1);
    patience_.hurry();
    return false;
  }
  return run.state == model::RunState::finished;
}

int Follower::follow() {
  while (!step()) {
    if (output_.broken() || patience_.reader_gone()) {
      return 0;
    }
    if (!run_ || run_->state != model::RunState::running) {
      watch_.look();
    }
    if (!patience_.wait()) {
      output_.flush();
      return base::exit_code(base::ErrorKind::interrupted);
    }
  }
  output_.flush();
  if (run_->outcome && !output_.broken()) {
    session_.note(render::safe(fmt::format("{}{} {}: {}", any_output_ ? "" : "no output; ",
                                           model::label(run_->id), rules::told(*run_->outcome),
                                           run_->reason)));
  }
  return 0;
}

}  // namespace

int follow(Session& session, const FollowOptions& options) {
  return Follower(session, options).follow();
}

}  // namespace sched::cli
