// The words in which an explanation is told.
#include "rules/explain.hpp"

namespace sched::rules {

const char* to_string(Obstacle::Kind kind) {
  switch (kind) {
    case Obstacle::Kind::held:
      return "held";
    case Obstacle::Kind::displaced:
      return "displaced";
    case Obstacle::Kind::paused:
      return "paused";
    case Obstacle::Kind::upstream:
      return "upstream";
    case Obstacle::Kind::upstream_refused:
      return "upstream_refused";
    case Obstacle::Kind::upstream_not_fired:
      return "upstream_not_fired";
    case Obstacle::Kind::no_run:
      return "no_run";
    case Obstacle::Kind::moment:
      return "moment";
    case Obstacle::Kind::retry:
      return "retry";
    case Obstacle::Kind::turn:
      return "turn";
    case Obstacle::Kind::giving_way:
      return "giving_way";
    case Obstacle::Kind::queue_paused:
      return "queue_paused";
    case Obstacle::Kind::kept:
      return "kept";
    case Obstacle::Kind::file_lock:
      return "file_lock";
    case Obstacle::Kind::queue_slots:
      return "queue_slots";
    case Obstacle::Kind::breaker:
      return "breaker";
    case Obstacle::Kind::rate:
      return "rate";
    case Obstacle::Kind::resource:
      return "resource";
    case Obstacle::Kind::no_worker:
      return "no_worker";
    case Obstacle::Kind::memory_pressure:
      return "memory_pressure";
    case Obstacle::Kind::slots:
      return "slots";
    case Obstacle::Kind::starting:
      return "starting";
    case Obstacle::Kind::expected:
      return "expected";
    case Obstacle::Kind::deadline:
      return "deadline";
    case Obstacle::Kind::running:
      return "running";
    case Obstacle::Kind::suspended:
      return "suspended";
    case Obstacle::Kind::finished:
      return "finished";
  }
  return "";
}

const char* told(model::Outcome outcome) {
  switch (outcome) {
    case model::Outcome::succeeded:
      return "succeeded";
    case model::Outcome::failed:
      return "failed";
    case model::Outcome::timed_out:
      return "timed out";
    case model::Outcome::cancelled:
      return "was cancelled";
    case model::Outcome::skipped:
      return "was skipped";
    case model::Outcome::missed:
      return "was missed";
    case model::Outcome::lost:
      return "was lost";
  }
  return "";
}

}  // namespace sched::rules
