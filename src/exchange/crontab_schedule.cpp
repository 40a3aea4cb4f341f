#include "exchange/crontab_schedule.hpp"

#include "base/text.hpp"
#include "time/cron.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {

base::Result<std::vector<std::string>> check_schedule(std::string_view schedule) {
  // Other white space than blanks would be trimmed off the last field, where cron takes offence.
  const auto* control = std::find_if(schedule.begin(), schedule.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control != schedule.end()) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("{} has a control character", base::quote(schedule)),
                       "fields are parted by blanks");
  }
  // The name chooses among the values of "a~b" only, and that it is a schedule for any name.
  const auto cron = time::parse_cron(schedule, time::CronDialect::standard, "");
  if (!cron) {
    return cron.error();
  }
  return cron->warnings;
}

}  // namespace sched::exchange
