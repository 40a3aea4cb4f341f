// The rest of ServiceReader: what the single keys mean.
#include "base/error.hpp"
#include "base/text.hpp"
#include "exchange/service_reader.hpp"
#include "exchange/unit_words.hpp"
#include "model/machine_limits.hpp"
#include "model/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sched::exchange {
namespace {

std::optional<int> read_number(std::string_view text, int lowest, int highest) {
  const auto number = base::parse_int(text);
  if (!number || *number < lowest || *number > highest) {
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

}  // namespace

void ServiceReader::read_exec() {
  std::vector<ExecCommand>& commands = entry_->key == "ExecStart"      ? service_.start
                                       : entry_->key == "ExecStartPre" ? service_.pre
                                                                       : service_.post;
  if (entry_->value.empty()) {
    commands.clear();
    return;
  }
  const auto read = split_exec(entry_->value, specifiers_);
  if (!read) {
    refuse(read.error());
    return;
  }
  commands.insert(commands.end(), read->begin(), read->end());
  note(Note::Kind::taken, fmt::format("{}= {}", entry_->key, base::quote(entry_->value)));
}

void ServiceReader::read_exec_condition() {
  if (!entry_->value.empty()) {
    refuse(base::bad_input("a command that decides whether the others run can't be kept"));
  }
}

void ServiceReader::read_type() {
  constexpr std::array k_types = {"simple", "exec",   "oneshot", "forking",
                                  "dbus",   "notify", "idle",    "notify-reload"};
  const std::string type = entry_->value.empty() ? "simple" : entry_->value;
  if (std::find(k_types.begin(), k_types.end(), type) == k_types.end()) {
    refuse(base::bad_input(fmt::format("{} is no type of service", base::quote(type))));
    return;
  }
  service_.type = type;
  if (type == "forking") {
    note(Note::Kind::changed, "a run ends with its first process, not with the one it leaves");
  } else if (type.starts_with("notify") || type == "dbus") {
    note(Note::Kind::changed, "a run ends with its process; that it is ready is not waited for");
  } else {
    note(Note::Kind::taken, fmt::format("Type={}", type));
  }
}

void ServiceReader::read_environment() {
  if (entry_->value.empty()) {
    service_.environment.clear();
    return;
  }
  const auto words = split_unit_words(entry_->value);
  if (!words) {
    refuse(words.error());
    return;
  }
  for (const std::string& word : *words) {
    const auto assignment = expand_specifiers(word, specifiers_);
    const std::size_t equals = assignment ? assignment->find('=') : std::string::npos;
    if (!assignment) {
      refuse(assignment.error());
    } else if (equals == std::string::npos || !is_portable_name(assignment->substr(0, equals))) {
      refuse(base::bad_input(fmt::format("{} is no assignment NAME=VALUE", base::quote(word))));
    } else {
      set_variable(service_.environment,
                   {assignment->substr(0, equals), assignment->substr(equals + 1)});
      note(Note::Kind::taken, fmt::format("{} is set", assignment->substr(0, equals)));
    }
  }
}

void ServiceReader::read_environment_file() {
  if (entry_->value.empty()) {
    service_.environment_files.clear();
    return;
  }
  auto path = value();
  if (!path) {
    return;
  }
  const bool may_be_missing = path->starts_with('-');
  if (may_be_missing) {
    path->erase(0, 1);
  }
  if (!path->starts_with('/')) {
    refuse(base::bad_input(fmt::format("{} is no absolute path", base::quote(*path))));
    return;
  }
  if (path->find_first_of("*?[") != std::string::npos) {
    refuse(base::bad_input(
        fmt::format("{} is a pattern; files are kept by name", base::quote(*path))));
    return;
  }
  service_.environment_files.push_back({*path, may_be_missing});
  note(Note::Kind::taken, fmt::format("{} is read at each start", base::quote(*path)));
}

void ServiceReader::read_pass_environment() {
  if (entry_->value.empty()) {
    service_.pass_environment.clear();
    return;
  }
  const auto words = split_unit_words(entry_->value);
  if (!words) {
    refuse(words.error());
    return;
  }
  auto& passed = service_.pass_environment;
  passed.insert(passed.end(), words->begin(), words->end());
  note(Note::Kind::changed, "what is passed on is that of the worker, not of systemd");
}

void ServiceReader::read_directory() {
  service_.working_directory.reset();
  service_.may_miss_directory = false;
  auto path = value();
  if (!path || path->empty()) {
    return;
  }
  service_.may_miss_directory = path->starts_with('-');
  if (service_.may_miss_directory) {
    path->erase(0, 1);
    note(Note::Kind::changed, "a directory that is missing fails the run");
  }
  if (!path->starts_with('/') && *path != "~") {
    refuse(
        base::bad_input(fmt::format("{} is neither an absolute path nor ~", base::quote(*path))));
    return;
  }
  service_.working_directory = *path;
  note(Note::Kind::taken, fmt::format("runs in {}", base::quote(*path)));
}

void ServiceReader::read_account() {
  auto& account = entry_->key == "User" ? service_.user : service_.group;
  account = value();
  if (!account || account->empty()) {
    account.reset();
    return;
  }
  note(Note::Kind::taken, fmt::format("{} {}", entry_->key == "User" ? "runs as" : "runs in group",
                                      base::quote(*account)));
}

void ServiceReader::read_nice() {
  service_.nice = read_number(entry_->value, -20, 19);
  if (service_.nice) {
    note(Note::Kind::taken, fmt::format("Nice={}", *service_.nice));
  } else if (!entry_->value.empty()) {
    refuse(
        base::bad_input(fmt::format("{} is no number from -20 to 19", base::quote(entry_->value))));
  }
}

void ServiceReader::read_io_class() {
  constexpr std::array k_classes = {"none", "realtime", "best-effort", "idle"};
  const auto number = read_number(entry_->value, 0, 3);
  const std::string word = number ? k_classes[static_cast<std::size_t>(*number)] : entry_->value;
  service_.io_class.reset();
  if (word.empty() || word == "none") {
    return;
  }
  if (std::find(k_classes.begin(), k_classes.end(), word) == k_classes.end()) {
    refuse(base::bad_input(
        fmt::format("{} is none of realtime, best-effort, idle", base::quote(word))));
    return;
  }
  service_.io_class = word;
  note(Note::Kind::ignored, fmt::format("the class of input and output is not made {}", word));
}

void ServiceReader::read_io_priority() {
  service_.io_priority = read_number(entry_->value, 0, 7);
  if (service_.io_priority) {
    note(Note::Kind::ignored,
         fmt::format("the priority of input and output is not made {}", *service_.io_priority));
  } else if (!entry_->value.empty()) {
    refuse(base::bad_input(fmt::format("{} is no number from 0 to 7", base::quote(entry_->value))));
  }
}

void ServiceReader::read_umask() {
  service_.umask.reset();
  const std::string& text = entry_->value;
  int mask = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), mask, 8);
  if (text.empty()) {
    return;
  }
  if (failure != std::errc() || end != text.data() + text.size() || mask < 0 || mask > 0777) {
    refuse(base::bad_input(fmt::format("{} is no octal number up to 0777", base::quote(text))));
    return;
  }
  service_.umask = mask;
  note(Note::Kind::taken, fmt::format("UMask={:04o}", static_cast<unsigned>(mask)));
}

