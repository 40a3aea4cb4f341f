#pragma once

#include "model/lane.hpp"
#include "model/queue.hpp"
#include "model/resource.hpp"
#include "rules/backfill.hpp"
#include "rules/guards.hpp"
#include "rules/stock.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::rules {

/// Who is first in a lane.
struct Head {
  std::int64_t rank = 0;
  model::RunId run;
};

/// What a Chooser asks while it goes from queue to queue. It stops as soon as somebody may start,
/// so most is never asked. All but the first two may be left out.
struct Lookup {
  std::function<std::vector<model::Lane>(const model::Queue&)> lanes_of;
  /// The first of a lane, in order, at most so many.
  std::function<std::vector<Head>(model::LaneId, int)> heads_of;
  std::function<std::map<std::string, model::ShareUse>(const model::Queue&)> uses_of;  ///< If fair.
  /// What the needs of these lanes, in which something waits, ask of the machine, and those of what
  /// runs: it says of each path there on which file system it lies.
  std::function<Outside(std::vector<model::Lane>&, std::vector<model::LaneLoad>&)> outside_of;
  std::function<std::optional<time::Duration>(model::RunId)> length_of;  ///< As Length.
  /// What runs of this lane fall under that hold this choice of its needs.
  std::function<std::vector<model::GuardId>(const model::Lane&, int)> guards_of;
  /// When runs of this lane that run will have ended, by history or time limit; empty: unknown.
  std::function<std::vector<std::optional<time::Instant>>(const model::LaneLoad&)> ends_of;
};

/// Who may start next.
struct Choice {
  model::LaneId lane;
  model::RunId run;
  int amounts = 0;  ///< Which choice of its needs it gets.
  std::string queue;
  std::vector<model::GuardId> guards = {};  ///< What it falls under.
  bool goes_on = false;                     ///< It is suspended, and goes on.
};

/// A run in progress: suspended, or one that may have to give way.
struct Standing {
  model::RunId run;
  model::Lane lane;
  int choice = 0;         ///< Which of its needs it has.
  std::int64_t rank = 0;  ///< That it had when it started.
  time::Instant since{};  ///< From when it is suspended, or runs.
};

/// A queued run for which others are being ended: what comes free is its own.
struct Favoured {
  model::RunId run;
  model::LaneId lane;
  model::QueueId queue;
};

/// One that may have to give way, and whether its slot is one of this worker's.
struct Victim {
  Standing standing;
  bool is_ours = false;
};

/// For whom others give way, and which of them, by their places.
struct Displacement {
  Choice choice;
  std::vector<std::size_t> victims;
};

/// Says which run starts next. Limits are asked of lanes before any run is looked at: what is full
/// is never read, so it keeps nobody waiting, however much is in it.
///
/// Queues whose guaranteed slots are not in use go first, then each in its turn; in a queue the
/// share that had the least, then by rank. Whoever is first but lacks something has that kept for
/// it (see Backfill).
class Chooser {
 public:
  Chooser(std::vector<model::Queue> queues, const std::vector<model::Resource>& resources,
          std::vector<model::LaneLoad> loads, Lookup lookup, time::Instant now,
          Allowances allowances = {});
  Chooser(const Chooser&) = delete;
  Chooser& operator=(const Chooser&) = delete;
  Chooser(Chooser&&) = delete;
  Chooser& operator=(Chooser&&) = delete;
  ~Chooser() = default;

  /// These are suspended: they go on in their turn among those that may start; unless `starts`,
  /// nothing else does.
  void may_go_on(std::vector<Standing> suspended, bool starts);

  /// These go before all others, and what they lack is kept for them.
  void favour(const std::vector<Favoured>& favoured);
  std::size_t favoured() const { return favoured_.size(); }
  /// The first of a queue in its order, whether it could start or not.
  std::optional<Choice> first_in(model::QueueId queue);
  /// Which of the victims have to give way so that it can start: the first of them, as few as need
  /// be. Empty: all of them would not do, or none is needed. They give up what one that is
  /// suspended does, and have done so then, if `suspends`; else all, once they have ended.
  /// `has_slot`: a slot of this worker is free.
  std::optional<Displacement> displace(const Choice& first, const std::vector<Victim>& victims,
                                       bool suspends, bool has_slot);

