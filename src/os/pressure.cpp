#include "os/pressure.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace sched::os {
namespace {

/// A share in percent, or a load: nothing below zero, and nothing that is no number.
std::optional<double> parse_measure(std::string_view word) {
  double value = 0;
  const auto [end, failure] =
      std::from_chars(word.data(), word.data() + word.size(), value, std::chars_format::fixed);
  if (failure != std::errc() || end != word.data() + word.size() || !std::isfinite(value) ||
      value < 0) {
    return std::nullopt;
  }
  return value;
}

/// The word behind "NAME=" in a line; empty when it is not there.
std::string_view word_of(std::string_view line, std::string_view name) {
  const auto at = line.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  line.remove_prefix(at + name.size());
  return line.substr(0, line.find(' '));
}

std::optional<Stall> parse_stall(std::string_view line) {
  Stall stall;
  const auto share = parse_measure(word_of(line, " avg10="));
  const std::string_view total = word_of(line, " total=");
  const auto [end, failure] =
      std::from_chars(total.data(), total.data() + total.size(), stall.total_us);
  if (!share || *share > 100 || total.empty() || failure != std::errc() ||
      end != total.data() + total.size() || stall.total_us < 0) {
    return std::nullopt;
  }
  stall.last_10s = *share;
  return stall;
}

/// These files are short; one that is not is none of the kernel's.
std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string text(1024, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::optional<PressureFile> parse_pressure(std::string_view text) {
  PressureFile file;
  bool has_some = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const bool is_some = line.starts_with("some ");
    if (!is_some && !line.starts_with("full ")) {
      continue;
    }
    const auto stall = parse_stall(line);
    if (!stall) {
      return std::nullopt;
    }
    if (is_some) {
      file.some = *stall;
      has_some = true;
    } else {
      file.full = stall;
    }
  }
  return has_some ? std::optional(file) : std::nullopt;
}

std::optional<double> parse_load(std::string_view text) {
  return parse_measure(text.substr(0, text.find(' ')));
}

MachinePressure machine_pressure(const std::filesystem::path& proc) {
  const std::filesystem::path files = proc / "pressure";
  MachinePressure found{parse_pressure(text_of(files / "cpu")),
                        parse_pressure(text_of(files / "memory")),
                        parse_pressure(text_of(files / "io")), std::nullopt};
  if (!found.cpu) {
    found.load = parse_load(text_of(proc / "loadavg"));
  }
  return found;
}

UniqueFd pressure_trigger(const std::filesystem::path& file, time::Duration stalled) {
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  struct statfs system {};
  // Written into what only stands in for it, it would be no trigger and spoil the file.
  if (!fd || ::fstatfs(fd.get(), &system) != 0 || system.f_type != PROC_SUPER_MAGIC) {
    return {};
  }
  // Who is not root may have windows of whole two seconds alone.
  const std::string text = fmt::format("some {} 2000000", stalled.count() * 1000);
  const auto length = static_cast<ssize_t>(text.size() + 1);
  return ::write(fd.get(), text.c_str(), text.size() + 1) == length ? std::move(fd) : UniqueFd();
}

}  // namespace sched::os
