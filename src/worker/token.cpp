#include "worker/token.hpp"

#include <random>

namespace sched::worker {

std::int64_t draw_token() {
  static std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return static_cast<std::int64_t>(random() >> 2U) | 1;  // positive, never 0
}

}  // namespace sched::worker
