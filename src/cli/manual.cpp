#include "base/text.hpp"
#include "cli/manual_page.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct ManualOptions {
  std::string page;
  bool list = false;
};

int manual(Session& session, const ManualOptions& options) {
  const auto pages = manual_pages();
  if (options.list) {
    for (const ManualPage& page : pages) {
      session.print(fmt::format("{}.{}\n", page.name, page.section));
    }
    return 0;
  }
  const std::string name = options.page.empty() ? "sched" : options.page;
  std::vector<std::string> names;
  for (const ManualPage& page : pages) {
    if (page.name == name || page.name == "sched-" + name) {
      session.print(manual_text(page));
      return 0;
    }
    names.push_back(page.command.empty() ? page.name : page.command);
  }
  throw base::Error(base::ErrorKind::invalid_input,
                    fmt::format("there is no page {}", base::quote(options.page)),
                    base::did_you_mean(name, names, base::join(names, ", ")));
}

}  // namespace

void offer_manual(CLI::App& command, Session& session) {
  auto options = std::make_shared<ManualOptions>();
  offer_option(command, "page", options->page, "PAGE",
               "A command, sched-json, sched-policy or sched-time; none: sched(1)");
  offer_flag(command, "--list", options->list, "Name all pages");
  when_chosen(command, [options, &session] { session.exit_code = manual(session, *options); });
}

}  // namespace sched::cli
