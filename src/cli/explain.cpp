#include "rules/explain.hpp"

#include "cli/obstacles.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"
#include "render/safe_text.hpp"

#include <fmt/format.h>

#include <memory>

namespace sched::cli {
namespace {

struct ExplainOptions {
  std::string target;
};

int explain(Session& session, const ExplainOptions& options) {
  store::Store& store = session.store();
  const Target target = select(store, options.target);
  const auto run =
      target.run ? store.runs().find(*target.run) : store.runs().newest_of(*target.task);
  const model::Task task = store.tasks().task(run ? run->task : *target.task);
  const auto obstacles = lines_of(rules::explain(explain_facts(session, task, run)));
  if (session.json) {
    print_json(session, render::to_json_array(render::obstacle_columns(), obstacles));
    return 0;
  }
  const render::View view = view_of(session);
  std::string head = view.style.paint(render::Tone::strong, render::safe(model::label(task)));
  if (run) {
    const render::Cell state = render::state_cell(*run);
    head +=
        fmt::format(", {}: {}", model::label(run->id), view.style.paint(state.tone, state.text));
  }
  session.print(head + "\n" + render::to_text(obstacles, view));
  return 0;
}

}  // namespace

void offer_explain(CLI::App& command, Session& session) {
  auto options = std::make_shared<ExplainOptions>();
  required(offer_option(command, "target", options->target, "TARGET",
                        "A run, or the newest of this task"));
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = explain(session, *options); });
}

}  // namespace sched::cli
