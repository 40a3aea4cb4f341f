#include "cli/import_report.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "render/safe_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

bool is_job(const ImportLine& line) {
  return !line.task.empty() || !line.schedule.empty();
}

std::string words_of(const ImportLine& line) {
  if (!is_job(line)) {
    return line.what;
  }
  std::vector<std::string> words;
  for (const std::string& word : {line.task, line.schedule}) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  const std::string job = fmt::format("{}: {}", base::join(words, ": "), base::quote(line.command));
  return line.what.empty() ? job : fmt::format("{}: {}", job, line.what);
}

base::Json json_of(const ImportLine& line) {
  const auto given = [](const std::string& text) {
    return text.empty() ? base::Json(nullptr) : base::Json(text);
  };
  base::Json json;
  json["file"] = given(line.file);
  json["line"] = line.line == 0 ? base::Json(nullptr) : base::Json(line.line);
  json["result"] = line.result;
  json["what"] = given(line.what);
  json["is_job"] = is_job(line);
  json["task"] = given(line.task);
  json["schedule"] = given(line.schedule);
  json["command"] = is_job(line) ? base::Json(line.command) : base::Json(nullptr);
  return json;
}

}  // namespace

void report_import(Session& session, const ImportPlan& plan) {
  if (session.json) {
    base::Json report = base::Json::array();
    for (const ImportLine& line : plan.lines) {
      report.push_back(json_of(line));
    }
    session.print(render::safe_json(base::to_pretty_text(report)) + "\n");
    return;
  }
  const bool one_file =
      std::all_of(plan.lines.begin(), plan.lines.end(), [&](const ImportLine& line) {
        return line.file.empty() || line.file == plan.lines.front().file;
      });
  for (const ImportLine& line : plan.lines) {
    std::string place = line.line == 0 ? "-" : fmt::format("{}", line.line);
    if (!one_file && !line.file.empty()) {
      place = line.line == 0 ? line.file : fmt::format("{}:{}", line.file, line.line);
    }
    session.print(
        render::safe(fmt::format("{:>4}  {:<9}  {}", place, line.result, words_of(line))) + "\n");
  }
}

std::string summary_of_import(const ImportPlan& plan) {
  std::vector<std::string> parts;
  for (const char* result : {"taken", "updated", "unchanged", "removed", "refused"}) {
    const auto count =
        std::count_if(plan.lines.begin(), plan.lines.end(), [&](const ImportLine& line) {
          return line.result == result && (is_job(line) || line.result == "refused");
        });
    if (count > 0) {
      parts.push_back(fmt::format("{} {}", count, result));
    }
  }
  return parts.empty() ? "no jobs" : base::join(parts, ", ");
}

}  // namespace sched::cli
