#include "rules/backfill.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

bool touches(const Demand& one, const Demand& other) {
  const auto has = [](const auto& parts, std::size_t place) {
    return std::any_of(parts.begin(), parts.end(),
                       [place](const auto& part) { return part.first == place; });
  };
  return std::any_of(one.amounts.begin(), one.amounts.end(),
                     [&](const auto& part) { return has(other.amounts, part.first); }) ||
         std::any_of(one.locks.begin(), one.locks.end(),
                     [&](const auto& part) { return has(other.locks, part.first); });
}

}  // namespace

std::vector<Holding>& Backfill::holdings() {
  if (!holdings_) {
    holdings_ = look_ ? look_() : std::vector<Holding>();
    for (const auto& [demand, length] : fresh_) {
      holdings_->push_back(holding_of(demand, length));
    }
    fresh_.clear();
  }
  return *holdings_;
}

void Backfill::foresee(const Stock& stock, Kept& kept) {
  kept.is_foreseen = true;
  kept.then = stock;
  std::vector<const Holding*> ending;
  for (const Holding& holding : holdings()) {
    if (holding.ends_at) {
      ending.push_back(&holding);
    }
  }
  std::sort(ending.begin(), ending.end(),
            [](const Holding* a, const Holding* b) { return *a->ends_at < *b->ends_at; });
  Stock end = stock;
  for (const Holding& holding : holdings()) {
    end.take(holding.demand, -1);
  }
  if (!end.fits(kept.demand)) {
    // It waits for something outside, for ever perhaps: the rest of what it needs is not idle then.
    kept.demand = stock.missing(kept.demand);
    return;
  }
  Stock then = stock;
  for (const Holding* holding : ending) {
    then.take(holding->demand, -1);
    if (then.fits(kept.demand)) {
      kept.start = std::max(*holding->ends_at, now_);  // One that is overdue may end at any moment.
      kept.then = std::move(then);
      return;
    }
  }
}

bool Backfill::lets_pass(const Stock& stock, Kept& kept, const Demand& demand,
                         const Length& length) {
  if (!touches(kept.demand, demand)) {
    return true;
  }
  if (!kept.is_foreseen) {
    foresee(stock, kept);
    if (!touches(kept.demand, demand)) {
      return true;
    }
  }
  const auto takes = length ? length() : std::nullopt;
  if (takes ? kept.start && now_ + *takes <= *kept.start : kept.eager) {
    return true;
  }
  return kept.then.fits_both(kept.demand, demand);
}

std::optional<time::Instant> Backfill::start_of(const Stock& stock, const Demand& demand) {
  if (stock.fits(demand)) {
    return now_;
  }
  Kept kept;
  kept.demand = demand;
  foresee(stock, kept);
  return kept.start;
}

std::optional<KeptFor> Backfill::waits_for(const Stock& stock, const Demand& demand,
                                           const Length& length) {
  for (Kept& kept : kept_) {
    if (!lets_pass(stock, kept, demand, length)) {
      return KeptFor{kept.run, kept.start};
    }
  }
  return std::nullopt;
}

Holding Backfill::holding_of(const Demand& demand, const Length& length) const {
  const auto takes = length ? length() : std::nullopt;
  return {demand, takes ? std::optional(now_ + *takes) : std::nullopt};
}

void Backfill::started(const Demand& demand, Length length) {
  if (demand.empty()) {
    return;
  }
  if (holdings_) {
    holdings_->push_back(holding_of(demand, length));
  } else {
    fresh_.emplace_back(demand, std::move(length));
  }
}

}  // namespace sched::rules
