#include "worker/recover.hpp"

#include <algorithm>
#include <map>

namespace sched::worker {
namespace {

exec::Ended ended(const model::Claim& claim, model::Ending::Kind kind) {
  model::Ending ending;
  ending.kind = kind;
  return {claim, ending};
}

}  // namespace

Recovered recover(store::Store& store, const std::vector<exec::Roster>& rosters,
                  const std::string& boot_id) {
  std::map<model::LauncherId, std::string> boots;
  for (const store::LauncherRow& row : store.launchers().with_open_attempts()) {
    boots.emplace(row.id, row.boot_id);
  }
  Recovered recovered;
  for (const exec::Roster& roster : rosters) {
    const auto boot = boots.find(roster.launcher);
    const bool of_this_boot = boot == boots.end() || boot->second == boot_id;
    const std::vector<model::Claim> open = store.attempts().open_of(roster.launcher);
    for (const exec::Ended& known : roster.ended) {
      if (std::find(open.begin(), open.end(), known.claim) == open.end()) {
        (roster.alive ? recovered.settled : recovered.over).push_back(known.claim);
      }
    }
    for (const model::Claim& claim : roster.running) {
      if (std::find(open.begin(), open.end(), claim) != open.end()) {
        continue;
      }
      if (roster.alive) {
        recovered.unknown.push_back(claim);
      } else {
        recovered.ends.push_back(ended(claim, model::Ending::Kind::lost));
      }
    }
    for (const model::Claim& claim : open) {
      const auto end = std::find_if(roster.ended.begin(), roster.ended.end(),
                                    [&](const exec::Ended& known) { return known.claim == claim; });
      const bool runs =
          std::find(roster.running.begin(), roster.running.end(), claim) != roster.running.end();
      if (end != roster.ended.end()) {
        recovered.ends.push_back(*end);
      } else if (runs && roster.alive) {
        recovered.adopted.push_back(claim);
      } else if (runs || !of_this_boot || !roster.whole) {
        // The journal may have lost its last pages: nothing is sure any more.
        recovered.ends.push_back(ended(claim, model::Ending::Kind::lost));
      } else {
        recovered.ends.push_back(ended(claim, model::Ending::Kind::not_begun));
      }
    }
  }
  return recovered;
}

std::vector<exec::Ended> lost_without_trace(store::Store& store) {
  std::vector<exec::Ended> lost;
  for (const store::LauncherRow& row : store.launchers().with_open_attempts()) {
    std::error_code failure;
    const bool has_directory =
        std::filesystem::exists(store.places().launchers() / std::to_string(row.id.value), failure);
    if (has_directory) {
      continue;  // Its journal will tell what it can, through take_over().
    }
    for (const model::Claim& claim : store.attempts().open_of(row.id)) {
      lost.push_back(ended(claim, model::Ending::Kind::lost));
    }
  }
  return lost;
}

std::vector<exec::Ended> lost_by_restore(store::Store& store) {
  std::vector<exec::Ended> lost;
  for (const store::LauncherRow& row : store.launchers().with_open_attempts()) {
    for (const model::Claim& claim : store.attempts().open_of(row.id)) {
      lost.push_back(ended(claim, model::Ending::Kind::lost));
      lost.back().ending.cause = model::Ending::Cause::restored;
    }
  }
  return lost;
}

}  // namespace sched::worker