  /// `only_favoured`: nobody else.
  std::optional<Choice> next(bool only_favoured = false);
  /// Who of its queue goes in the place of one that runs, which has given way then. Empty: nobody
  /// could, or it is the turn of one of `elsewhere`: suspended, and only another worker can let it
  /// go on.
  std::optional<Choice> next_in_place_of(const Standing& one,
                                         const std::vector<Standing>& elsewhere = {});
  /// Whether one of this lane could start, as far as slots, resources and named locks go.
  bool could_start(const model::Lane& lane);
  /// It has started: its lane wants a new head.
  void start(const Choice& choice);

  /// For whom a queued run must wait although all that it needs is there.
  std::optional<KeptFor> kept_from(model::LaneId lane, model::RunId run);
  /// When what runs with these needs lack is expected to have come free; empty: nobody knows.
  std::optional<time::Instant> start_of(const model::Needs& needs);
  /// Of how many lanes it was found that nothing is in them.
  std::size_t empty_lanes() const { return empty_lanes_; }
  /// The queues whose turn is another now.
  std::vector<model::Queue> moved() const;

 private:
  struct Place {
    model::Lane lane;
    std::vector<Demand> demands;  ///< Of each of its choices.
    std::vector<std::vector<model::GuardId>> guards;
    std::optional<Head> head;
    bool is_asked = false;  ///< Whether `head` is known.
  };
  /// What a start is worth to a share before it is known what the run takes, so that they
  /// alternate.
  static constexpr double k_start_ms = 1;
  struct Share {
    double used = 0;  ///< For its weight.
    int weight = 1;
  };
  struct Line {
    model::Queue queue;
    std::int64_t running = 0;
    bool moved = false;
    bool is_open = false;    ///< Its places are there.
    bool is_sorted = false;  ///< And in order.
    std::vector<Place> places;
    std::vector<Place*> in_order;  ///< Of them, once sorted.
    std::map<std::string, Share> shares;
    std::vector<Standing> suspended;  ///< In the order in which they go on.
    std::int64_t reserved = 0;        ///< Slots kept for those that are favoured.
  };
  static bool has_slot(const Line& line);
  bool may_start(const Line& line) const;
  Line* line_of(model::QueueId queue);
  const Standing* first_suspended(const Line& line);
  bool is_turn_of(const Standing& other, Line& line);
  void go_on(const Choice& choice);
  std::optional<Choice> next_favoured();
  Place* place_of(Line& line, model::LaneId lane);
  std::optional<int> fitting(const Line& line, const Place& place) const;
  void give_back(const Standing& one, bool suspends, std::int64_t times);
  static bool has_room(const Line& line);
  void sort_lines();
  void open(Line& line);
  void prepare(Line& line);
  void look_outside(std::vector<model::Lane>& lanes);
  void add_shares(Line& line);
  void sort_places(Line& line);
  std::optional<Choice> first_of(Line& line);
  std::optional<Choice> choose(const Line& line, const Place& place, const Head& head);
  /// Keeps what its head needs for it, if that does not fit now.
  void keep_for(const Line& line, const Place& place);
  bool is_permitted(const Place& place) const;
  std::optional<Choice> choose_behind(const Line& line, const Place& place);
  std::vector<Holding> holdings();

  std::vector<Line> lines_;
  std::vector<std::size_t> order_;  ///< Of lines_; empty: to be found anew.
  std::vector<model::LaneLoad> loads_;
  Lookup lookup_;
  time::Instant now_;
  Stock stock_;
  Backfill backfill_;
  Allowances allowances_;
  std::int64_t clock_;
  std::size_t empty_lanes_ = 0;
  bool starts_ = true;
  std::vector<Favoured> favoured_;
  bool has_looked_ = false;  ///< Outside: what runs is counted on its disks.
};

}  // namespace sched::rules
