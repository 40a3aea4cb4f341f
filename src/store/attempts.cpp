#include "store/attempts.hpp"

namespace sched::store {
namespace {

model::Ending read_ending(Query& query, int c) {
  model::Ending ending;
  ending.kind = model::parse_ending_kind(query.text(c)).value_or(model::Ending::Kind::lost);
  ending.cause = model::parse_ending_cause(query.text(c + 1)).value_or(model::Ending::Cause::none);
  ending.step = model::parse_ending_step(query.text(c + 2)).value_or(model::Ending::Step::none);
  ending.code = static_cast<int>(query.integer(c + 3));
  ending.started_at = query.instant(c + 4);
  ending.ended_at = query.instant(c + 5);
  ending.elapsed = time::Duration(query.integer(c + 6));
  ending.usage = {query.integer(c + 7), query.integer(c + 8), query.integer(c + 9),
                  query.integer(c + 10), query.integer(c + 11)};
  ending.log_bytes = static_cast<std::uint64_t>(query.integer(c + 12));
  ending.dropped_bytes = static_cast<std::uint64_t>(query.integer(c + 13));
  return ending;
}

}  // namespace

void Attempts::add(const model::Claim& claim, model::LauncherId launcher, time::Instant now) {
  Query(db_,
        "INSERT INTO attempts (run_id, number, token, launcher_id, claimed_at_ms)"
        " VALUES (:run, :number, :token, :launcher, :now)")
      .bind(":run", claim.run.value)
      .bind(":number", claim.attempt)
      .bind(":token", claim.token)
      .bind(":launcher", launcher.value)
      .bind(":now", now)
      .run();
}

bool Attempts::finish(const model::Settlement& settlement) {
  const model::Ending& ending = settlement.ending;
  const auto word_or_null = [](const char* word) {
    return std::string(word) == "none" ? std::string() : std::string(word);
  };
  return Query(db_,
               "UPDATE attempts SET outcome = :outcome, reason = :reason, kind = :kind,"
               " cause = :cause, step = :step, code = :code, started_at_ms = :started,"
               " ended_at_ms = :ended, elapsed_ms = :elapsed, user_us = :user,"
               " system_us = :system, max_rss_bytes = :rss, read_bytes = :read,"
               " write_bytes = :write, log_bytes = :log, dropped_bytes = :dropped"
               " WHERE run_id = :run AND number = :number AND token = :token AND outcome IS NULL")
             .bind(":outcome", model::to_string(settlement.attempt_outcome))
             .bind(":reason", settlement.attempt_reason)
             .bind(":kind", model::to_string(ending.kind))
             .bind_or_null(":cause", word_or_null(model::to_string(ending.cause)))
             .bind_or_null(":step", word_or_null(model::to_string(ending.step)))
             .bind(":code", ending.code)
             .bind(":started", ending.started_at)
             .bind(":ended", ending.ended_at)
             .bind(":elapsed", ending.elapsed.count())
             .bind(":user", ending.usage.user_us)
             .bind(":system", ending.usage.system_us)
             .bind(":rss", ending.usage.max_rss_bytes)
             .bind(":read", ending.usage.read_bytes)
             .bind(":write", ending.usage.write_bytes)
             .bind(":log", static_cast<std::int64_t>(ending.log_bytes))
             .bind(":dropped", static_cast<std::int64_t>(ending.dropped_bytes))
             .bind(":run", settlement.claim.run.value)
             .bind(":number", settlement.claim.attempt)
             .bind(":token", settlement.claim.token)
             .run() == 1;
}

bool Attempts::note_strays(const model::Claim& claim, const std::string& processes) {
  return Query(db_,
               "UPDATE attempts SET strays = :strays"
               " WHERE run_id = :run AND number = :number AND token = :token")
             .bind(":strays", processes)
             .bind(":run", claim.run.value)
             .bind(":number", claim.attempt)
             .bind(":token", claim.token)
             .run() == 1;
}

bool Attempts::remove(const model::Claim& claim) {
  return Query(db_,
               "DELETE FROM attempts WHERE run_id = :run AND number = :number AND token = :token"
               " AND outcome IS NULL")
             .bind(":run", claim.run.value)
             .bind(":number", claim.attempt)
             .bind(":token", claim.token)
             .run() == 1;
}

bool Attempts::is_open(const model::Claim& claim) {
  return Query(db_,
               "SELECT 1 FROM attempts WHERE run_id = :run AND number = :number AND token = :token"
               " AND outcome IS NULL")
      .bind(":run", claim.run.value)
      .bind(":number", claim.attempt)
      .bind(":token", claim.token)
      .step();
}

bool Attempts::exists(model::RunId run, int number) {
  return Query(db_, "SELECT 1 FROM attempts WHERE run_id = :run AND number = :number")
      .bind(":run", run.value)
      .bind(":number", number)
      .step();
}

std::vector<model::Claim> Attempts::open_of(model::LauncherId launcher) {
  Query query(db_, "SELECT a.run_id, a.number, a.token FROM " SCHED_OPEN_ATTEMPTS
                   " AND a.launcher_id = :launcher");
  query.bind(":launcher", launcher.value);
  std::vector<model::Claim> found;
  while (query.step()) {
    found.push_back(
        {model::RunId(query.integer(0)), static_cast<int>(query.integer(1)), query.integer(2)});
  }
  return found;
}

int Attempts::memory_ends(model::RunId run, int after) {
  Query query(db_,
              "SELECT count(*) FROM attempts WHERE run_id = :run AND number > :after"
              " AND cause IN ('memory_limit', 'rss_limit')");
  query.bind(":run", run.value).bind(":after", after).step();
  return static_cast<int>(query.integer(0));
}

std::vector<model::Attempt> Attempts::of_run(model::RunId run) {
  Query query(
      db_,
      "SELECT number, token, launcher_id, claimed_at_ms, outcome, reason, kind, cause, step,"
      " code, started_at_ms, ended_at_ms, elapsed_ms, user_us, system_us, max_rss_bytes,"
      " read_bytes, write_bytes, log_bytes, dropped_bytes, strays"
      " FROM attempts WHERE run_id = :run ORDER BY number");
  query.bind(":run", run.value);
  std::vector<model::Attempt> found;
  while (query.step()) {
    model::Attempt attempt;
    attempt.claim = {run, static_cast<int>(query.integer(0)), query.integer(1)};
    attempt.launcher = model::LauncherId(query.integer(2));
    attempt.claimed_at = query.instant(3);
    attempt.outcome = model::parse_outcome(query.text(4));
    attempt.reason = query.text(5);
    if (attempt.outcome) {
      attempt.ending = read_ending(query, 6);
    }
    attempt.strays = query.text(20);
    found.push_back(std::move(attempt));
  }
  return found;
}

std::vector<time::Duration> Attempts::durations(model::TaskId task, int limit) {
  Query query(db_,
              "SELECT a.elapsed_ms FROM runs AS r JOIN attempts AS a"
              " ON a.run_id = r.id AND a.number = r.attempts"
              " WHERE r.task_id = :task AND a.outcome = 'succeeded'"
              " ORDER BY r.id DESC LIMIT :limit");
  query.bind(":task", task.value).bind(":limit", limit);
  std::vector<time::Duration> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

std::vector<time::Duration> Attempts::recent_durations(int limit) {
  Query query(db_,
              "SELECT elapsed_ms FROM attempts WHERE outcome = 'succeeded'"
              " ORDER BY run_id DESC LIMIT :limit");
  query.bind(":limit", limit);
  std::vector<time::Duration> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

}  // namespace sched::store
