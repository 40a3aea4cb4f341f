#include "store/schedule_codec.hpp"

namespace sched::store {
namespace {

using base::Json;

Json selection_json(const model::DaySelection& selection) {
  Json json = Json::object();
  if (!selection.expressions.empty()) {
    json["expressions"] = selection.expressions;
  }
  if (!selection.file.empty()) {
    json["file"] = selection.file;
  }
  if (!selection.days.empty()) {
    Json days = Json::array();
    for (const std::chrono::local_days day : selection.days) {
      days.push_back(day.time_since_epoch().count());
    }
    json["days"] = std::move(days);
  }
  return json;
}

model::DaySelection read_selection(const Json& json) {
  model::DaySelection selection;
  selection.expressions = json.value("expressions", std::vector<std::string>{});
  selection.file = json.value("file", std::string());
  for (const Json& day : json.value("days", Json::array())) {
    selection.days.emplace_back(std::chrono::days(day.get<int>()));
  }
  return selection;
}

void put(Json& json, const char* key, std::optional<time::Instant> moment) {
  if (moment) {
    json[key] = time::to_ms(*moment);
  }
}

std::optional<time::Instant> moment(const Json& json, const char* key) {
  return json.contains(key) ? std::optional(time::from_ms(json[key].get<std::int64_t>()))
                            : std::nullopt;
}

}  // namespace

Json schedule_json(const model::Schedule& schedule) {
  const model::Schedule usual;
  Json timers = Json::array();
  for (const model::Timer& timer : schedule.timers) {
    timers.push_back({model::to_string(timer.kind), timer.text});
  }
  Json json = {{"timers", std::move(timers)}, {"zone", schedule.zone}};
  put(json, "anchor_ms", schedule.anchor);
  if (schedule.anchor_given) {
    json["anchor_given"] = true;
  }
  if (schedule.from_finish) {
    json["from_finish"] = true;
  }
  put(json, "not_before_ms", schedule.not_before);
  put(json, "not_after_ms", schedule.not_after);
  if (schedule.count) {
    json["count"] = *schedule.count;
  }
  if (!schedule.except.empty()) {
    json["except"] = selection_json(schedule.except);
  }
  if (!schedule.only.empty()) {
    json["only"] = selection_json(schedule.only);
  }
  if (!(schedule.catch_up == usual.catch_up)) {
    json["catch_up"] = model::to_string(schedule.catch_up);
  }
  if (schedule.overlap != usual.overlap) {
    json["overlap"] = model::to_string(schedule.overlap);
  }
  if (schedule.grace != usual.grace) {
    json["grace_ms"] = schedule.grace.count();
  }
  if (schedule.jitter != usual.jitter) {
    json["jitter_ms"] = schedule.jitter.count();
  }
  return json;
}

model::Schedule read_schedule(const Json& json) {
  model::Schedule schedule;
  for (const Json& timer : json.at("timers")) {
    const auto kind = model::parse_timer_kind(timer.at(0).get<std::string>());
    if (!kind) {
      throw base::Error(base::ErrorKind::store, "its schedule has an unknown trigger");
    }
    schedule.timers.push_back({*kind, timer.at(1).get<std::string>()});
  }
  schedule.zone = json.at("zone").get<std::string>();
  schedule.anchor = moment(json, "anchor_ms");
  schedule.anchor_given = json.value("anchor_given", false);
  schedule.from_finish = json.value("from_finish", false);
  schedule.not_before = moment(json, "not_before_ms");
  schedule.not_after = moment(json, "not_after_ms");
  if (json.contains("count")) {
    schedule.count = json["count"].get<int>();
  }
  if (json.contains("except")) {
    schedule.except = read_selection(json["except"]);
  }
  if (json.contains("only")) {
    schedule.only = read_selection(json["only"]);
  }
  if (json.contains("catch_up")) {
    schedule.catch_up = model::parse_catch_up(json["catch_up"].get<std::string>()).value();
  }
  if (json.contains("overlap")) {
    schedule.overlap = model::parse_overlap(json["overlap"].get<std::string>()).value();
  }
  schedule.grace = time::Duration(json.value("grace_ms", std::int64_t{0}));
  schedule.jitter = time::Duration(json.value("jitter_ms", std::int64_t{0}));
  return schedule;
}

}  // namespace sched::store
