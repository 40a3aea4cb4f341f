// The hidden command that completion scripts ask for live words: `sched complete
// tasks|runs|targets|tags|queues|resources|breakers|pages`. It never makes a store, and says
// nothing when there is none or it can't be read.
#include "cli/manual_page.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "os/facts.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

constexpr int k_most_names = 1000;
constexpr int k_most_runs = 100;

std::vector<std::string> task_words(store::Store& store) {
  auto words = store.tasks().names(k_most_names);
  words.emplace_back("last");
  return words;
}

std::vector<std::string> run_words(store::Store& store) {
  store::ListFilter filter;
  filter.limit = k_most_runs;
  std::vector<std::string> words;
  for (const store::RunRow& row : store.listing().runs(filter).rows) {
    words.push_back(model::label(row.run.id));
  }
  return words;
}

std::vector<std::string> words_of(store::Store& store, const std::string& kind) {
  if (kind == "tasks") {
    return task_words(store);
  }
  if (kind == "runs") {
    return run_words(store);
  }
  if (kind == "queues") {
    std::vector<std::string> words;
    for (const model::Queue& queue : store.queues().all()) {
      words.push_back(queue.name);
    }
    return words;
  }
  if (kind == "resources") {
    std::vector<std::string> words;
    for (const model::Resource& resource : store.resources().all()) {
      words.push_back(resource.name);
    }
    return words;
  }
  if (kind == "breakers") {
    std::vector<std::string> words;
    for (const model::Guard& guard : store.guards().all()) {
      if (guard.breaker) {
        words.push_back(model::label(guard));
      }
    }
    return words;
  }
  if (kind == "tags") {
    return store.tasks().tags(k_most_names);
  }
  auto words = task_words(store);
  const auto runs = run_words(store);
  words.insert(words.end(), runs.begin(), runs.end());
  return words;
}

int complete(Session& session, const std::string& kind) {
  if (kind == "pages") {
    for (const ManualPage& page : manual_pages()) {
      session.print((page.command.empty() ? page.name : page.command) + "\n");
    }
    return 0;
  }
  if (!os::find_facts(session.places().database())) {
    return 0;
  }
  try {
    for (const std::string& word : words_of(session.store(), kind)) {
      session.print(word + "\n");
    }
  } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch): nobody reads errors at a Tab.
  }
  return 0;
}

}  // namespace

void offer_complete(CLI::App& command, Session& session) {
  auto kind = std::make_shared<std::string>();
  required(offer_option(command, "kind", *kind, "KIND",
                        "tasks, runs, targets, tags, queues, resources, breakers or pages"));
  when_chosen(command, [kind, &session] { session.exit_code = complete(session, *kind); });
}

}  // namespace sched::cli
