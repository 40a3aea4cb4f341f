#include "exec/backlog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::exec {

void Backlog::set_room(int width, std::set<int> taken) {
  width_ = width;
  taken_ = std::move(taken);
}

void Backlog::add(const Launch& launch, time::Duration now) {
  line_.push_back({launch, now + k_patience});
}

int Backlog::free_slot() const {
  std::set<int> in_use = taken_;
  for (const auto& [claim, slot] : slots_) {
    in_use.insert(slot);
  }
  int slot = 1;
  while (in_use.contains(slot)) {
    ++slot;
  }
  return slot;
}

void Backlog::take_slot(const model::Claim& claim) {
  slots_.try_emplace(claim, free_slot());
}

std::optional<Launch> Backlog::next() {
  if (line_.empty() || slots_.size() >= static_cast<std::size_t>(width_)) {
    return std::nullopt;
  }
  const int slot = free_slot();
  Launch launch = std::move(line_.front().launch);
  line_.pop_front();
  slots_[launch.claim] = slot;
  launch.environment.push_back(fmt::format("SCHED_SLOT={}", slot));
  return launch;
}

void Backlog::free(const model::Claim& claim) {
  slots_.erase(claim);
}

bool Backlog::remove(const model::Claim& claim) {
  return std::erase_if(line_, [&](const Waiting& one) { return one.launch.claim == claim; }) > 0;
}

std::vector<model::Claim> Backlog::remove_late(time::Duration now) {
  std::vector<model::Claim> late;
  while (!line_.empty() && line_.front().until <= now) {
    late.push_back(line_.front().launch.claim);
    line_.pop_front();
  }
  return late;
}

std::vector<model::Claim> Backlog::remove_all() {
  return remove_late(time::Duration::max());
}

bool Backlog::contains(const model::Claim& claim) const {
  return std::any_of(line_.begin(), line_.end(),
                     [&](const Waiting& one) { return one.launch.claim == claim; });
}

std::optional<time::Duration> Backlog::next_moment() const {
  return line_.empty() ? std::nullopt : std::optional(line_.front().until);
}

int Backlog::slot_of(const model::Claim& claim) const {
  const auto found = slots_.find(claim);
  return found == slots_.end() ? 0 : found->second;
}

std::vector<model::Claim> Backlog::waiting() const {
  std::vector<model::Claim> claims;
  for (const Waiting& one : line_) {
    claims.push_back(one.launch.claim);
  }
  return claims;
}

}  // namespace sched::exec
