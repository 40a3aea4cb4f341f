#include "model/machine_limits.hpp"

#include "base/text.hpp"
#include "model/needs.hpp"
#include "model/policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sched::model {
namespace {

constexpr std::array<std::pair<IoClass::Kind, const char*>, 3> k_io_classes = {
    {{IoClass::Kind::realtime, "realtime"},
     {IoClass::Kind::best_effort, "best-effort"},
     {IoClass::Kind::idle, "idle"}}};
constexpr std::int64_t k_largest_factor = 100 * k_one;
constexpr std::int64_t k_smallest_quota = k_one / 100;  ///< The kernel's own.
constexpr std::int64_t k_largest_quota = (k_highest_cpu + 1) * k_one;

base::Error no_cpus(std::string_view text) {
  return base::bad_input(fmt::format("{} is no list of CPUs", base::quote(text)),
                         fmt::format("numbers from 0 to {}, as in 0-3,7", k_highest_cpu));
}

std::optional<int> parse_cpu(std::string_view text) {
  const auto number = base::parse_int(text);
  return number && *number >= 0 && *number <= k_highest_cpu && text.front() != '-'
             ? std::optional(static_cast<int>(*number))
             : std::nullopt;
}

}  // namespace

base::Result<IoClass> parse_io_class(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto* const known = std::find_if(k_io_classes.begin(), k_io_classes.end(),
                                         [&](const auto& one) { return one.second == name; });
  if (known == k_io_classes.end()) {
    return base::bad_input(fmt::format("{} is no I/O class", base::quote(name)),
                           base::did_you_mean(name, {"idle", "best-effort", "realtime"},
                                              "idle, best-effort[:0-7] or realtime[:0-7]"));
  }
  IoClass io_class{known->first, known->first == IoClass::Kind::idle ? 0 : 4};
  if (colon == std::string_view::npos) {
    return io_class;
  }
  const std::string_view level = text.substr(colon + 1);
  if (io_class.kind == IoClass::Kind::idle) {
    return base::bad_input("idle has no levels", "write idle alone");
  }
  if (level.size() != 1 || level.front() < '0' || level.front() > '7') {
    return base::bad_input(fmt::format("{} is no level from 0 to 7", base::quote(level)),
                           "0 goes first, 7 last, as in best-effort:7");
  }
  io_class.level = level.front() - '0';
  return io_class;
}

std::string to_string(const IoClass& io_class) {
  for (const auto& [kind, name] : k_io_classes) {
    if (kind == io_class.kind) {
      return kind == IoClass::Kind::idle ? name : fmt::format("{}:{}", name, io_class.level);
    }
  }
  return "?";
}

base::Result<std::vector<int>> parse_cpus(std::string_view text) {
  std::vector<bool> named(k_highest_cpu + 1);
  for (const std::string& word : base::split(text, ',')) {
    const std::size_t dash = word.find('-', 1);
    const auto first = parse_cpu(word.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_cpu(word.substr(dash + 1));
    if (!first || !last) {
      return no_cpus(text);
    }
    if (*first > *last) {
      return base::bad_input(fmt::format("{} runs backwards", base::quote(word)),
                             fmt::format("write {}-{}", *last, *first));
    }
    for (int cpu = *first; cpu <= *last; ++cpu) {
      named[static_cast<std::size_t>(cpu)] = true;
    }
  }
  std::vector<int> cpus;
  for (int cpu = 0; cpu <= k_highest_cpu; ++cpu) {
    if (named[static_cast<std::size_t>(cpu)]) {
      cpus.push_back(cpu);
    }
  }
  return cpus;
}

std::string cpus_to_string(const std::vector<int>& cpus) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t end = i + 1;
    while (end < cpus.size() && cpus[end] == cpus[end - 1] + 1) {
      ++end;
    }
    words.push_back(end - i == 1 ? fmt::format("{}", cpus[i])
                                 : fmt::format("{}-{}", cpus[i], cpus[end - 1]));
    i = end;
  }
  return base::join(words, ",");
}

base::Result<std::int64_t> parse_cpu_quota(std::string_view text) {
  const bool is_percent = text.ends_with('%');
  const std::string_view digits = is_percent ? text.substr(0, text.size() - 1) : text;
  const auto amount = parse_amount(digits);
  const std::int64_t quota = amount ? *amount / (is_percent ? 100 : 1) : 0;
  if (digits.empty() || digits.find_first_not_of("0123456789.") != std::string_view::npos ||
      quota < k_smallest_quota || quota > k_largest_quota) {
    return base::bad_input(fmt::format("{} is no number of CPUs", base::quote(text)),
                           fmt::format("from 0.01 to {}, as in 1.5 or 150%", k_highest_cpu + 1));
  }
  return quota;
}

