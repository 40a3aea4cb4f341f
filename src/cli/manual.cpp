#include "base/text.hpp"
#include "cli/manual_page.hpp"
#include "cli/offers.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

int manual(Session& session, const std::string& page) {
  const auto names = manual_pages();
  const std::string name = page.empty() ? "sched" : page;
  for (const ManualPage& known : names) {
    if (known.name == name || known.name == "sched-" + name) {
      session.print(manual_text(known));
      return 0;
    }
  }
  std::vector<std::string> words;
  for (const ManualPage& known : names) {
    words.push_back(known.name);
  }
  if (name == "--list" || name == "list-pages") {
    for (const ManualPage& known : names) {
      session.print(fmt::format("{}.{}\n", known.name, known.section));
    }
    return 0;
  }
  throw base::Error(base::ErrorKind::invalid_input,
                    fmt::format("there is no page {}", base::quote(page)),
                    base::did_you_mean(name, words, base::join(words, ", ")));
}

}  // namespace

void offer_manual(CLI::App& command, Session& session) {
  auto page = std::make_shared<std::string>();
  command.add_option("page", *page, "A command, or sched-json, sched-time; none: sched(1)")
      ->type_name("PAGE");
  command.callback([page, &session] { session.exit_code = manual(session, *page); });
}

}  // namespace sched::cli
