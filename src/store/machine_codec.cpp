#include "store/machine_codec.hpp"

namespace sched::store {

void put_machine(base::Json& json, const model::MachineLimits& machine) {
  if (!machine.cpus.empty()) {
    json["cpus"] = model::cpus_to_string(machine.cpus);
  }
  if (machine.io_class) {
    json["io_class"] = model::to_string(*machine.io_class);
  }
  if (!machine.nice_map.empty()) {
    json["nice_map"] = model::nice_map_to_string(machine.nice_map);
  }
  if (machine.max_rss_bytes) {
    json["max_rss"] = *machine.max_rss_bytes;
  }
  if (machine.max_cpu_time.count() != 0) {
    json["max_cpu_time_ms"] = machine.max_cpu_time.count();
  }
  if (machine.cpu_quota != 0) {
    json["cpu_quota"] = machine.cpu_quota;
  }
  if (!machine.io_max.empty()) {
    json["io_max"] = model::to_string(machine.io_max);
  }
  if (machine.memory_retry) {
    json["memory_retry"] = model::to_string(*machine.memory_retry);
  }
  if (!machine.launcher_prefix.empty()) {
    json["launcher_prefix"] = machine.launcher_prefix;
  }
}

model::MachineLimits read_machine(const base::Json& json) {
  model::MachineLimits machine;
  if (json.contains("cpus")) {
    machine.cpus = model::parse_cpus(json["cpus"].get<std::string>()).value();
  }
  if (json.contains("io_class")) {
    machine.io_class = model::parse_io_class(json["io_class"].get<std::string>()).value();
  }
  if (json.contains("nice_map")) {
    machine.nice_map = model::parse_nice_map(json["nice_map"].get<std::string>()).value();
  }
  if (json.contains("max_rss")) {
    machine.max_rss_bytes = json["max_rss"].get<std::uint64_t>();
  }
  machine.max_cpu_time = time::Duration(json.value("max_cpu_time_ms", std::int64_t{0}));
  machine.cpu_quota = json.value("cpu_quota", std::int64_t{0});
  if (json.contains("io_max")) {
    machine.io_max = model::parse_io_max(json["io_max"].get<std::string>()).value();
  }
  if (json.contains("memory_retry")) {
    machine.memory_retry =
        model::parse_memory_retry(json["memory_retry"].get<std::string>()).value();
  }
  machine.launcher_prefix = json.value("launcher_prefix", std::vector<std::string>{});
  return machine;
}

}  // namespace sched::store
