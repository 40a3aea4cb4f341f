#include "time/posix_rule.hpp"

#include <algorithm>

namespace sched::time {
namespace {

/// Reads one piece after another from the front; once something does not fit, all that follows is
/// refused too.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = take(c) && ok_; }

  /// "CET" or "<+0330>".
  void name() {
    const bool bracketed = take('<');
    std::size_t length = 0;
    while (length < rest_.size() && is_of_name(rest_[length], bracketed)) {
      ++length;
    }
    ok_ = ok_ && length >= 3;
    rest_.remove_prefix(length);
    if (bracketed) {
      expect('>');
    }
  }

  int number(int least, int most) {
    int value = 0;
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9' && length < 4) {
      value = value * 10 + (rest_[length] - '0');
      ++length;
    }
    rest_.remove_prefix(length);
    ok_ = ok_ && length > 0 && value >= least && value <= most;
    return ok_ ? value : least;
  }

  /// "3", "-1" or "10:30:15".
  Duration hours(int most) {
    const bool negative = take('-');
    if (!negative) {
      take('+');
    }
    Duration value = std::chrono::hours(number(0, most));
    if (take(':')) {
      value += std::chrono::minutes(number(0, 59));
      if (take(':')) {
        value += std::chrono::seconds(number(0, 59));
      }
    }
    return negative ? -value : value;
  }

  PosixRule::Date date() {
    PosixRule::Date date;
    if (take('M')) {
      date.month = static_cast<unsigned>(number(1, 12));
      expect('.');
      date.week = static_cast<unsigned>(number(1, 5));
      expect('.');
      date.weekday = static_cast<unsigned>(number(0, 6));
    } else if (take('J')) {
      date.kind = PosixRule::Date::Kind::julian;
      date.day = number(1, 365);
    } else {
      date.kind = PosixRule::Date::Kind::day_of_year;
      date.day = number(0, 365);
    }
    if (take('/')) {
      date.at = hours(167);
    }
    return date;
  }

 private:
  static bool is_of_name(char c, bool bracketed) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit_or_sign = (c >= '0' && c <= '9') || c == '+' || c == '-';
    return letter || (bracketed && digit_or_sign);
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// The local midnight at which the day of a rule begins, as if it were UTC.
std::chrono::sys_days day_of(const PosixRule::Date& date, std::chrono::year year) {
  const std::chrono::sys_days new_year = year / 1 / 1;
  switch (date.kind) {
    case PosixRule::Date::Kind::month_week_day: {
      const std::chrono::weekday weekday(date.weekday);
      const auto month = year / std::chrono::month(date.month);
      return date.week == 5 ? std::chrono::sys_days(month / weekday[std::chrono::last])
                            : std::chrono::sys_days(month / weekday[date.week]);
    }
    case PosixRule::Date::Kind::julian: {
      const bool after_leap_day = year.is_leap() && date.day >= 60;
      return new_year + std::chrono::days(date.day - 1 + (after_leap_day ? 1 : 0));
    }
    case PosixRule::Date::Kind::day_of_year:
      return new_year + std::chrono::days(date.day);
  }
  return new_year;
}

}  // namespace

std::vector<OffsetChange> PosixRule::changes(std::chrono::year year) const {
  if (standard == summer) {
    return {};
  }
  std::vector<OffsetChange> changes = {
      {Instant(day_of(begin, year)) + begin.at - standard, standard, summer},
      {Instant(day_of(end, year)) + end.at - summer, summer, standard}};
  std::sort(changes.begin(), changes.end(),
            [](const OffsetChange& a, const OffsetChange& b) { return a.at < b.at; });
  return changes;
}

std::optional<PosixRule> parse_posix_rule(std::string_view text) {
  Reader reader(text);
  PosixRule rule;
  reader.name();
  rule.standard = -reader.hours(24);  // POSIX counts westward
  rule.summer = rule.standard;
  if (!reader.at_end()) {
    reader.name();
    rule.summer = rule.standard + std::chrono::hours(1);
    if (!reader.take(',')) {
      rule.summer = -reader.hours(24);
      reader.expect(',');
    }
    rule.begin = reader.date();
    reader.expect(',');
    rule.end = reader.date();
  }
  if (!reader.ok() || !reader.at_end()) {
    return std::nullopt;
  }
  return rule;
}

}  // namespace sched::time
