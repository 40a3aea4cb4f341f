#include "exchange/crontab.hpp"

#include "base/text.hpp"
#include "exchange/crontab_advice.hpp"
#include "exchange/crontab_percent.hpp"
#include "exchange/crontab_schedule.hpp"

#include <fmt/format.h>

#include <utility>

namespace sched::exchange {
namespace {

/// Reads line by line, and remembers what the lines above have set.
class CrontabReader {
 public:
  explicit CrontabReader(CrontabFormat format) : format_(format) {}

  void read(int line, std::string_view text) {
    const std::string comment = std::exchange(comment_, {});
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) {
      return;
    }
    if (text[start] == '#') {
      comment_ = base::trim(text.substr(start + 1));
      return;
    }
    if (text.find('\0') != std::string_view::npos || !base::is_utf8(text)) {
      refuse(line, "the line is not UTF-8 text");
    } else if (auto variable = read_assignment(text)) {
      assign({line, *variable, is_portable_name(variable->name)});
    } else {
      read_job(line, text, comment);
    }
  }

  void note(int line, Note::Kind kind, std::string what) {
    crontab_.notes.push_back({line, kind, std::move(what)});
  }
  Crontab take() { return std::move(crontab_); }

 private:
  void refuse(int line, std::string why) { note(line, Note::Kind::refused, std::move(why)); }

  void assign(const CrontabAssignment& assignment) {
    crontab_.assignments.push_back(assignment);
    const Note& advice = crontab_.notes.emplace_back(advise(assignment));
    const std::string& name = assignment.variable.name;
    if (name == "CRON_TZ") {
      bad_zone_line_ = advice.kind == Note::Kind::refused ? assignment.line : 0;
    }
    if (name != "LOGNAME" && name != "USER") {
      set_variable(environment_, assignment.variable);
    }
  }

  void read_job(int line, std::string_view text, const std::string& comment) {
    const auto parts = read_job_line(text, format_);
    if (!parts) {
      refuse(line, parts.error().on_one_line());
      return;
    }
    const auto warnings = check_schedule(parts->schedule);
    if (!warnings) {
      refuse(line, warnings.error().on_one_line());
      return;
    }
    if (bad_zone_line_ != 0) {
      refuse(line, fmt::format("its zone, set in line {}, is not known", bad_zone_line_));
      return;
    }
    CommandText command = split_percent(parts->text);
    CrontabJob job{line,
                   parts->schedule,
                   parts->user,
                   std::move(command.command),
                   std::move(command.input),
                   environment_,
                   parts->quiet || parts->flags.find('q') != std::string::npos,
                   parts->flags.find('n') != std::string::npos,
                   base::is_utf8(comment) ? comment : ""};
    for (Note& advice : advise(job, parts->text)) {
      crontab_.notes.push_back(std::move(advice));
    }
    for (const std::string& warning : *warnings) {
      note(line, Note::Kind::taken, warning);
    }
    if (parts->flags.find('s') != std::string::npos) {
      note(line, Note::Kind::ignored, "-s (one at a time) is a matter of the overlap policy here");
    }
    crontab_.jobs.push_back(std::move(job));
  }

  CrontabFormat format_;
  Crontab crontab_;
  std::vector<Variable> environment_;
  std::string comment_;  // that the line before was
  int bad_zone_line_ = 0;
};

}  // namespace

std::optional<std::string> CrontabJob::setting(std::string_view name) const {
  const std::string* value = find_variable(environment, name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::string> CrontabJob::zone() const {
  const auto zone = setting("CRON_TZ");
  return zone && zone->empty() ? std::nullopt : zone;
}

int CrontabJob::random_delay_minutes() const {
  const auto delay = setting("RANDOM_DELAY");
  return delay ? read_random_delay(*delay).value_or(0) : 0;
}

Crontab parse_crontab(std::string_view text, CrontabFormat format) {
  CrontabReader reader(format);
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(k_byte_order_mark)) {
    text.remove_prefix(k_byte_order_mark.size());
    reader.note(1, Note::Kind::changed, "the byte order mark is left out; cron would refuse it");
  }
  bool said_crlf = false;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string_view content = text.substr(0, end);
    if (content.ends_with('\r')) {
      content.remove_suffix(1);
      if (!said_crlf) {
        reader.note(line, Note::Kind::changed,
                    "lines end in CR LF; the CR, which cron would hand to the shell, is left out");
        said_crlf = true;
      }
    }
    reader.read(line, content);
    if (end == std::string_view::npos) {
      reader.note(line, Note::Kind::changed,
                  "a line break at the end is added; cron would ignore this line or the file");
      break;
    }
    text.remove_prefix(end + 1);
  }
  return reader.take();
}

}  // namespace sched::exchange
