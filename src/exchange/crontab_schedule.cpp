#include "exchange/crontab_schedule.hpp"

#include "time/cron.hpp"

namespace sched::exchange {

base::Result<std::vector<std::string>> check_schedule(std::string_view schedule) {
  // The name chooses among the values of "a~b" only, and that it is a schedule for any name.
  const auto cron = time::parse_cron(schedule, time::CronDialect::standard, "");
  if (!cron) {
    return cron.error();
  }
  return cron->warnings;
}

}  // namespace sched::exchange
