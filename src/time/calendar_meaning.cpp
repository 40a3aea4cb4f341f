#include "time/calendar_meaning.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <utility>
#include <vector>

namespace sched::time {
namespace {

using Match = std::match_results<std::string_view::const_iterator>;

struct Shorthand {
  std::string_view word;
  std::string_view meaning;
};

// With "anually", as systemd has it. What stands for midnight names no time, so that it covers
// whole days as an exclusion.
constexpr std::array k_shorthands = {
    Shorthand{"minutely", "*:*"},         Shorthand{"hourly", "*:0"},
    Shorthand{"daily", "*-*-*"},          Shorthand{"weekly", "Mon"},
    Shorthand{"monthly", "*-*-1"},        Shorthand{"quarterly", "*-1,4,7,10-1"},
    Shorthand{"semiannually", "*-1,7-1"}, Shorthand{"semi-annually", "*-1,7-1"},
    Shorthand{"biannually", "*-1,7-1"},   Shorthand{"bi-annually", "*-1,7-1"},
    Shorthand{"yearly", "*-1-1"},         Shorthand{"annually", "*-1-1"},
    Shorthand{"anually", "*-1-1"}};

struct Idea {
  std::regex pattern;  ///< Of something in the expression in lower case.
  std::string (*hint)(const Match&);
};

std::string part(const Match& match, std::size_t i) {
  return match[i].str();
}

std::string from_twelve_hours(const Match& match) {
  const int hour = static_cast<int>(base::parse_int(part(match, 1)).value_or(0)) % 12;
  const std::string minute = match[2].matched ? part(match, 2) : "00";
  return fmt::format("hours are 0-23: write {}:{}", part(match, 3) == "p" ? hour + 12 : hour,
                     minute);
}

std::string nth_weekday(const Match& match) {
  const int nth = static_cast<int>(base::parse_int(part(match, 2)).value_or(1));
  std::string day = part(match, 1);
  if (!base::is_letter(day[0])) {
    constexpr std::array<const char*, 8> k_names = {"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat", "sun"};
    day = k_names[static_cast<std::size_t>(day[0] - '0')];
  }
  day[0] = static_cast<char>(day[0] - 'a' + 'A');
  return fmt::format("number {} of a month's weekdays is written as {} *-*-{}..{}", nth, day,
                     7 * nth - 6, 7 * nth);
}

template <const char* const& Hint>
std::string always(const Match&) {
  return Hint;
}

constexpr const char* k_cron = "this reads like a cron expression: give it with --cron";
constexpr const char* k_daily = "midnight of every day is 'daily', noon is '12:00'";
constexpr const char* k_moment =
    "this reads like one moment: give it with --at, or write the date and the time";
constexpr const char* k_star_step =
    "'*' takes no step here: every 15 minutes is '*:0/15', every 2 hours '0/2:00', every other day "
    "'*-*-1/2'";
constexpr const char* k_last_day = "the last day of a month is written as *-*~1";
constexpr const char* k_nearest = "there is no nearest weekday here: give it with --cron";
constexpr const char* k_letter_t = "write a blank between the date and the time";
constexpr const char* k_letter_z = "write UTC behind a blank, as in 12:00 UTC";
constexpr const char* k_hour_letter = "times are written with a colon, as in 12:00";
constexpr const char* k_two_zones = "one zone is enough";
constexpr const char* k_star = "every minute is '*:*', every day '*-*-*'";
constexpr const char* k_every = "write daily, hourly, or *:0/5 for every five minutes";
constexpr const char* k_slashes = "dates are written as 2026-12-24";
constexpr const char* k_month_hint = "months are numbers, as in *-12-24";
constexpr const char* k_lone = "an hour is written as 5:00, a day of the month as *-*-5";
constexpr const char* k_ranges = "ranges of numbers are written with two dots, as in 9..17:00";
constexpr const char* k_shorthand_alone =
    "a shorthand stands alone: write Mon 09:00 for weekly at nine, 09:00 for daily";
constexpr const char* k_at_word = "shorthands are written without '@' here, as in daily";

/// In this order: the first that is found is told.
const std::vector<Idea>& ideas() {
  static const std::vector<Idea> found = {
      {std::regex("^@[a-z]+$"), always<k_at_word>},
      {std::regex("^[-0-9*,/?lw#a-z]+( +[-0-9*,/?lw#a-z]+){4,6}$"), always<k_cron>},
      {std::regex("\\b([0-9]{1,2})(?::([0-9]{2}))? *([ap])\\.?m\\b"), from_twelve_hours},
      {std::regex("\\b(mon|tue|wed|thu|fri|sat|sun|[0-7])[a-z]*#([1-5])\\b"), nth_weekday},
      {std::regex("^(today|midnight|noon)$"), always<k_daily>},
      {std::regex("^(now|tomorrow|yesterday)\\b"), always<k_moment>},
      {std::regex("\\*/"), always<k_star_step>},
      {std::regex("[-~](l|last)\\b"), always<k_last_day>},
      {std::regex("[0-9l]w\\b"), always<k_nearest>},
      {std::regex("[0-9*]t[0-9*]"), always<k_letter_t>},
      {std::regex("[0-9]z$"), always<k_letter_z>},
      {std::regex("\\b[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}\\b"), always<k_slashes>},
      {std::regex("\\b(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|"
                  "sep(tember)?|oct(ober)?|nov(ember)?|dec(ember)?)\\b"),
       always<k_month_hint>},
      {std::regex("\\b[0-9]{1,2}h"), always<k_hour_letter>},
      {std::regex(" [a-z]+(/[a-z_]+)? +utc$"), always<k_two_zones>},
      {std::regex("^\\*+$"), always<k_star>},
      {std::regex("^every\\b"), always<k_every>},
      {std::regex("^[0-9]+$"), always<k_lone>},
      {std::regex("\\b[0-9]{1,2}-[0-9]{1,2}:"), always<k_ranges>},
      {std::regex("^(minute|hour|dai|week|month|quarter|year|annual)ly "),
       always<k_shorthand_alone>}};
  return found;
}

std::optional<std::string> near_shorthand(std::string_view text) {
  std::vector<std::string> words;
  for (const Shorthand& shorthand : k_shorthands) {
    if (shorthand.word != "anually") {
      words.emplace_back(shorthand.word);
    }
  }
  const auto near = base::nearest(text, words);
  return near ? std::optional(fmt::format("did you mean {}?", base::quote(*near))) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> find_shorthand(std::string_view word) {
  for (const Shorthand& shorthand : k_shorthands) {
    if (shorthand.word == word) {
      return shorthand.meaning;
    }
  }
  return std::nullopt;
}

std::optional<std::string> likely_meaning(std::string_view text) {
  // The patterns recurse for every byte, and nobody types longer ones.
  constexpr std::size_t k_longest = 200;
  if (text.size() > k_longest) {
    return std::nullopt;
  }
  if (base::trim(text) != text) {
    return "write it without blanks at its ends";
  }
  const std::string lower = base::lower_case(text);
  const std::string_view view = lower;
  for (const Idea& idea : ideas()) {
    Match match;
    if (std::regex_search(view.begin(), view.end(), match, idea.pattern)) {
      return idea.hint(match);
    }
  }
  return near_shorthand(view);
}

}  // namespace sched::time
