#include "cli/machine_fields.hpp"

#include "base/text.hpp"
#include "base/words.hpp"
#include "os/cpu_binding.hpp"
#include "os/disk.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sched::cli {
namespace {

std::string absolute_path(const DraftContext& context, const std::string& path) {
  if (path.find('\0') != std::string::npos || !base::is_utf8(path)) {
    throw base::bad_input("no path that can be kept", "paths are kept as UTF-8 text");
  }
  return (std::filesystem::path(context.directory) / path).lexically_normal().string();
}

void read_cpus(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.cpus = value.empty() ? std::vector<int>() : model::parse_cpus(value).value();
  const std::vector<int> ours = os::own_cpus();
  std::vector<int> missing;
  std::set_difference(draft.task.machine.cpus.begin(), draft.task.machine.cpus.end(), ours.begin(),
                      ours.end(), std::back_inserter(missing));
  if (!missing.empty() && !ours.empty()) {
    draft.warnings.push_back(fmt::format("--cpus {}: {} {} not there now ({} are): it would fail",
                                         value, model::cpus_to_string(missing),
                                         missing.size() == 1 ? "is" : "are",
                                         model::cpus_to_string(ours)));
  }
}

void read_io_class(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.io_class.reset();
  if (!value.empty()) {
    draft.task.machine.io_class = model::parse_io_class(value).value();
  }
}

void read_nice_map(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.nice_map =
      value.empty() ? std::vector<model::NiceStep>() : model::parse_nice_map(value).value();
}

void read_max_rss(const DraftContext&, TaskDraft& draft, const std::string& value) {
  constexpr std::uint64_t k_least = 1U << 20U;
  draft.task.machine.max_rss_bytes.reset();
  if (value.empty()) {
    return;
  }
  const std::uint64_t bytes = model::parse_size(value).value();
  if (bytes < k_least) {
    throw base::bad_input("less than 1M", "nothing could run in so little");
  }
  draft.task.machine.max_rss_bytes = bytes;
}

void read_max_cpu_time(const DraftContext&, TaskDraft& draft, const std::string& value) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 3650);
  const time::Duration duration =
      value.empty() ? time::Duration() : time::parse_duration(value).value();
  if (duration > k_longest) {
    throw base::bad_input("longer than ten years");
  }
  draft.task.machine.max_cpu_time = duration;
}

void read_cpu_quota(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.cpu_quota = value.empty() ? 0 : model::parse_cpu_quota(value).value();
}

void read_io_max(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.io_max = value.empty() ? model::IoMax() : model::parse_io_max(value).value();
}

void read_memory_retry(const DraftContext&, TaskDraft& draft, const std::string& value) {
  draft.task.machine.memory_retry.reset();
  if (!value.empty()) {
    draft.task.machine.memory_retry = model::parse_memory_retry(value).value();
  }
}

void read_prefix(const DraftContext&, TaskDraft& draft, const std::string& value) {
  auto words = base::split_words(value).value();
  if (words.empty() && !value.empty()) {
    throw base::bad_input("there is no word in it", "such as 'trickle -d 100'");
  }
  if (!words.empty() && words.front().empty()) {
    throw base::bad_input("its first word is empty", "that is the program to execute");
  }
  if (!base::is_utf8(value)) {
    throw base::bad_input("it is not UTF-8", "commands are kept as UTF-8 text");
  }
  draft.task.machine.launcher_prefix = std::move(words);
}

void read_need_free(const DraftContext& context, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    draft.task.needs.space.clear();
    return;
  }
  const std::size_t equals = value.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    throw base::bad_input("it does not say how much must be free where",
                          "the path and the size, as in /var/tmp=10G");
  }
  const std::uint64_t bytes = model::parse_size(value.substr(equals + 1)).value();
  if (bytes == 0) {
    throw base::bad_input("no room at all is always free", "such as /var/tmp=10G");
  }
  const std::string path = absolute_path(context, value.substr(0, equals));
  const auto disk = os::disk_space(path);
  const auto wanted = static_cast<std::int64_t>(bytes);
  if (!disk) {
    draft.warnings.push_back(fmt::format(
        "--need-free {}: there is no such path yet, and it waits for that", base::quote(path)));
  } else if (wanted > disk->all_bytes) {
    throw base::bad_input(fmt::format("its file system has {} bytes in all", disk->all_bytes),
                          "ask for less, or name a path on a larger one");
  }
  draft.task.needs = model::add_space({path, wanted}, draft.task.needs).value();
}

