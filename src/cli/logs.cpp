#include "cli/follow.hpp"
#include "cli/log_output.hpp"
#include "cli/log_reader.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "render/log_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace sched::cli {
namespace {

struct LogsOptions {
  std::string target;
  std::string attempt;
  std::string tail;
  bool follow = false;
  bool errors = false;
};

FollowOptions read_options(Session& session, const LogsOptions& options) {
  FollowOptions wanted;
  constexpr std::int64_t k_most = std::numeric_limits<int>::max();
  if (!options.attempt.empty()) {
    wanted.attempt = static_cast<int>(number("--attempt", options.attempt, 1, k_most));
  }
  if (!options.tail.empty()) {
    wanted.tail = number("--tail", options.tail, 0, k_most);
  }
  if (options.follow && session.json) {
    throw base::Error(base::ErrorKind::invalid_input, "--json and --follow contradict each other",
                      "a program that follows reads the bytes: leave --json out");
  }
  wanted.stream = options.errors ? exec::Stream::err : exec::Stream::out;
  wanted.target = select(session.store(), options.target);
  return wanted;
}

int attempt_of(const model::Run& run, const FollowOptions& options) {
  if (options.attempt.value_or(0) > run.attempts) {
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("{} has no attempt {}", model::label(run.id), *options.attempt),
                      run.attempts == 0 ? "it has not started yet"
                                        : fmt::format("its last one is {}", run.attempts));
  }
  return options.attempt.value_or(run.attempts);
}

std::uint64_t dropped_bytes(store::Store& store, model::RunId run, int attempt) {
  for (const model::Attempt& one : store.attempts().of_run(run)) {
    if (one.claim.attempt == attempt && one.ending) {
      return one.ending->dropped_bytes;
    }
  }
  return 0;
}

void print_as_json(Session& session, LogReader& reader, render::LogLine line) {
  reader.read([&](std::string_view bytes) { line.text += bytes; }, [] {});
  print_json(session, render::to_json_array(render::log_columns(), std::vector{line}));
}

/// What there is to say about a log in which nothing was found.
std::string nothing_there(const model::Run& run, const FollowOptions& options) {
  if (run.attempts == 0) {
    return fmt::format("{} has not started: sched explain {}", model::label(run.id),
                       model::label(run.id));
  }
  const bool err = options.stream == exec::Stream::err;
  return fmt::format("{} has {} nothing{}", model::label(run.id),
                     run.outcome ? "written" : "so far written",
                     err ? " to a stderr of its own (--split-output)" : "");
}

int print_log(Session& session, const model::Run& run, const FollowOptions& options) {
  const int attempt = attempt_of(run, options);
  const auto& logs = session.places().logs();
  LogReader reader(logs, run.id, attempt, options.stream);
  if (options.tail) {
    reader.skip_to_last(*options.tail);
  }
  const std::uint64_t dropped = dropped_bytes(session.store(), run.id, attempt);
  if (session.json) {
    const bool err = options.stream == exec::Stream::err;
    print_as_json(session, reader, {run.id, attempt, err ? "stderr" : "stdout", "", dropped});
    return 0;
  }
  LogOutput output(session);
  bool told = false;
  const auto tell_gap = [&] {
    output.flush();
    session.note(dropped > 0 ? fmt::format("[... {} bytes dropped ...]", dropped)
                             : "[... bytes dropped ...]");
    told = true;
  };
  const bool any = reader.read(output.sink(), tell_gap);
  output.flush();
  if (dropped > 0 && !told) {
    tell_gap();
  }
  const auto pieces = exec::log_pieces(logs, run.id, attempt, options.stream);
  if (!any && pieces.head.empty()) {
    session.note(nothing_there(run, options));
  }
  if (options.stream == exec::Stream::out &&
      !exec::log_pieces(logs, run.id, attempt, exec::Stream::err).head.empty()) {
    session.note(
        fmt::format("its stderr is kept apart: sched logs --stderr {}", model::label(run.id)));
  }
  return 0;
}

int logs(Session& session, const LogsOptions& options) {
  const FollowOptions wanted = read_options(session, options);
  if (options.follow) {
    return follow(session, wanted);
  }
  return print_log(session, select_run(session.store(), options.target), wanted);
}

}  // namespace

void offer_logs(CLI::App& command, Session& session) {
  auto options = std::make_shared<LogsOptions>();
  required(offer_option(command, "target", options->target, "TARGET",
                        "A run, or the newest of this task"));
  offer_flag(command, "-f,--follow", options->follow,
             "Go on with what it writes, over all attempts, until it has ended");
  offer_option(command, "--attempt", options->attempt, "N",
               "Only this attempt (default: the last)");
  offer_option(command, "-n,--tail", options->tail, "N", "Only the last lines of what is there");
  offer_flag(command, "--stderr", options->errors,
             "What it wrote to stderr, when its task has --split-output");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = logs(session, *options); });
}

}  // namespace sched::cli
