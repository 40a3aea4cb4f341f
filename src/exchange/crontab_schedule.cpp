#include "exchange/crontab_schedule.hpp"

namespace sched::exchange {

std::optional<base::Error> check_schedule(std::string_view /*schedule*/) {
  return std::nullopt;
}

}  // namespace sched::exchange
