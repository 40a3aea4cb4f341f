#include "base/error.hpp"
#include "cli/choice.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/retry_runs.hpp"
#include "cli/select.hpp"

#include <memory>

namespace sched::cli {
namespace {

struct RetryOptions {
  ChoiceOptions choice;
  std::vector<std::string> edits;
  bool downstream = false;
};

int retry(Session& session, const RetryOptions& options) {
  if (chooses_many(options.choice)) {
    if (!options.edits.empty()) {
      throw base::bad_input("--edit changes tasks that are named one by one",
                            "change them with 'sched edit' first");
    }
    return retry_chosen(session, choose_failed(session, options.choice), options.downstream);
  }
  const TaskChange change = read_edits(options.edits);
  std::vector<model::RunId> runs;
  for (const std::string& target : options.choice.targets) {
    runs.push_back(select_run(session.store(), target).id);
  }
  retry_named(session, runs, change, options.downstream);
  return 0;
}

}  // namespace

void offer_retry(CLI::App& command, Session& session) {
  auto options = std::make_shared<RetryOptions>();
  offer_choice(command, options->choice, "TARGET",
               "Tasks (their newest run), patterns or runs (run-17) that ended badly, or - for "
               "stdin",
               ChoiceFilters::outcomes);
  offer_flag(command, "--downstream", options->downstream,
             "Let what was skipped because of them wait again too");
  offer_option(command, "--edit", options->edits, "FIELD=VALUE",
               "Change the task first: timeout=2h, retries=3");
  when_chosen(command, [options, &session] { session.exit_code = retry(session, *options); });
}

}  // namespace sched::cli
