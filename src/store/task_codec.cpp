#include "store/task_codec.hpp"

#include "base/json.hpp"
#include "store/machine_codec.hpp"
#include "store/schedule_codec.hpp"

#include <fmt/format.h>

namespace sched::store {
namespace {

using base::Json;

void put(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) {
    json[key] = value;
  }
}

void put(Json& json, const char* key, time::Duration value, time::Duration usual) {
  if (value != usual) {
    json[key] = value.count();
  }
}

time::Duration duration(const Json& json, const char* key, time::Duration usual) {
  return json.contains(key) ? time::Duration(json[key].get<std::int64_t>()) : usual;
}

base::Error damaged(const char* what) {
  return {base::ErrorKind::store, fmt::format("a task's row can't be read: {}", what),
          "restore a backup"};
}

void put_retry(Json& json, const model::RetryPolicy& retry) {
  const model::RetryPolicy usual;
  if (retry.retries != 0) {
    json["retries"] = retry.retries;
  }
  if (!(retry.backoff == usual.backoff)) {
    json["backoff"] = model::to_string(retry.backoff);
  }
  if (retry.retry_on) {
    json["retry_on"] = model::to_string(*retry.retry_on);
  }
  if (!retry.no_retry_on.empty()) {
    json["no_retry_on"] = model::to_string(retry.no_retry_on);
  }
}

void read_retry(const Json& json, model::RetryPolicy& retry) {
  retry.retries = json.value("retries", 0);
  if (json.contains("backoff")) {
    retry.backoff = model::parse_backoff(json["backoff"].get<std::string>()).value();
  }
  if (json.contains("retry_on")) {
    retry.retry_on = model::parse_end_set(json["retry_on"].get<std::string>()).value();
  }
  if (json.contains("no_retry_on")) {
    retry.no_retry_on = model::parse_end_set(json["no_retry_on"].get<std::string>()).value();
  }
}

void read_fields(const Json& json, model::Task& task) {
  task.command.argv = json.value("argv", std::vector<std::string>{});
  task.command.shell = json.value("shell", false);
  task.env_file = json.value("env_file", std::string());
  if (json.contains("stdin_text")) {
    task.stdin_text = json["stdin_text"].get<std::string>();
  }
  task.stdin_file = json.value("stdin_file", std::string());
  task.split_output = json.value("split_output", false);
  task.log_limit_bytes = json.value("log_limit", model::k_default_log_limit);
  if (json.contains("join")) {
    task.join = model::parse_join(json["join"].get<std::string>()).value();
  }
  if (json.contains("schedule")) {
    task.schedule = read_schedule(json["schedule"]);
  }
  read_retry(json, task.retry);
  if (json.contains("limits")) {
    task.limits = model::parse_limits(json["limits"].get<std::string>()).value();
  }
  if (json.contains("nice")) {
    task.nice = json["nice"].get<int>();
  }
  task.machine = read_machine(json);
  task.contain = json.value("contain", false);
  task.preemptible = json.value("preemptible", false);
  if (json.contains("deadline")) {
    task.deadlines.soft = model::parse_deadline(json["deadline"].get<std::string>()).value();
  }
  if (json.contains("hard_deadline")) {
    task.deadlines.hard = model::parse_deadline(json["hard_deadline"].get<std::string>()).value();
  }
  if (json.contains("breaker")) {
    task.breaker = model::parse_breaker(json["breaker"].get<std::string>()).value();
    task.breaker_cooldown = duration(json, "breaker_cooldown_ms", model::k_default_cooldown);
  }
  for (const std::string& bound : json.value("max_fails", std::vector<std::string>{})) {
    task.max_fails = model::parse_max_fails(bound, task.max_fails).value();
  }
  task.timeout = duration(json, "timeout_ms", {});
  task.idle_timeout = duration(json, "idle_timeout_ms", {});
  task.grace_kill = duration(json, "grace_kill_ms", model::k_default_grace_kill);
}

}  // namespace

std::string spec_of(const model::Task& task) {
  Json json = Json::object();
  json["argv"] = task.command.argv;
  if (task.command.shell) {
    json["shell"] = true;
  }
  put(json, "env_file", task.env_file);
  if (task.stdin_text) {
    json["stdin_text"] = *task.stdin_text;
  }
  put(json, "stdin_file", task.stdin_file);
  if (task.split_output) {
    json["split_output"] = true;
  }
  if (task.log_limit_bytes != model::k_default_log_limit) {
    json["log_limit"] = task.log_limit_bytes;
  }
  if (!(task.join == model::Join{})) {
    json["join"] = model::to_string(task.join);
  }
  if (task.schedule) {
    json["schedule"] = schedule_json(*task.schedule);
  }
  put_retry(json, task.retry);
  if (!task.limits.empty()) {
    json["limits"] = model::to_string(task.limits);
  }
  if (task.nice) {
    json["nice"] = *task.nice;
  }
  put_machine(json, task.machine);
  if (task.preemptible) {
    json["preemptible"] = true;
  }
  if (task.contain) {
    json["contain"] = true;
  }
  if (task.deadlines.soft) {
    json["deadline"] = model::to_string(*task.deadlines.soft);
  }
  if (task.deadlines.hard) {
    json["hard_deadline"] = model::to_string(*task.deadlines.hard);
  }
  if (task.breaker) {
    json["breaker"] = model::to_string(*task.breaker);
    put(json, "breaker_cooldown_ms", task.breaker_cooldown, model::k_default_cooldown);
  }
  if (!task.max_fails.empty()) {
    json["max_fails"] = model::to_words(task.max_fails);
  }
  put(json, "timeout_ms", task.timeout, {});
  put(json, "idle_timeout_ms", task.idle_timeout, {});
  put(json, "grace_kill_ms", task.grace_kill, model::k_default_grace_kill);
  return base::to_text(json);
}

void read_spec(const std::string& spec, model::Task& task) {
  const Json json = Json::parse(spec, nullptr, false);
  if (!json.is_object()) {
    throw damaged("its specification is no JSON object");
  }
  try {
    read_fields(json, task);
  } catch (const Json::exception& failure) {
    throw damaged(failure.what());
  } catch (const base::Error& failure) {
    throw damaged(failure.what());
  }
}

model::Join join_in(std::string_view spec) {
  // Most specifications have none: what is not in the text need not be looked for in the JSON.
  if (spec.find("\"join\"") == std::string_view::npos) {
    return {};
  }
  model::Task task;
  read_spec(std::string(spec), task);
  return task.join;
}

std::string body_of(const model::Surroundings& surroundings) {
  return base::to_text(Json{{"directory", surroundings.directory},
                            {"umask", surroundings.umask},
                            {"environment", surroundings.environment}});
}

model::Surroundings read_surroundings(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) {
    throw damaged("its surroundings are no JSON object");
  }
  try {
    return {json.at("directory").get<std::string>(), json.at("umask").get<int>(),
            json.at("environment").get<std::map<std::string, std::string, std::less<>>>()};
  } catch (const Json::exception& failure) {
    throw damaged(failure.what());
  }
}

}  // namespace sched::store
