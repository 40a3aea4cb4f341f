#include "cli/export_losses.hpp"

#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr int k_usual_umask = 022;

/// Those that an import gives say only where the task came from.
bool has_own_tags(const model::Task& task) {
  return std::any_of(task.tags.begin(), task.tags.end(), [](const std::string& tag) {
    return tag != "crontab" && tag != "systemd" && tag != "at";
  });
}

/// Full minutes of at most a day are cron's RANDOM_DELAY.
bool is_random_delay(time::Duration jitter) {
  return jitter % std::chrono::minutes(1) == time::Duration::zero() &&
         jitter <= std::chrono::hours(24);
}

void add_schedule_losses(const model::Schedule& schedule, ExportFormat format,
                         std::vector<std::string>& losses) {
  const bool is_cron = format == ExportFormat::crontab;
  const auto lose = [&losses](bool is_lost, std::string what) {
    if (is_lost) {
      losses.push_back(std::move(what));
    }
  };
  lose(!schedule.except.empty(), "--except");
  lose(!schedule.only.empty(), "--only");
  lose(schedule.not_before.has_value(), "--not-before");
  lose(schedule.not_after.has_value(), "--not-after");
  lose(schedule.count.has_value(), "--count");
  lose(schedule.grace.count() > 0, "--grace");
  // Cron makes up for nothing, a timer for the newest at most.
  const auto catch_up = schedule.catch_up.kind;
  lose(is_cron ? catch_up != model::CatchUp::Kind::none : catch_up == model::CatchUp::Kind::all,
       "--catch-up " + to_string(schedule.catch_up));
  const model::Overlap usual = is_cron ? model::Overlap::allow : model::Overlap::skip;
  lose(schedule.overlap != usual, fmt::format("--overlap {}", to_string(schedule.overlap)));
  lose(is_cron && !is_random_delay(schedule.jitter),
       "--jitter " + time::to_string(schedule.jitter));
}

}  // namespace

bool is_linked(const ExportedHandler& handler) {
  return handler.is_exported && handler.kind != model::HandlerKind::fallback;
}

std::vector<std::string> losses_of(const ExportedTask& exported, ExportFormat format) {
  const model::Task& task = exported.task;
  const bool is_cron = format == ExportFormat::crontab;
  std::vector<std::string> losses;
  const auto lose = [&losses](bool is_lost, const char* what) {
    if (is_lost) {
      losses.emplace_back(what);
    }
  };
  lose(exported.comes_after, "--after");
  if (task.schedule) {
    add_schedule_losses(*task.schedule, format, losses);
  }
  lose(task.retry.retries > 0, "--retries");
  lose(is_cron && task.timeout.count() > 0, "--timeout");
  lose(task.idle_timeout.count() > 0, "--idle-timeout");
  lose(is_cron && !task.env_file.empty(), "--env-file");
  lose(!task.stdin_file.empty(), "--stdin");
  lose(!task.limits.empty(), "--limit");
  lose(is_cron && task.nice.has_value(), "--nice");
  lose(is_cron && task.surroundings.umask != k_usual_umask, "the umask");
  lose(task.queue != model::k_default_queue, "--queue");
  lose(!task.needs.amounts.empty(), "--need");
  lose(!task.needs.others.empty(), "--or-need");
  lose(!task.needs.locks.empty(), "--lock");
  lose(!task.needs.files.empty(), "--flock");
  lose(!task.needs.space.empty(), "--need-free");
  lose(!task.machine.nice_map.empty(), "--nice-map");
  lose(!task.machine.cpus.empty(), "--cpus");
  lose(task.machine.io_class.has_value(), "--io-class");
  lose(is_cron && task.machine.max_rss_bytes.has_value(), "--max-rss");
  lose(task.machine.max_cpu_time.count() > 0, "--max-cpu-time");
  lose(is_cron && task.machine.cpu_quota != 0, "--cpu-quota");
  lose(!task.machine.io_max.empty(), "--io-max");
  lose(!task.machine.launcher_prefix.empty(), "--launcher-prefix");
  lose(!task.deadlines.empty(), "--deadline");
  lose(task.breaker.has_value(), "--breaker");
  for (const model::HandlerKind kind : model::all_handler_kinds()) {
    lose(std::any_of(exported.handlers.begin(), exported.handlers.end(),
                     [&](const ExportedHandler& handler) {
                       return handler.kind == kind && (is_cron || !is_linked(handler));
                     }),
         (std::string("--") + model::option_of(kind)).c_str());
  }
  lose(!task.max_fails.empty(), "--max-fails");
  lose(task.priority != 0, "--priority");
  lose(has_own_tags(task), "--tag");
  return losses;
}

}  // namespace sched::cli
