#include "render/machine_details.hpp"

#include "base/text.hpp"
#include "base/words.hpp"
#include "render/json.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

template <typename Named>
std::string listed(const std::vector<Named>& all) {
  std::vector<std::string> words;
  for (const Named& one : all) {
    words.push_back(model::to_string(one));
  }
  return base::join(words, ", ");
}

template <typename Named>
base::Json listed_json(const std::vector<Named>& all) {
  base::Json json = base::Json::array();
  for (const Named& one : all) {
    json.push_back(model::to_string(one));
  }
  return json;
}

std::string cpus_at_a_time(std::int64_t quota) {
  return fmt::format("at most {} CPU{} at a time", model::cpu_quota_to_string(quota),
                     quota == model::k_one ? "" : "s");
}

std::string speed_of(const model::IoMax& io_max) {
  return fmt::format("at most {}, in bytes a second", model::to_string(io_max));
}

std::string growth_of(const model::MemoryRetry& retry) {
  return fmt::format("x{} after an attempt that had too little, up to {}",
                     model::amount_to_string(retry.factor), model::size_to_string(retry.cap_bytes));
}

}  // namespace

std::vector<Detail> machine_details(const model::Task& task) {
  const model::MachineLimits& machine = task.machine;
  const auto& rss = machine.max_rss_bytes;
  const bool has_cpu_time = machine.max_cpu_time.count() > 0;
  return {
      {"File locks", {listed(task.needs.files)}},
      {"Room on disk", {listed(task.needs.space)}},
      {"Nice by priority", {model::nice_map_to_string(machine.nice_map)}},
      {"CPUs", {model::cpus_to_string(machine.cpus)}},
      {"I/O class", {machine.io_class ? model::to_string(*machine.io_class) : ""}},
      {"Memory in all", {rss ? "at most " + model::size_to_string(*rss) : ""}},
      {"CPU time in all", {has_cpu_time ? "at most " + time::to_string(machine.max_cpu_time) : ""}},
      {"CPU quota", {machine.cpu_quota ? cpus_at_a_time(machine.cpu_quota) : ""}},
      {"Disk speed", {machine.io_max.empty() ? "" : speed_of(machine.io_max)}},
      {"Memory grows", {machine.memory_retry ? growth_of(*machine.memory_retry) : ""}},
      {"Prefix", {base::join_words(machine.launcher_prefix)}},
  };
}

std::vector<Column<TaskPage>> machine_columns() {
  using base::Json;
  using P = TaskPage;
  return {
      {"flocks", "array of strings", "The files whose flock it holds, as --flock takes them",
       [](const P& p) { return listed_json(p.task.needs.files); }},
      {"need_free", "array of strings",
       "The room on disks that it waits for and keeps, as --need-free takes it",
       [](const P& p) { return listed_json(p.task.needs.space); }},
      {"nice_map", "string or null", "Niceness and I/O class by priority, as --nice-map takes it",
       [](const P& p) { return json_of(model::nice_map_to_string(p.task.machine.nice_map)); }},
      {"cpus", "string or null", "The CPUs it runs on, as --cpus takes them",
       [](const P& p) { return json_of(model::cpus_to_string(p.task.machine.cpus)); }},
      {"io_class", "string or null", "How its disk accesses rank, as --io-class takes it",
       [](const P& p) {
         const auto& io_class = p.task.machine.io_class;
         return io_class ? Json(model::to_string(*io_class)) : Json(nullptr);
       }},
      {"max_rss_bytes", "integer or null", "Of all its processes together",
       [](const P& p) {
         const auto& rss = p.task.machine.max_rss_bytes;
         return rss ? Json(*rss) : Json(nullptr);
       }},
      {"max_cpu_time_ms", "integer or null", "Of all its processes together",
       [](const P& p) {
         const auto limit = p.task.machine.max_cpu_time.count();
         return limit == 0 ? Json(nullptr) : Json(limit);
       }},
      {"cpu_quota", "string or null", "How many CPUs they use at a time, as --cpu-quota takes it",
       [](const P& p) {
         const auto quota = p.task.machine.cpu_quota;
         return quota == 0 ? Json(nullptr) : Json(model::cpu_quota_to_string(quota));
       }},
      {"io_max", "string or null",
       "Bytes a second read from and written to each disk, as --io-max takes it",
       [](const P& p) { return json_of(model::to_string(p.task.machine.io_max)); }},
      {"memory_retry", "string or null",
       "How a memory limit that was reached grows, as --memory-retry takes it",
       [](const P& p) {
         const auto& retry = p.task.machine.memory_retry;
         return retry ? Json(model::to_string(*retry)) : Json(nullptr);
       }},
      {"launcher_prefix", "array of strings", "The words before the command",
       [](const P& p) { return Json(p.task.machine.launcher_prefix); }},
  };
}

}  // namespace sched::render
