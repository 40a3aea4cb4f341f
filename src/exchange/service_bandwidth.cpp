// What ServiceReader makes of bounds for single disks: ours hold for each of them.
#include "base/text.hpp"
#include "exchange/service_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {
namespace {

/// With less a second nothing would ever be done.
constexpr std::uint64_t k_least_bandwidth = 1024;

/// "5M" as systemd.resource-control(5) has it: to the base of 1000.
std::optional<std::uint64_t> read_bandwidth_size(std::string_view text) {
  constexpr std::string_view k_suffixes = "KMGT";
  std::uint64_t unit = 1;
  const std::size_t power = text.empty() ? std::string_view::npos : k_suffixes.find(text.back());
  if (power != std::string_view::npos) {
    text.remove_suffix(1);
    for (std::size_t i = 0; i <= power; ++i) {
      unit *= 1000;
    }
  }
  const auto number = base::parse_int(text);
  std::uint64_t bytes = 0;
  if (!number || *number < 0 ||
      __builtin_mul_overflow(static_cast<std::uint64_t>(*number), unit, &bytes)) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

void ServiceReader::read_bandwidth() {
  const auto text = value();
  if (!text) {
    return;
  }
  const std::string& key = entry_->key;
  if (text->empty()) {
    std::erase_if(bandwidths_, [&](const DiskBound& one) { return one.key == key; });
    return;
  }
  const std::size_t gap = text->find_last_of(" \t");
  const std::string device(base::trim(text->substr(0, gap)));
  const std::string amount = gap == std::string::npos ? "" : text->substr(gap + 1);
  const auto bytes = read_bandwidth_size(amount);
  if (amount != "infinity" && (!bytes || *bytes < k_least_bandwidth)) {
    pass_over();
    return;
  }
  std::erase_if(bandwidths_,
                [&](const DiskBound& one) { return one.key == key && one.device == device; });
  if (bytes) {
    bandwidths_.push_back({key, device, *bytes, entry_->line, entry_->source});
  }
}

/// All disks have the one bound that is given; where several differ, none can be kept.
std::uint64_t ServiceReader::settle_bandwidth(const char* key) {
  std::vector<DiskBound> bounds;
  std::copy_if(bandwidths_.begin(), bandwidths_.end(), std::back_inserter(bounds),
               [&](const DiskBound& one) { return one.key == key; });
  const bool is_one = std::all_of(bounds.begin(), bounds.end(), [&](const DiskBound& one) {
    return one.bytes == bounds.front().bytes;
  });
  for (const DiskBound& one : bounds) {
    service_.notes.push_back(
        {one.line, is_one ? Note::Kind::changed : Note::Kind::ignored,
         is_one ? fmt::format("{}={} {}: holds for every disk, and runs fail where their worker "
                              "may make no cgroup",
                              key, one.device, one.bytes)
                : fmt::format("{}=: the task runs without this limit, for it is another for each "
                              "disk",
                              key),
         one.source});
  }
  return is_one && !bounds.empty() ? bounds.front().bytes : 0;
}

}  // namespace sched::exchange
