#pragma once

#include "rules/choose.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sched::test {

/// Queues, resources and runs in memory, of which a Chooser says who starts.
struct Market {
  struct Waiting {
    std::int64_t rank = 0;
    model::RunId run;
    std::optional<time::Duration> length;
    bool operator<(const Waiting& other) const {
      return std::pair(rank, run) < std::pair(other.rank, other.run);
    }
  };
  struct Running {
    model::RunId run;
    std::size_t lane = 0;
    int choice = 0;
    time::Instant since{};
    std::optional<time::Duration> length;
  };

  std::vector<model::Queue> queues;
  std::vector<model::Resource> resources;
  std::vector<model::Lane> lanes;  ///< The id is the place, counted from 1.
  std::map<std::size_t, std::set<Waiting>> waiting;
  std::vector<Running> running;
  std::map<model::QueueId, std::map<std::string, model::ShareUse>> uses;
  rules::Outside outside;
  time::Instant now{};
  std::int64_t last_run = 0;
  std::set<model::LaneId> asked;  ///< Whose heads were looked up.

  std::size_t lane(std::int64_t queue, const model::Needs& needs, const std::string& share = {}) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i].queue.value == queue && lanes[i].needs == needs && lanes[i].share == share) {
        return i;
      }
    }
    lanes.push_back({model::LaneId(static_cast<std::int64_t>(lanes.size()) + 1),
                     model::QueueId(queue), needs, share, ""});
    return lanes.size() - 1;
  }
  model::RunId come(std::size_t lane, std::int64_t rank,
                    std::optional<time::Duration> length = std::nullopt) {
    const model::RunId run(++last_run);
    waiting[lane].insert({rank, run, length});
    return run;
  }
  model::RunId runs_already(std::size_t lane, std::optional<time::Duration> length = std::nullopt) {
    const model::RunId run(++last_run);
    running.push_back({run, lane, 0, now, length});
    return run;
  }

  std::vector<model::LaneLoad> loads() const {
    std::map<std::pair<std::size_t, int>, model::LaneLoad> found;
    for (const Running& one : running) {
      model::LaneLoad& load = found[{one.lane, one.choice}];
      load.lane = lanes[one.lane];
      load.choice = one.choice;
      ++load.runs;
      load.taken += now - one.since;
    }
    std::vector<model::LaneLoad> all;
    for (auto& [key, load] : found) {
      all.push_back(load);
    }
    return all;
  }
  rules::Lookup lookup() {
    rules::Lookup lookup;
    lookup.lanes_of = [this](const model::Queue& queue) {
      std::vector<model::Lane> found;
      for (const model::Lane& lane : lanes) {
        if (lane.queue == queue.id) {
          found.push_back(lane);
        }
      }
      return found;
    };
    lookup.heads_of = [this](model::LaneId lane, int limit) {
      asked.insert(lane);
      std::vector<rules::Head> heads;
      for (const Waiting& one : waiting[static_cast<std::size_t>(lane.value - 1)]) {
        if (static_cast<int>(heads.size()) < limit) {
          heads.push_back({one.rank, one.run});
        }
      }
      return heads;
    };
    lookup.uses_of = [this](const model::Queue& queue) { return uses[queue.id]; };
    lookup.outside_of = [this](std::vector<model::Lane>& /*lanes*/,
                               std::vector<model::LaneLoad>& /*loads*/) { return outside; };
    lookup.length_of = [this](model::RunId run) {
      for (const auto& [lane, line] : waiting) {
        for (const Waiting& one : line) {
          if (one.run == run) {
            return one.length;
          }
        }
      }
      for (const Running& one : running) {
        if (one.run == run) {
          return one.length;
        }
      }
      return std::optional<time::Duration>();
    };
    lookup.ends_of = [this](const model::LaneLoad& load) {
      std::vector<std::optional<time::Instant>> ends;
      for (const Running& one : running) {
        if (lanes[one.lane].id == load.lane.id && one.choice == load.choice) {
          ends.push_back(one.length ? std::optional(one.since + *one.length) : std::nullopt);
        }
      }
      return ends;
    };
    return lookup;
  }

  /// One pass: what starts, in order, at most `slots` of them.
  std::vector<model::RunId> pass(int slots = 1000) {
    rules::Chooser chooser(queues, resources, loads(), lookup(), now);
    std::vector<model::RunId> started;
    for (int i = 0; i < slots; ++i) {
      const auto choice = chooser.next();
      if (!choice) {
        break;
      }
      const auto at = static_cast<std::size_t>(choice->lane.value - 1);
      const auto place = std::find_if(waiting[at].begin(), waiting[at].end(),
                                      [&](const Waiting& one) { return one.run == choice->run; });
      const Waiting first = *place;
      waiting[at].erase(place);
      running.push_back({first.run, at, choice->amounts, now, first.length});
      started.push_back(choice->run);
      chooser.start(*choice);
    }
    for (const model::Queue& moved : chooser.moved()) {
      for (model::Queue& queue : queues) {
        queue.turn = queue.id == moved.id ? moved.turn : queue.turn;
      }
    }
    return started;
  }
};

inline model::Queue queue_of(std::int64_t id, int slots = 0, int weight = 1) {
  model::Queue queue;
  queue.id = model::QueueId(id);
  queue.name = "q" + std::to_string(id);
  queue.slots = slots;
  queue.weight = weight;
  return queue;
}

inline model::Needs needs_of(const std::string& amounts, const std::string& lock = {}) {
  model::Needs needs = amounts.empty() ? model::Needs{} : model::parse_needs(amounts).value();
  return lock.empty() ? needs : model::parse_lock(lock, needs).value();
}

/// What each has taken is what its weight says, within 5 %.
inline void check_shares(const std::vector<std::int64_t>& taken, const std::vector<int>& weights) {
  const auto all =
      static_cast<double>(std::accumulate(taken.begin(), taken.end(), std::int64_t{0}));
  const double weight = std::accumulate(weights.begin(), weights.end(), 0);
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const double share = static_cast<double>(taken[i]) / all;
    const double due = weights[i] / weight;
    CAPTURE(i);
    CAPTURE(weights.size());
    CHECK(share > due * 0.95);
    CHECK(share < due * 1.05);
  }
}

}  // namespace sched::test