void read_flock(const DraftContext& context, TaskDraft& draft, const std::string& value) {
  constexpr std::string_view k_shared = "shared:";
  if (value.empty()) {
    draft.task.needs.files.clear();
    return;
  }
  const bool shared = value.starts_with(k_shared);
  const std::string path = shared ? value.substr(k_shared.size()) : value;
  if (path.empty()) {
    throw base::bad_input("no file is named", "--flock FILE for one at a time, shared:FILE");
  }
  const std::string file = absolute_path(context, path);
  std::error_code failure;
  if (!std::filesystem::is_directory(std::filesystem::path(file).parent_path(), failure)) {
    draft.warnings.push_back(
        fmt::format("--flock {}: there is no such directory yet", base::quote(file)));
  }
  draft.task.needs = model::add_file({file, shared}, draft.task.needs).value();
}

}  // namespace

const std::vector<TaskField>& machine_fields() {
  static const std::vector<TaskField> fields = {
      {"nice-map", "MAP",
       "Niceness, and I/O class, by priority, where it says neither: 10=0,0=10,-10=19:idle", false,
       read_nice_map},
      {"cpus", "LIST", "Run it on these CPUs alone: 0-3,7", false, read_cpus},
      {"io-class", "CLASS",
       "How its disk accesses rank: idle, best-effort[:0-7], realtime[:0-7] (0 goes first)", false,
       read_io_class},
      {"max-rss", "SIZE", "End it when all its processes together have more memory than this",
       false, read_max_rss},
      {"max-cpu-time", "DURATION", "End it when they have used so much CPU time together", false,
       read_max_cpu_time},
      {"cpu-quota", "CPUS",
       "Let them use so many CPUs at a time and no more, 1.5 or 150%: where cgroups can be made",
       false, read_cpu_quota},
      {"io-max", "read=SIZE,write=SIZE",
       "Let them read and write so many bytes a second of each disk: where cgroups can be made",
       false, read_io_max},
      {"memory-retry", "xFACTOR..SIZE",
       "After an attempt that reached its memory limit, give the next so much more: x1.5..8G",
       false, read_memory_retry},
      {"launcher-prefix", "WORDS",
       "Words to put before the command, as arguments and through no shell: 'trickle -d 100'",
       false, read_prefix},
  };
  return fields;
}

const std::vector<TaskField>& need_fields() {
  static const std::vector<TaskField> fields = {
      {"need", "NEEDS", "Hold so much while it runs: cpu=2,memory=4G,licence.matlab", true,
       [](const DraftContext&, TaskDraft& draft, const std::string& value) {
         if (value.empty()) {
           draft.task.needs.amounts.clear();
         } else {
           draft.task.needs = model::parse_needs(value, draft.task.needs).value();
         }
       }},
      {"or-need", "NEEDS", "Where that can't be had: what does as well in its place", true,
       [](const DraftContext&, TaskDraft& draft, const std::string& value) {
         if (value.empty()) {
           draft.task.needs.others.clear();
         } else {
           draft.task.needs = model::parse_other_needs(value, draft.task.needs).value();
         }
       }},
      {"lock", "NAME[:shared]", "Hold this lock while it runs, alone or with others that share it",
       true,
       [](const DraftContext&, TaskDraft& draft, const std::string& value) {
         if (value.empty()) {
           draft.task.needs.locks.clear();
         } else {
           draft.task.needs = model::parse_lock(value, draft.task.needs).value();
         }
       }},
      {"flock", "[shared:]FILE",
       "Hold the lock of this file while it runs, beside flock(1) and others who lock it", true,
       read_flock},
      {"need-free", "PATH=SIZE",
       "Start only when so much is free there, and keep that for it while it runs", true,
       read_need_free},
  };
  return fields;
}

}  // namespace sched::cli
