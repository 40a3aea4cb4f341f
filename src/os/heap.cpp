#include "os/heap.hpp"

#include <malloc.h>

namespace sched::os {

void keep_freed_memory() {
#ifdef M_TRIM_THRESHOLD
  constexpr int k_kept = 8 << 20;
  constexpr int k_fetched_at_once = 1 << 20;
  ::mallopt(M_TRIM_THRESHOLD, k_kept);
  ::mallopt(M_TOP_PAD, k_fetched_at_once);
#endif
}

}  // namespace sched::os
