#include "cli/dead_lines.hpp"

#include "cli/log_reader.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr std::int64_t k_last_lines = 10;
constexpr std::size_t k_bytes_of_line = 1000;

/// Where stderr was kept apart, and has something, it is that which tells what went wrong.
exec::Stream telling_stream(const std::filesystem::path& logs, const model::Run& run) {
  return exec::log_pieces(logs, run.id, run.attempts, exec::Stream::err).head.empty()
             ? exec::Stream::out
             : exec::Stream::err;
}

std::vector<std::string> last_output(const std::filesystem::path& logs, const model::Run& run) {
  LogReader reader(logs, run.id, run.attempts, telling_stream(logs, run));
  reader.skip_to_last(k_last_lines);
  std::vector<std::string> lines;
  bool in_line = false;
  reader.read(
      [&](std::string_view bytes) {
        for (const char byte : bytes) {
          if (!in_line) {
            lines.emplace_back();
          }
          in_line = byte != '\n';
          if (in_line && lines.back().size() < k_bytes_of_line) {
            lines.back() += byte;
          }
        }
      },
      [] {});
  return lines;
}

/// Its dead letters, the latest first.
std::vector<model::RunId> dead_of(store::Store& store, model::TaskId task) {
  store::ListFilter filter;
  filter.dead = true;
  filter.tasks = {task};
  std::vector<model::RunId> runs = store.listing().run_ids(filter);
  if (runs.empty()) {
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("{} has no dead letters", store.tasks().label(task)),
                      "'sched dead list' shows all that there are");
  }
  std::sort(runs.rbegin(), runs.rend());
  return runs;
}

base::Error no_dead_letter(store::Store& store, const model::Run& run) {
  const std::string who =
      fmt::format("{} ({})", store.tasks().label(run.task), model::label(run.id));
  if (run.resolved_at) {
    return base::bad_input(fmt::format("{} was seen to already: {}", who, run.resolution),
                           fmt::format("'sched retry {}' tries it again", model::label(run.id)));
  }
  const char* stands = run.outcome ? model::to_string(*run.outcome) : model::to_string(run.state);
  return base::bad_input(
      fmt::format("{} is {}, it is no dead letter", who, stands),
      "what failed, timed out or was lost is one, until somebody has seen to it");
}

std::vector<model::RunId> dead_of(store::Store& store, const std::string& word) {
  const Target target = select(store, word);
  if (target.task) {
    return dead_of(store, *target.task);
  }
  const model::Run run = store.runs().run(*target.run);
  if (!model::is_dead(run)) {
    throw no_dead_letter(store, run);
  }
  return {run.id};
}

}  // namespace

render::DeadLine dead_line(Session& session, store::RunRow row) {
  render::DeadLine line;
  line.tries = session.store().tasks().task(row.run.task).retry.retries + 1;
  line.output = last_output(session.places().logs(), row.run);
  line.line = line_of(std::move(row));
  return line;
}

store::RunRow select_ended_badly(Session& session, const std::string& word) {
  store::Store& store = session.store();
  const Target target = select(store, word);
  const model::Run run =
      store.runs().run(target.run ? *target.run : dead_of(store, *target.task).front());
  if (!run.outcome || !model::is_failure(*run.outcome)) {
    throw no_dead_letter(store, run);
  }
  return {run, store.tasks().label(run.task)};
}

store::ListFilter dead_filter(Session& session, const ChoiceOptions& options,
                              const std::string& since) {
  store::ListFilter filter = filter_of(options.filter, session);
  filter.dead = true;
  filter.names = options.targets;
  if (!since.empty()) {
    filter.since = session.now() - require("--since", since, time::parse_duration(since));
  }
  return filter;
}

std::vector<model::RunId> choose_dead(Session& session, const ChoiceOptions& options,
                                      const std::string& since) {
  store::Store& store = session.store();
  std::vector<model::RunId> runs;
  if (!chooses_many(options)) {
    for (const std::string& word : options.targets) {
      const auto found = dead_of(store, word);
      runs.insert(runs.end(), found.begin(), found.end());
    }
  } else if (is_stdin(options)) {
    for_each_line([&](const std::string& word) {
      const auto found = dead_of(store, word);
      runs.insert(runs.end(), found.begin(), found.end());
    });
  } else {
    store::ListFilter filter = dead_filter(session, options, since);
    filter.limit = 0;
    runs = store.listing().run_ids(filter);
  }
  sort_and_unite(runs);
  return runs;
}

}  // namespace sched::cli
