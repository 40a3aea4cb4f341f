#pragma once

#include "model/ids.hpp"
#include "rules/stock.hpp"
#include "time/instant.hpp"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace sched::rules {

/// A run that runs: what it holds, and until when, by its history or its time limit.
struct Holding {
  Demand demand;
  std::optional<time::Instant> ends_at;
};

/// For whom something is kept, and when that is expected to start; empty: nobody knows.
struct KeptFor {
  model::RunId run;
  std::optional<time::Instant> start;
};

/// How long a run will take at most, by its history or its time limit; empty: nobody knows.
using Length = std::function<std::optional<time::Duration>()>;

/// Keeps what is free for whoever goes first but lacks something, so that small runs never keep a
/// large one waiting. One behind may take of it where that does not put off the expected start of
/// the first: it will have ended by then, or leaves enough. What nobody knows the length of waits.
class Backfill {
 public:
  /// `holdings` is asked for when it is needed, once.
  Backfill(time::Instant now, std::function<std::vector<Holding>()> holdings)
      : now_(now), look_(std::move(holdings)) {}

  void clear() { kept_.clear(); }
  /// For one that does not fit. `eager`: what nobody knows the length of need not wait for it.
  void keep(const Demand& demand, model::RunId run, bool eager) {
    kept_.push_back({demand, run, eager, false, {}, {}});
  }
  /// For whom one must wait, the first of them; empty: it may pass.
  std::optional<KeptFor> waits_for(const Stock& stock, const Demand& demand, const Length& length);
  /// When what it lacks is expected to have come free; empty: nobody knows.
  std::optional<time::Instant> start_of(const Stock& stock, const Demand& demand);
  /// What it takes is taken from the stock already.
  void started(const Demand& demand, Length length);

 private:
  struct Kept {
    Demand demand;
    model::RunId run;
    bool eager = false;
    bool is_foreseen = false;
    std::optional<time::Instant> start;
    Stock then;  ///< What is left when it starts, itself not counted.
  };
  bool lets_pass(const Stock& stock, Kept& kept, const Demand& demand, const Length& length);
  void foresee(const Stock& stock, Kept& kept);
  std::vector<Holding>& holdings();
  Holding holding_of(const Demand& demand, const Length& length) const;

  time::Instant now_;
  std::function<std::vector<Holding>()> look_;
  std::optional<std::vector<Holding>> holdings_;
  /// Started before anybody asked for the others; how long they take is asked then.
  std::vector<std::pair<Demand, Length>> fresh_;
  std::vector<Kept> kept_;
};

}  // namespace sched::rules
