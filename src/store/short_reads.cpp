#include "store/short_reads.hpp"

#include "os/system_clock.hpp"

#include <chrono>

namespace sched::store {

Database& ShortReads::db() {
  constexpr time::Duration k_at_most = std::chrono::milliseconds(8);
  const time::Duration now = os::monotonic_now();
  if (!moment_ || now - since_ > k_at_most) {
    moment_.reset();
    moment_.emplace(db_);
    since_ = now;
  }
  return db_;
}

}  // namespace sched::store
