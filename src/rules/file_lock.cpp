#include "rules/file_lock.hpp"

#include <algorithm>

namespace sched::rules {

time::Duration pause_for_file_lock(time::Duration waited) {
  return std::clamp<time::Duration>(waited / 10, std::chrono::seconds(1), std::chrono::seconds(10));
}

}  // namespace sched::rules
