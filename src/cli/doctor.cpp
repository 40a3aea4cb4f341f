#include "cli/doctor_checks.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"

#include <algorithm>

namespace sched::cli {
namespace {

/// What a check could not get past, unless that is known already.
void tell(Checkup& checkup, const base::Error& error) {
  const auto& known = checkup.health.ailments;
  const bool is_told = std::any_of(known.begin(), known.end(), [](const auto& ailment) {
    return !ailment.fixed &&
           (ailment.kind == "permissions" || ailment.kind == "damage" || ailment.kind == "task");
  });
  if (!is_told) {
    checkup.found("damage", error.message(), error.hint());
  }
}

void examine(Checkup& checkup) {
  check_permissions(checkup);
  check_leftovers(checkup);
  check_disk(checkup);
  check_write_lock(checkup);
  if (!check_database(checkup)) {
    return;
  }
  for (const auto check :
       {check_tasks, check_states, check_launchers, check_logs, check_log_of_writes, check_clock}) {
    try {
      check(checkup, checkup.session.store());
    } catch (const base::Error& error) {
      tell(checkup, error);
    }
  }
}

int doctor(Session& session, bool fix) {
  session.check_existence();
  Checkup checkup{session, session.places(), fix, {}};
  checkup.health.store = checkup.places.directory.string();
  examine(checkup);
  const render::Health& health = checkup.health;
  const bool healthy = std::all_of(health.ailments.begin(), health.ailments.end(),
                                   [](const auto& ailment) { return ailment.fixed; });
  if (session.json) {
    print_json(session, render::to_json(render::health_columns(), health));
  } else {
    session.print(render::to_text(health, view_of(session)));
  }
  return healthy ? 0 : 1;
}

}  // namespace

void offer_doctor(CLI::App& command, Session& session) {
  auto fix = std::make_shared<bool>(false);
  offer_flag(command, "--fix", *fix, "Mend what can be mended without a loss");
  offer_json(command, session);
  when_chosen(command, [fix, &session] { session.exit_code = doctor(session, *fix); });
}

}  // namespace sched::cli
