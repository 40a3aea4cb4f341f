#include "exchange/at_spool.hpp"

#include "fuzz.hpp"

#include <algorithm>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(std::min(end + 1, text.size()));
  for (const std::string_view name : {text.substr(0, end), std::string_view("a0001401c2f51e")}) {
    const auto job = exchange::parse_at_job(name, rest);
    if (!job) {
      fuzz::require_readable(job.error());
      continue;
    }
    fuzz::require(rest.ends_with(job->script));
    fuzz::require(time::is_in_range(job->name.at));
    fuzz::require(job->umask.value_or(0) >= 0 && job->umask.value_or(0) <= 0777);
    for (const exchange::Variable& variable : job->environment) {
      fuzz::require(exchange::is_portable_name(variable.name) && variable.name != "PWD");
    }
  }
  return 0;
}
