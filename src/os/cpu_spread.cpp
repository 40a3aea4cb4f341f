#include "os/cpu_spread.hpp"

#include "base/text.hpp"
#include "os/cpu_binding.hpp"
#include "os/file.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace sched::os {

namespace {

/// A number that the kernel tells of a CPU; `otherwise` where it tells none.
int topology(int cpu, const char* what, int otherwise) {
  const auto text =
      read_file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/" + what, 64);
  const auto number = text.ok() ? base::parse_int(base::trim(*text)) : std::nullopt;
  return number ? static_cast<int>(*number) : otherwise;
}

}  // namespace

std::vector<int> spread_out(std::vector<CpuPlace> places) {
  std::sort(places.begin(), places.end(),
            [](const CpuPlace& a, const CpuPlace& b) { return a.cpu < b.cpu; });
  // Which thread of its core a CPU is, and which core of its package.
  std::map<std::pair<int, int>, int> threads;
  std::map<std::pair<int, int>, int> cores;
  std::map<int, int> cores_in;
  std::vector<std::tuple<int, int, int, int>> order;
  for (const CpuPlace& place : places) {
    const std::pair<int, int> core{place.package, place.core};
    const auto [known, is_new] = cores.try_emplace(core, 0);
    if (is_new) {
      known->second = cores_in[place.package]++;
    }
    order.emplace_back(threads[core]++, known->second, place.package, place.cpu);
  }
  std::sort(order.begin(), order.end());
  std::vector<int> cpus;
  for (const auto& entry : order) {
    cpus.push_back(std::get<3>(entry));
  }
  return cpus;
}

std::vector<int> CpuSpread::cpu_of(int slot) {
  std::vector<int> ours = own_cpus();
  if (ours != ours_) {
    std::vector<CpuPlace> places;
    for (const int cpu : ours) {
      places.push_back(
          {cpu, topology(cpu, "physical_package_id", 0), topology(cpu, "core_id", cpu)});
    }
    order_ = spread_out(std::move(places));
    ours_ = std::move(ours);
  }
  if (order_.empty() || slot < 1) {
    return {};
  }
  return {order_[static_cast<std::size_t>(slot - 1) % order_.size()]};
}

}  // namespace sched::os
