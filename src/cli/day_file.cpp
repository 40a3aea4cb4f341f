#include "cli/day_file.hpp"

#include "cli/text_file.hpp"
#include "exchange/holidays.hpp"

#include <fmt/format.h>

namespace sched::cli {

std::vector<std::chrono::local_days> read_day_file(const std::string& path,
                                                   std::vector<std::string>& warnings) {
  exchange::DaySet set = exchange::parse_holidays(read_text_file(path)).value();
  for (const exchange::Note& note : set.notes) {
    const std::string where = note.line == 0 ? path : fmt::format("{}:{}", path, note.line);
    warnings.push_back(fmt::format("{}: {}", where, note.what));
  }
  return std::move(set.days);
}

}  // namespace sched::cli
