#include "exchange/crontab.hpp"

#include "exchange/crontab_percent.hpp"
#include "exchange/crontab_schedule.hpp"
#include "exchange/crontab_writer.hpp"
#include "fuzz.hpp"

#include <algorithm>

namespace {

using namespace sched;

void require_whole(const exchange::Crontab& crontab, std::string_view text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const exchange::Note& note : crontab.notes) {
    fuzz::require(!note.what.empty() && note.line >= 1 && note.line <= lines);
    fuzz::require(std::all_of(note.what.begin(), note.what.end(), [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    }));
  }
  for (const exchange::CrontabJob& job : crontab.jobs) {
    fuzz::require(exchange::check_schedule(job.schedule).ok());
    fuzz::require(job.command.find('\n') == std::string::npos);
    fuzz::require(exchange::find_variable(job.environment, "LOGNAME") == nullptr);
    fuzz::require(job.random_delay_minutes() >= 0 && job.random_delay_minutes() <= 1440);
  }
}

/// What was read and can be written is read again.
void require_comes_back(const exchange::Crontab& crontab, exchange::CrontabFormat format) {
  const exchange::Written written = exchange::to_crontab(crontab.jobs, format);
  const exchange::Crontab again = exchange::parse_crontab(written.text, format);
  const auto refused = std::count_if(
      written.notes.begin(), written.notes.end(),
      [](const exchange::Note& note) { return note.kind == exchange::Note::Kind::refused; });
  fuzz::require(again.jobs.size() + static_cast<std::size_t>(refused) == crontab.jobs.size());
  if (!written.notes.empty()) {
    return;
  }
  for (std::size_t i = 0; i < again.jobs.size(); ++i) {
    const exchange::CrontabJob& job = again.jobs[i];
    const exchange::CrontabJob& before = crontab.jobs[i];
    fuzz::require(job.schedule == before.schedule && job.user == before.user);
    fuzz::require(job.command == before.command && job.input == before.input);
    fuzz::require(job.zone() == before.zone() && job.mail_to() == before.mail_to());
    fuzz::require(job.random_delay_minutes() == before.random_delay_minutes());
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  for (const auto format : {exchange::CrontabFormat::user, exchange::CrontabFormat::system}) {
    const exchange::Crontab crontab = exchange::parse_crontab(text, format);
    require_whole(crontab, text);
    require_comes_back(crontab, format);
  }
  const auto split = exchange::split_percent(text);
  if (const auto joined = exchange::join_percent(split)) {
    fuzz::require(exchange::split_percent(*joined) == split);
  }
  const exchange::Variable variable{"A", std::string(text)};
  if (const auto line = exchange::write_assignment(variable)) {
    fuzz::require(exchange::read_assignment(*line) == variable);
    fuzz::require(line->find('\n') == std::string::npos);
  }
  return 0;
}
