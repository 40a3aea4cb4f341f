#include "rules/admission.hpp"

namespace sched::rules {

std::size_t free_slots(std::size_t slots, std::size_t running) {
  return running >= slots ? 0 : slots - running;
}

}  // namespace sched::rules
