#include "cli/choice.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace sched::cli {
namespace {

bool has_filter(const ChoiceOptions& options) {
  return options.all || !options.filter.states.empty() || !options.filter.outcomes.empty() ||
         !options.filter.tags.empty() || !options.filter.queues.empty();
}

store::ListFilter filter_for(Session& session, const ChoiceOptions& options) {
  store::ListFilter filter = filter_of(options.filter, session);
  filter.limit = 0;
  filter.names = options.targets;
  return filter;
}

}  // namespace

bool is_stdin(const ChoiceOptions& options) {
  return options.targets.size() == 1 && options.targets.front() == "-";
}

bool is_pattern(const std::string& word) {
  return word.find_first_of("*?[") != std::string::npos;  // No name of a task has one of these.
}

void for_each_line(const std::function<void(const std::string&)>& take) {
  std::string line;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    const std::string word(base::trim(line));
    if (word.empty()) {
      continue;
    }
    try {
      take(word);
    } catch (const base::Error& error) {
      throw base::Error(
          error.kind(), fmt::format("stdin:{}: {}", number, error.message()),
          error.hint().empty() ? "nothing was changed" : error.hint() + "; nothing was changed");
    }
  }
}

void offer_choice(CLI::App& command, ChoiceOptions& options, const char* type, const char* help,
                  ChoiceFilters filters) {
  offer_targets(command, options.targets, type, help);
  offer_option(command, "--tag", options.filter.tags, "TAG", "All with this tag");
  offer_option(command, "--queue", options.filter.queues, "QUEUE", "All of this queue");
  if (filters != ChoiceFilters::outcomes) {
    offer_option(command, "--state", options.filter.states, "STATE",
                 filters == ChoiceFilters::both ? "All whose newest run is in this state"
                                                : "All that are waiting, queued, running or held");
  }
  if (filters != ChoiceFilters::states) {
    offer_option(command, "--outcome", options.filter.outcomes, "OUTCOME",
                 "All whose newest run ended so: failed, timed_out, ...");
  }
  offer_flag(command, "--all", options.all, "All that there are");
}

bool chooses_many(const ChoiceOptions& options) {
  if (options.targets.empty() && !has_filter(options)) {
    throw base::bad_input("nothing says which ones are meant",
                          "name them, choose with --tag, --state or --all, or give - for stdin");
  }
  if (!is_stdin(options) &&
      std::find(options.targets.begin(), options.targets.end(), "-") != options.targets.end()) {
    throw base::bad_input("- stands for all that is meant",
                          "write the others on lines of stdin too");
  }
  if (is_stdin(options) && has_filter(options)) {
    throw base::bad_input("- and a filter exclude each other",
                          "'sched list' and 'sched runs' filter what you hand over");
  }
  return has_filter(options) || is_stdin(options) ||
         std::any_of(options.targets.begin(), options.targets.end(), is_pattern);
}

std::vector<model::RunId> choose_unfinished(Session& session, const ChoiceOptions& options) {
  store::Store& store = session.store();
  std::vector<model::RunId> runs;
  if (is_stdin(options)) {
    for_each_line([&](const std::string& word) {
      const auto found = select_unfinished(store, word);
      runs.insert(runs.end(), found.begin(), found.end());
    });
  } else {
    store::ListFilter filter = filter_for(session, options);
    if (filter.states.empty()) {
      filter.states = {model::RunState::waiting, model::RunState::queued, model::RunState::running,
                       model::RunState::held};
    }
    runs = store.listing().run_ids(filter);
  }
  sort_and_unite(runs);
  return runs;
}

std::vector<model::RunId> choose_failed(Session& session, const ChoiceOptions& options) {
  store::Store& store = session.store();
  std::vector<model::RunId> runs;
  if (is_stdin(options)) {
    for_each_line([&](const std::string& word) { runs.push_back(select_run(store, word).id); });
  } else {
    store::ListFilter filter = filter_for(session, options);
    if (filter.outcomes.empty()) {
      filter.outcomes = {model::Outcome::failed, model::Outcome::timed_out, model::Outcome::lost};
    }
    runs = store.listing().newest_run_ids(filter);
  }
  sort_and_unite(runs);
  return runs;
}

std::vector<model::TaskId> choose_tasks(Session& session, const ChoiceOptions& options) {
  store::Store& store = session.store();
  std::vector<model::TaskId> tasks;
  if (is_stdin(options)) {
    for_each_line([&](const std::string& word) { tasks.push_back(select_task(store, word)); });
  } else {
    tasks = store.listing().task_ids(filter_for(session, options));
  }
  sort_and_unite(tasks);
  std::reverse(tasks.begin(), tasks.end());
  return tasks;
}

}  // namespace sched::cli
