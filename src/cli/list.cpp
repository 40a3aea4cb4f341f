#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"

#include <memory>

namespace sched::cli {
namespace {

struct ListOptions {
  std::vector<std::string> names;
  FilterOptions filter;
};

int list(Session& session, const ListOptions& options) {
  store::ListFilter filter = filter_of(options.filter, session);
  filter.names = options.names;
  auto page = session.store().listing().tasks(filter);
  const auto lines = lines_of(std::move(page.rows));
  if (session.json) {
    print_json(session, render::to_json_array(render::task_columns(), lines));
    return 0;
  }
  if (lines.empty()) {
    session.note(session.store().listing().task_count() == 0
                     ? "no tasks yet; the first: sched add hello -- echo 'hello, world'"
                     : "no such tasks; 'sched list' shows all");
    return 0;
  }
  session.print(render::to_table(render::task_columns(), lines, view_of(session)));
  note_cut(session, page.more, filter.limit);
  return 0;
}

}  // namespace

void offer_list(CLI::App& command, Session& session) {
  auto options = std::make_shared<ListOptions>();
  offer_option(command, "name", options->names, "TASK", "Names, or patterns such as 'backup-*'");
  offer_filters(command, options->filter);
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = list(session, *options); });
}

}  // namespace sched::cli
