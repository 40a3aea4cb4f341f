#pragma once

#include "cli/session.hpp"
#include "render/health_columns.hpp"

namespace sched::cli {

/// What `sched doctor` looks at. Each check adds what it finds to `health`, and where `fix` is set
/// mends what it can without a loss and says so. None throws for what is wrong with the store.
struct Checkup {
  Session& session;
  store::Places places;
  bool fix = false;
  render::Health health;

  void found(std::string kind, std::string what, std::string remedy, bool fixed = false) {
    health.ailments.push_back({std::move(kind), std::move(what), std::move(remedy), fixed});
  }
};

/// At most so many of one kind are told.
inline constexpr int k_most_told = 20;

// Without opening the database.
void check_permissions(Checkup& checkup);
void check_leftovers(Checkup& checkup);
void check_disk(Checkup& checkup);
void check_write_lock(Checkup& checkup);

// The file, as SQLite sees it. false: there is no more to be asked of it.
bool check_database(Checkup& checkup);

// What is in it, and what lies beside it.
void check_states(Checkup& checkup, store::Store& store);
void check_tasks(Checkup& checkup, store::Store& store);
void check_launchers(Checkup& checkup, store::Store& store);
void check_logs(Checkup& checkup, store::Store& store);
void check_log_of_writes(Checkup& checkup, store::Store& store);
void check_clock(Checkup& checkup, store::Store& store);

}  // namespace sched::cli