std::string cpu_quota_to_string(std::int64_t thousandths) {
  std::string text = fmt::format("{}.{:03}", thousandths / k_one, thousandths % k_one);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

base::Result<IoMax> parse_io_max(std::string_view text) {
  IoMax io_max;
  for (const std::string& word : base::split(text, ',')) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (equals == std::string::npos || (name != "read" && name != "write")) {
      return base::bad_input(
          fmt::format("{} is neither read=SIZE nor write=SIZE", base::quote(word)),
          "bytes a second, as in read=20M,write=10M");
    }
    const auto bytes = parse_size(std::string_view(word).substr(equals + 1));
    if (!bytes) {
      return bytes.error();
    }
    if (*bytes < 1024) {
      return base::bad_input(fmt::format("{} is less than 1k a second", base::quote(word)),
                             "nothing would ever be done; leave it out for as fast as it goes");
    }
    std::uint64_t& limit = name == "read" ? io_max.read : io_max.write;
    if (limit != 0) {
      return base::bad_input(fmt::format("{} stands twice", name), "say each once");
    }
    limit = *bytes;
  }
  return io_max;
}

std::string to_string(const IoMax& io_max) {
  std::vector<std::string> words;
  if (io_max.read != 0) {
    words.push_back("read=" + size_to_string(io_max.read));
  }
  if (io_max.write != 0) {
    words.push_back("write=" + size_to_string(io_max.write));
  }
  return base::join(words, ",");
}

base::Result<std::vector<NiceStep>> parse_nice_map(std::string_view text) {
  std::vector<NiceStep> map;
  for (const std::string& word : base::split(text, ',')) {
    const std::size_t equals = word.find('=');
    const std::size_t colon = word.find(':');
    const auto priority = base::parse_int(std::string_view(word).substr(0, equals));
    const auto nice = equals == std::string::npos
                          ? std::nullopt
                          : base::parse_int(word.substr(equals + 1, colon - equals - 1));
    if (!priority || !nice || *priority < -1000 || *priority > 1000 || *nice < -20 || *nice > 19) {
      return base::bad_input(
          fmt::format("{} is no niceness of a priority", base::quote(word)),
          "PRIORITY=NICE, from -1000 to 1000 and -20 to 19, as in 10=0,0=10,-10=19:idle");
    }
    NiceStep step{static_cast<int>(*priority), static_cast<int>(*nice), std::nullopt};
    if (colon != std::string::npos) {
      const auto io_class = parse_io_class(std::string_view(word).substr(colon + 1));
      if (!io_class) {
        return io_class.error();
      }
      step.io_class = *io_class;
    }
    map.push_back(step);
  }
  std::sort(map.begin(), map.end(),
            [](const NiceStep& a, const NiceStep& b) { return a.priority > b.priority; });
  const auto twice = std::adjacent_find(
      map.begin(), map.end(),
      [](const NiceStep& a, const NiceStep& b) { return a.priority == b.priority; });
  if (twice != map.end()) {
    return base::bad_input(fmt::format("the priority {} stands twice", twice->priority),
                           "name each priority once");
  }
  return map;
}

std::string nice_map_to_string(const std::vector<NiceStep>& map) {
  std::vector<std::string> words;
  for (const NiceStep& step : map) {
    words.push_back(
        fmt::format("{}={}{}", step.priority, step.nice,
                    step.io_class ? fmt::format(":{}", to_string(*step.io_class)) : ""));
  }
  return base::join(words, ",");
}

const NiceStep* step_for(const std::vector<NiceStep>& map, int priority) {
  const auto found = std::find_if(map.begin(), map.end(),
                                  [&](const NiceStep& step) { return step.priority <= priority; });
  return found == map.end() ? nullptr : &*found;
}

base::Result<MemoryRetry> parse_memory_retry(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (!text.starts_with('x') || dots == std::string_view::npos) {
    return base::bad_input(fmt::format("{} does not say how memory grows", base::quote(text)),
                           "the factor and the most there is, as in x1.5..8G");
  }
  const std::string_view factor = text.substr(1, dots - 1);
  const auto times = parse_amount(factor);
  if (!times || *times <= k_one || *times > k_largest_factor) {
    return base::bad_input(
        fmt::format("{} is no factor above 1 and up to 100", base::quote(factor)),
        "at most three digits behind the point, as in x1.5..8G");
  }
  const auto cap = parse_size(text.substr(dots + 2));
  if (!cap) {
    return cap.error();
  }
  if (*cap == 0) {
    return base::bad_input("a limit of no memory at all", "the most there is, as in x1.5..8G");
  }
  return MemoryRetry{*times, *cap};
}

std::string to_string(const MemoryRetry& retry) {
  return fmt::format("x{}..{}", amount_to_string(retry.factor), size_to_string(retry.cap_bytes));
}

}  // namespace sched::model
