#include "exchange/at_spool.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace sched::exchange {
namespace {

std::optional<std::int64_t> read_digits(std::string_view digits, int base) {
  std::int64_t number = 0;
  const auto [end, failure] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (digits.empty() || digits.front() == '-' || failure != std::errc() ||
      end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return number;
}

/// Reads the head that at(1) writes, line by line, off the front of the text.
class HeadReader {
 public:
  HeadReader(AtJob& job, std::string_view text) : job_(job), rest_(text) {}

  /// What is behind the head.
  std::string_view read() {
    while (!rest_.empty()) {
      const std::string_view before = rest_;
      if (!take_comment() && !take_umask() && !take_variable()) {
        rest_ = before;
        take_directory();
        break;
      }
    }
    return rest_;
  }

 private:
  std::string_view line() const { return rest_.substr(0, rest_.find('\n')); }

  void drop_line() { rest_.remove_prefix(std::min(line().size() + 1, rest_.size())); }

  bool take_comment() {
    const std::string_view text = line();
    if (!text.starts_with('#')) {
      return false;
    }
    const std::vector<std::string> words = base::split(text, ' ');
    if (words.size() == 4 && words[1] == "atrun") {
      job_.uid = read_id(words[2], "uid=");
      job_.gid = read_id(words[3], "gid=");
    } else if (words.size() >= 3 && words[1] == "mail") {
      job_.mail_to = words[2];
      job_.mails_always = words.size() > 3 && words[3] == "1";
      job_.mails_never = words.size() > 3 && words[3] == "-1";
    }
    drop_line();
    return true;
  }

  static std::optional<int> read_id(std::string_view word, std::string_view mark) {
    const auto id = word.starts_with(mark) ? read_digits(word.substr(mark.size()), 10)
                                           : std::optional<std::int64_t>();
    return id && *id <= INT32_MAX ? std::optional(static_cast<int>(*id)) : std::nullopt;
  }

  bool take_umask() {
    constexpr std::string_view k_command = "umask ";
    const auto mask = line().starts_with(k_command) ? read_digits(line().substr(6), 8)
                                                    : std::optional<std::int64_t>();
    if (!mask || *mask > 0777 || job_.umask) {
      return false;
    }
    job_.umask = static_cast<int>(*mask);
    drop_line();
    return true;
  }

  /// "NAME=value; export NAME". What is special in the value has a backslash, a line break stands
  /// in double quotes.
  bool take_variable() {
    const std::size_t equals = rest_.find('=');
    const std::string name(rest_.substr(0, std::min(equals, rest_.size())));
    if (equals == std::string_view::npos || !is_portable_name(name)) {
      return false;
    }
    rest_.remove_prefix(name.size() + 1);
    const auto value = take_value("; ");
    if (!value || line() != "export " + name) {
      return false;
    }
    drop_line();
    if (name != "PWD" && name != "OLDPWD") {
      set_variable(job_.environment, {name, *value});
    }
    return true;
  }

  /// A value up to `end`, and that taken too; empty when it is not written as at(1) does.
  std::optional<std::string> take_value(std::string_view end) {
    std::string value;
    while (!rest_.empty() && !rest_.starts_with(end)) {
      constexpr std::string_view k_line_break = "\"\n\"";
      const char c = rest_.front();
      if (rest_.starts_with(k_line_break)) {
        value += '\n';
        rest_.remove_prefix(k_line_break.size());
        continue;
      }
      if (c == '\\' && rest_.size() > 1 && rest_[1] != '\n') {
        value += rest_[1];
        rest_.remove_prefix(2);
        continue;
      }
      if (std::string_view("\n\\\"'$`;&|<>()* ?").find(c) != std::string_view::npos) {
        return std::nullopt;
      }
      value += c;
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) {
      return std::nullopt;
    }
    rest_.remove_prefix(end.size());
    return value;
  }

  /// "cd DIRECTORY || {" with the words that at(1) says when it is gone.
  void take_directory() {
    const std::string_view before = rest_;
    constexpr std::string_view k_command = "cd ";
    if (!rest_.starts_with(k_command)) {
      return;
    }
    rest_.remove_prefix(k_command.size());
    const auto directory = take_value(" || {\n");
    const std::size_t end = rest_.find("\n}\n");
    if (!directory || end == std::string_view::npos ||
        rest_.substr(0, end).find("Execution directory inaccessible") == std::string_view::npos) {
      rest_ = before;
      return;
    }
    job_.directory = *directory;
    rest_.remove_prefix(end + 3);
  }

  AtJob& job_;
  std::string_view rest_;
};

}  // namespace

base::Result<AtJobName> parse_at_name(std::string_view name) {
  constexpr std::size_t k_length = 14;
  const bool has_queue = !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') ||
                                           (name[0] >= 'A' && name[0] <= 'Z') || name[0] == '=');
  const bool has_form = name.size() == k_length && has_queue;
  const auto number = has_form ? read_digits(name.substr(1, 5), 16) : std::nullopt;
  const auto minutes = has_form ? read_digits(name.substr(6), 16) : std::nullopt;
  const auto at = time::Instant(std::chrono::minutes(minutes.value_or(-1)));
  if (!number || !time::is_in_range(at)) {
    return base::bad_input(
        fmt::format("{} is no name of a job in at's spool", base::quote(name)),
        "such a name is a letter, five hexadecimal digits for the number and eight for the "
        "minute");
  }
  AtJobName job;
  job.is_running = name[0] == '=';
  job.queue = job.is_running ? 'a' : name[0];
  job.number = static_cast<int>(*number);
  job.at = at;
  return job;
}

base::Result<AtJob> parse_at_job(std::string_view name, std::string_view text) {
  auto parsed = parse_at_name(name);
  if (!parsed) {
    return parsed.error();
  }
  if (!base::is_utf8(text) || text.find('\0') != std::string_view::npos) {
    return base::bad_input(fmt::format("the job {} is not UTF-8 text", base::quote(name)));
  }
  AtJob job;
  job.name = *parsed;
  job.script = HeadReader(job, text).read();
  const auto add = [&](Note::Kind kind, std::string what) {
    job.notes.push_back({0, kind, std::move(what)});
  };
  add(Note::Kind::taken, fmt::format("job {} of queue {}", job.name.number, job.name.queue));
  if (job.name.is_running) {
    add(Note::Kind::refused, "atd has begun it already");
  }
  if (job.directory.empty()) {
    add(Note::Kind::changed, "its head is not as at writes it; the whole text is run as a script");
  }
  if (job.name.queue == 'b' || (job.name.queue >= 'A' && job.name.queue <= 'Z')) {
    add(Note::Kind::changed, "batch: at waits for the load of the machine to fall, sched does not");
  }
  if (job.mails_always) {
    add(Note::Kind::changed, "-m: notified about its end, whether it has output or not");
  }
  return job;
}

}  // namespace sched::exchange
