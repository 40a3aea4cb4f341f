#include "exchange/crontab_line.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sched::exchange {
namespace {

constexpr std::size_t k_fields = 5;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
}

/// The characters up to the next blank, and the blanks behind them taken too.
std::string_view take_word(std::string_view& text) {
  const auto* end = std::find_if(text.begin(), text.end(), is_blank);
  const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(word.size());
  skip_blanks(text);
  return word;
}

/// Whether somebody thought that this is an assignment.
bool looks_like_assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  const std::string_view name = base::trim(line.substr(0, std::min(equals, line.size())));
  return equals != std::string_view::npos && !name.empty() &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == ' ' || c == '"' || c == '\'';
         });
}

/// What a person most likely meant by a line that has no schedule.
std::string hint_for(std::string_view line) {
  if (line.starts_with("export ") || line.starts_with("set ")) {
    return "cron sets a variable with NAME=VALUE alone on its line";
  }
  if (looks_like_assignment(line)) {
    return "an assignment is NAME=VALUE; a quoted value ends with its closing quote";
  }
  return "a line is an assignment NAME=VALUE or a schedule with its command";
}

/// Whether a schedule was meant at all: "just some words" is not reported as a bad minute, "H 4 * *
/// *" is.
bool looks_like_job(std::string_view line) {
  constexpr std::string_view k_field_starts = "0123456789*";
  if (line.starts_with('@') || line.starts_with('-')) {
    return true;
  }
  int fields = 0;
  for (std::size_t i = 0; i < k_fields && !line.empty(); ++i) {
    fields += k_field_starts.find(take_word(line).front()) != std::string_view::npos ? 1 : 0;
  }
  return fields >= 2;
}

/// The macro or the five fields off the line's front.
base::Result<std::string> take_schedule(std::string_view& line) {
  if (line.starts_with('@')) {
    return std::string(take_word(line));
  }
  std::vector<std::string> fields;
  while (fields.size() < k_fields && !line.empty()) {
    fields.emplace_back(take_word(line));
  }
  if (fields.size() < k_fields) {
    constexpr std::array k_names = {"minute", "hour", "day of month", "month", "day of week"};
    return base::bad_input(
        fmt::format("it ends before the {}", k_names[fields.size()]),
        "a schedule has five fields: minute, hour, day of month, month, day of week");
  }
  return base::join(fields, " ");
}

base::Result<std::string> take_user(std::string_view& line) {
  const std::string_view user = take_word(line);
  constexpr std::string_view k_marks = "_.-+@$\\";
  const bool is_name = std::all_of(user.begin(), user.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80 || k_marks.find(c) != std::string_view::npos;
  });
  if (!is_name || user.starts_with('-') || user.starts_with('.')) {
    return base::bad_input(
        fmt::format("{} is no user name", base::quote(user)),
        "in the system format the user stands before the command; the crontab of a user has "
        "none");
  }
  return std::string(user);
}

/// cronie's and OpenBSD's options before a command: "-n", "-q", "-s" or several letters at once.
base::Result<std::string> take_flags(std::string_view& line) {
  std::string flags;
  while (line.starts_with('-')) {
    const std::string_view option = take_word(line);
    if (option.size() < 2 || option.find_first_not_of("nqs", 1) != std::string_view::npos) {
      return base::bad_input(fmt::format("{} is no option of cron", base::quote(option)),
                             "only -n, -q and -s may stand before a command");
    }
    flags += option.substr(1);
  }
  return flags;
}

base::Error no_command(const std::string& schedule) {
  return base::bad_input(fmt::format("no command behind {}", base::quote(schedule)));
}

}  // namespace

base::Result<JobLine> read_job_line(std::string_view line, CrontabFormat format) {
  skip_blanks(line);
  if (line.empty() || !looks_like_job(line)) {
    return base::bad_input(fmt::format("{} is neither assignment nor schedule", base::quote(line)),
                           hint_for(line));
  }
  JobLine job;
  if (line.starts_with('-')) {
    job.quiet = true;
    line.remove_prefix(1);
    if (line.empty() || is_blank(line.front())) {
      return base::bad_input("a blank behind '-'",
                             "the '-' that keeps cron from logging touches the schedule");
    }
  }
  auto schedule = take_schedule(line);
  if (!schedule) {
    return schedule.error();
  }
  job.schedule = *std::move(schedule);
  if (line.starts_with('*')) {
    return base::bad_input("a '*' stands where the command should",
                           "a schedule has five fields here; one with seconds or years has more");
  }
  if (format == CrontabFormat::system && !line.empty()) {
    auto user = take_user(line);
    if (!user) {
      return user.error();
    }
    job.user = *std::move(user);
    if (line.starts_with('*')) {
      return base::bad_input("a '*' stands where the command should");
    }
  }
  auto flags = take_flags(line);
  if (!flags) {
    return flags.error();
  }
  job.flags = *std::move(flags);
  if (line.empty()) {
    return no_command(job.schedule);
  }
  job.text = line;
  return job;
}

}  // namespace sched::exchange
