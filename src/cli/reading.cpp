#include "cli/reading.hpp"

#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/queues.hpp"
#include "render/safe_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sched::cli {
namespace {

constexpr int k_rows_for_eyes = 50;
constexpr std::int64_t k_most_rows = 1'000'000'000;

template <typename Word, typename Parse>
std::vector<Word> parse_words(const std::string& option, const std::vector<std::string>& words,
                              const std::vector<Word>& all, const std::string& otherwise,
                              Parse parse) {
  std::vector<std::string> known;
  std::transform(all.begin(), all.end(), std::back_inserter(known),
                 [](Word word) { return model::to_string(word); });
  std::vector<Word> result;
  for (const std::string& word : words) {
    const auto parsed = parse(word);
    if (!parsed) {
      throw base::Error(
          base::ErrorKind::invalid_input,
          fmt::format("{} {}: not one of {}", option, base::quote(word), base::join(known, ", ")),
          base::did_you_mean(word, known, otherwise));
    }
    result.push_back(*parsed);
  }
  return result;
}

/// The way out for one who took a word of one option for one of the other.
std::string other_option(const std::vector<std::string>& words, bool is_state) {
  for (const std::string& word : words) {
    if (is_state && model::parse_outcome(word)) {
      return fmt::format("that is how a run ended: --outcome {}", word);
    }
    if (!is_state && model::parse_run_state(word)) {
      return fmt::format("that is where a run stands: --state {}", word);
    }
  }
  return {};
}

}  // namespace

render::View view_of(const Session& session) {
  return {session.now(), session.width(), render::Style(session.colour())};
}

void print_json(Session& session, const base::Json& json) {
  const std::string text = base::to_pretty_text(json) + "\n";
  session.print(session.out_is_terminal() ? render::safe_json(text) : text);
}

render::RunLine line_of(store::RunRow row) {
  return {std::move(row.run), std::move(row.task)};
}

render::TaskLine line_of(store::TaskRow row) {
  render::TaskLine line;
  line.id = row.id;
  line.label = std::move(row.label);
  line.command = std::move(row.command);
  line.trigger = row.trigger;
  line.queue = std::move(row.queue);
  line.priority = row.priority;
  line.paused = row.paused;
  line.tags = std::move(row.tags);
  line.created_at = row.created_at;
  line.next_at = row.next_at;
  line.run = std::move(row.run);
  return line;
}

std::vector<render::RunLine> lines_of(std::vector<store::RunRow> rows) {
  std::vector<render::RunLine> lines;
  lines.reserve(rows.size());
  for (store::RunRow& row : rows) {
    lines.push_back(line_of(std::move(row)));
  }
  return lines;
}

std::vector<render::TaskLine> lines_of(std::vector<store::TaskRow> rows) {
  std::vector<render::TaskLine> lines;
  lines.reserve(rows.size());
  for (store::TaskRow& row : rows) {
    lines.push_back(line_of(std::move(row)));
  }
  return lines;
}

void offer_filters(CLI::App& command, FilterOptions& options) {
  offer_option(command, "--state", options.states, "STATE",
               "Only what is waiting, queued, running, held or finished");
  offer_option(command, "--outcome", options.outcomes, "OUTCOME",
               "Only what succeeded, failed, or was timed_out, cancelled, skipped, missed, lost");
  offer_option(command, "--tag", options.tags, "TAG", "Only tasks with this tag");
  offer_option(command, "--queue", options.queues, "QUEUE", "Only tasks of this queue");
  offer_option(command, "-n,--limit", options.limit, "N",
               "Show at most this many; 0 is all (default: 50, with --json all)");
}

store::ListFilter filter_of(const FilterOptions& options, Session& session) {
  store::ListFilter filter;
  filter.states = parse_words("--state", options.states, model::all_run_states(),
                              other_option(options.states, true), model::parse_run_state);
  filter.outcomes = parse_words("--outcome", options.outcomes, model::all_outcomes(),
                                other_option(options.outcomes, false), model::parse_outcome);
  filter.tags = options.tags;
  for (const std::string& word : options.queues) {
    filter.queues.push_back(select_queue(session.store(), word).id);
  }
  filter.limit = session.json ? 0 : k_rows_for_eyes;
  if (!options.limit.empty()) {
    filter.limit = static_cast<int>(number("--limit", options.limit, 0, k_most_rows));
  }
  return filter;
}

void note_cut(Session& session, bool cut, int limit) {
  if (cut) {
    session.note(fmt::format("the newest {} only: --limit 0 shows all", limit));
  }
}

}  // namespace sched::cli
