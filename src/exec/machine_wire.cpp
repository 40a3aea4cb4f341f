#include "exec/machine_wire.hpp"

namespace sched::exec {

void put_machine(Writer& out, const Launch& launch) {
  const model::MachineLimits& machine = launch.machine;
  out.put_text(model::cpus_to_string(machine.cpus));
  out.put_text(machine.io_class ? model::to_string(*machine.io_class) : "");
  out.put_u8(machine.max_rss_bytes ? 1 : 0);
  out.put_u64(machine.max_rss_bytes.value_or(0));
  out.put_i64(machine.max_cpu_time.count());
  out.put_i64(machine.cpu_quota);
  out.put_u64(machine.io_max.read);
  out.put_u64(machine.io_max.write);
  out.put_u8(launch.pin ? 1 : 0);
  std::vector<std::string> files;
  for (const model::FileLock& file : launch.flocks) {
    files.push_back(model::to_string(file));
  }
  out.put_list(files);
}

void take_machine(Reader& in, Launch& launch) {
  constexpr std::string_view k_shared = "shared:";
  model::MachineLimits& machine = launch.machine;
  if (const std::string cpus = in.take_text(); !cpus.empty()) {
    const auto parsed = model::parse_cpus(cpus);
    parsed ? void(machine.cpus = *parsed) : in.fail();
  }
  if (const std::string io_class = in.take_text(); !io_class.empty()) {
    const auto parsed = model::parse_io_class(io_class);
    parsed ? void(machine.io_class = *parsed) : in.fail();
  }
  const bool has_rss = in.take_u8() != 0;
  const std::uint64_t rss = in.take_u64();
  if (has_rss) {
    machine.max_rss_bytes = rss;
  }
  machine.max_cpu_time = time::Duration(in.take_i64());
  machine.cpu_quota = in.take_i64();
  machine.io_max = {in.take_u64(), in.take_u64()};
  launch.pin = in.take_u8() != 0;
  for (const std::string& file : in.take_list()) {
    const bool shared = file.starts_with(k_shared);
    launch.flocks.push_back({shared ? file.substr(k_shared.size()) : file, shared});
  }
}

}  // namespace sched::exec
