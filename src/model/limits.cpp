#include "base/error.hpp"
#include "base/text.hpp"
#include "model/policy.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace sched::model {
namespace {

using Field = std::optional<std::uint64_t> Limits::*;
enum class Unit { time, size, count };

/// One limit: how it is written, and the least value with which a command could start.
struct Known {
  const char* name;
  Field field;
  Unit unit;
  std::uint64_t least;
  const char* why;
};

constexpr std::uint64_t k_mebibyte = 1U << 20U;

constexpr std::array k_limits = {
    Known{"cpu", &Limits::cpu_s, Unit::time, 1, "at least 1s"},
    Known{"memory", &Limits::memory_bytes, Unit::size, k_mebibyte,
          "nothing could start in less than 1M"},
    Known{"file-size", &Limits::file_size_bytes, Unit::size, 0, ""},
    Known{"open-files", &Limits::open_files, Unit::count, 4,
          "nothing could start with fewer than 4: three standard streams and the program"},
    Known{"processes", &Limits::processes, Unit::count, 1, "the command itself is one"},
    Known{"core", &Limits::core_bytes, Unit::size, 0, ""}};

constexpr const char* k_example = "as in cpu=60s,memory=2G,open-files=1024";
constexpr std::string_view k_size_letters = "kMGTPE";

base::Error unknown_limit(std::string_view name) {
  std::vector<std::string> names;
  for (const Known& known : k_limits) {
    names.emplace_back(known.name);
  }
  return base::bad_input(
      fmt::format("{} is no limit", base::quote(name)),
      base::did_you_mean(name, names, fmt::format("limits are {}", base::join(names, ", "))));
}

base::Result<std::uint64_t> parse_seconds(std::string_view text) {
  const auto duration = time::parse_duration(text);
  if (!duration) {
    return duration.error();
  }
  if (duration->count() % 1000 != 0) {
    return base::bad_input(fmt::format("{} is no whole number of seconds", base::quote(text)),
                           "the kernel counts this limit in seconds");
  }
  return static_cast<std::uint64_t>(duration->count() / 1000);
}

base::Result<std::uint64_t> parse_count(std::string_view text) {
  const auto number = base::parse_int(text);
  if (!number || *number < 0) {
    return base::bad_input(fmt::format("{} is no count", base::quote(text)),
                           "expected a whole number");
  }
  return static_cast<std::uint64_t>(*number);
}

base::Result<std::uint64_t> parse_value(Unit unit, std::string_view text) {
  switch (unit) {
    case Unit::time:
      return parse_seconds(text);
    case Unit::size:
      return parse_size(text);
    case Unit::count:
      return parse_count(text);
  }
  return parse_count(text);
}

/// The unit's power of 1024, or nothing: "", "B", "k", "kB", "KiB", any case.
std::optional<int> size_power(std::string_view unit) {
  std::string lower(unit);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower.empty() || lower == "b") {
    return 0;
  }
  const auto power = std::string_view("kmgtpe").find(lower.front());
  const std::string_view tail = std::string_view(lower).substr(1);
  if (power == std::string_view::npos || !(tail.empty() || tail == "b" || tail == "ib")) {
    return std::nullopt;
  }
  return static_cast<int>(power) + 1;
}

}  // namespace

base::Result<Limits> parse_limits(std::string_view text, Limits limits) {
  std::vector<std::string> seen;
  for (const std::string& piece : base::split(text, ',')) {
    const std::string_view item = base::trim(piece);
    const auto equals = item.find('=');
    const std::string_view name = base::trim(item.substr(0, equals));
    const auto* const known =
        std::find_if(k_limits.begin(), k_limits.end(),
                     [name](const Known& candidate) { return candidate.name == name; });
    if (item.empty()) {
      return base::bad_input(fmt::format("{} has an empty item", base::quote(text)),
                             fmt::format("write NAME=VALUE, {}", k_example));
    }
    if (known == k_limits.end()) {
      return unknown_limit(name);
    }
    if (equals == std::string_view::npos) {
      return base::bad_input(fmt::format("{} has no value", base::quote(item)),
                             fmt::format("write NAME=VALUE, {}", k_example));
    }
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return base::bad_input(fmt::format("{} names {} twice", base::quote(text), base::quote(name)),
                             "give each limit once");
    }
    seen.emplace_back(name);
    const std::string_view written = base::trim(item.substr(equals + 1));
    const auto value = parse_value(known->unit, written);
    if (!value) {
      return value.error().within(known->name);
    }
    if (*value < known->least) {
      return base::bad_input(fmt::format("{}: {} is too small", known->name, base::quote(written)),
                             known->why);
    }
    limits.*(known->field) = *value;
  }
  return limits;
}

std::string to_string(const Limits& limits) {
  std::vector<std::string> words;
  for (const Known& known : k_limits) {
    const auto& value = limits.*(known.field);
    if (!value) {
      continue;
    }
    switch (known.unit) {
      case Unit::time:
        words.push_back(fmt::format("{}={}s", known.name, *value));
        break;
      case Unit::size:
        words.push_back(fmt::format("{}={}", known.name, size_to_string(*value)));
        break;
      case Unit::count:
        words.push_back(fmt::format("{}={}", known.name, *value));
        break;
    }
  }
  return base::join(words, ",");
}

base::Result<std::uint64_t> parse_size(std::string_view text) {
  const std::string_view size = base::trim(text);
  const auto digits = std::min(size.find_first_not_of("0123456789"), size.size());
  const std::string_view unit = base::trim(size.substr(digits));
  const auto power = size_power(unit);
  if (digits == 0 || !power) {
    return base::bad_input(
        fmt::format("{} is no size", base::quote(text)),
        "expected a whole number of bytes, or with k, M, G or T behind it, as in 64M");
  }
  const auto number = base::parse_int(size.substr(0, digits));
  std::int64_t bytes = 0;
  if (!number || __builtin_mul_overflow(*number, std::int64_t{1} << (10 * *power), &bytes)) {
    return base::bad_input(fmt::format("{} is more bytes than can be counted", base::quote(text)),
                           "sizes are below 8E");
  }
  return static_cast<std::uint64_t>(bytes);
}

std::string size_to_string(std::uint64_t bytes) {
  std::size_t power = 0;
  while (bytes != 0 && bytes % 1024 == 0 && power < k_size_letters.size()) {
    bytes /= 1024;
    ++power;
  }
  return power == 0 ? fmt::format("{}", bytes)
                    : fmt::format("{}{}", bytes, k_size_letters[power - 1]);
}

}  // namespace sched::model