void ServiceReader::read_timeout() {
  auto& timeout = entry_->key == "RuntimeMaxSec" ? runtime_ : start_timeout_;
  timeout.reset();
  if (!entry_->value.empty()) {
    timeout = span();
  }
  if (timeout) {
    note(Note::Kind::taken, fmt::format("{}={}", entry_->key, time::to_human(*timeout)));
  }
}

void ServiceReader::read_memory_max() {
  const auto bytes = model::parse_size(entry_->value);
  service_.memory_max.reset();
  if (bytes && *bytes >= 1U << 20U) {
    service_.memory_max = *bytes;
    note(Note::Kind::taken, fmt::format("MemoryMax={}", entry_->value));
  } else if (!entry_->value.empty() && entry_->value != "infinity") {
    pass_over();  // A part of the machine's, or so little that nothing runs in it.
  }
}

void ServiceReader::read_cpu_quota() {
  const auto quota = model::parse_cpu_quota(entry_->value);
  service_.cpu_quota = quota && entry_->value.ends_with('%') ? *quota : 0;
  if (service_.cpu_quota != 0) {
    note(Note::Kind::changed, fmt::format("CPUQuota={}: runs fail where their worker may make no "
                                          "cgroup",
                                          entry_->value));
  } else if (!entry_->value.empty()) {
    pass_over();
  }
}

void ServiceReader::read_input() {
  constexpr std::string_view k_file = "file:";
  input_kind_ = entry_->value.empty() ? "null" : entry_->value;
  if (input_kind_ != "null" && input_kind_ != "data") {
    refuse(base::bad_input(
        fmt::format("{} can't be kept as input{}", base::quote(input_kind_),
                    input_kind_.starts_with(k_file) ? "; let the command read the file" : "")));
  }
}

void ServiceReader::read_input_text() {
  if (entry_->value.empty()) {
    input_text_.clear();
    return;
  }
  const auto text = unescape_unit_text(entry_->value);
  if (!text) {
    refuse(text.error());
    return;
  }
  const auto expanded = expand_specifiers(*text, specifiers_);
  if (!expanded) {
    refuse(expanded.error());
    return;
  }
  input_text_ += *expanded + "\n";
  note(Note::Kind::taken, "is kept as input");
}

void ServiceReader::finish() {
  // Before a oneshot service is started it is "starting" until it ends; any other is started at
  // once, and only RuntimeMaxSec= ends it. 0 is none for the start, as is infinity.
  service_.timeout = service_.type == "oneshot" ? start_timeout_ : runtime_;
  if (service_.timeout == time::k_infinite_span || service_.timeout == Span(0)) {
    service_.timeout.reset();
  }
  if (input_kind_ == "data") {
    service_.input = input_text_;
  }
  service_.io_read = settle_bandwidth("IOReadBandwidthMax");
  service_.io_write = settle_bandwidth("IOWriteBandwidthMax");
}

}  // namespace sched::exchange
