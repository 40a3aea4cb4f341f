#include "cli/bulk.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/list_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sched::cli {
namespace {

using base::Json;

std::vector<std::string> known_keys() {
  std::vector<std::string> keys = {"name", "command"};
  for (const TaskField& field : task_fields()) {
    keys.emplace_back(field.name);
  }
  return keys;
}

std::string scalar(const std::string& key, const Json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_number_integer() || value.is_boolean()) {
    return value.dump();
  }
  throw base::bad_input(fmt::format("{}: a value of another kind is wanted, not {}",
                                    base::quote(key), value.is_null() ? "null" : value.type_name()),
                        "write texts in quotes; whole numbers, true and false may stand alone");
}

std::vector<std::string> values_of(const TaskField& field, const Json& value) {
  const std::string key = field.name;
  std::vector<std::string> values;
  if (value.is_object() && (key == "env" || key == "limit")) {
    for (const auto& [name, item] : value.items()) {
      values.push_back(name + "=" + scalar(key, item));
    }
    return values;
  }
  if (!value.is_array()) {
    return {scalar(key, value)};
  }
  if (!field.repeatable) {
    throw base::bad_input(fmt::format("{} takes one value, not a list", base::quote(key)));
  }
  for (const Json& item : value) {
    values.push_back(scalar(key, item));
  }
  return values;
}

std::vector<std::string> command_of(const Json& value) {
  if (!value.is_array()) {
    throw base::bad_input("'command' must be an array of texts",
                          R"(such as ["make", "-j2"]; a text for a )"
                          R"(shell goes into "shell")");
  }
  std::vector<std::string> argv;
  for (const Json& word : value) {
    if (!word.is_string()) {
      throw base::bad_input("'command' must be an array of texts", "put numbers in quotes too");
    }
    argv.push_back(word.get<std::string>());
  }
  if (argv.empty()) {
    throw base::bad_input("the command is empty", "its first word is the program to execute");
  }
  return argv;
}

/// The parser's complaint without its own numbering and what it has read, which may be long and may
/// be no text: "parse error at line 1, column 7: syntax error ...".
std::string complaint(const Json::exception& failure) {
  std::string what = failure.what();
  const std::size_t behind = what.find("] ");
  what.erase(0, behind == std::string::npos ? 0 : behind + 2);
  what.resize(std::min(what.find("; last read: "), what.size()));
  constexpr std::size_t k_long = 200;  // a number may have a million digits
  return what.substr(0, k_long);
}

/// The line as JSON in which no key stands twice: which of the two was meant nobody can tell. To
/// look for that costs as much as to parse, and what was `looked_at` once is not again.
Json parse_line(std::string_view line, bool looked_at) {
  std::vector<std::set<std::string>> open;  // the keys of the objects around the place
  const auto look = [&open](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      open.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      open.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const std::string key = parsed.get<std::string>();
      if (!open.back().insert(key).second) {
        throw base::bad_input(fmt::format("the key {} is there twice", base::quote(key)),
                              "a key that takes several values takes them as an array");
      }
    }
    return true;
  };
  try {
    return looked_at ? Json::parse(line) : Json::parse(line, look);
  } catch (const Json::exception& failure) {  // a number beyond all bounds too
    throw base::bad_input("no JSON: " + complaint(failure), "one object a line, one task each");
  }
}

}  // namespace

TaskDraft read_bulk_line(std::string_view line, const DraftContext& context, bool looked_at) {
  if (line.size() > k_longest_line) {
    throw base::bad_input(
        fmt::format("the line has {} bytes, at most {} are taken", line.size(), k_longest_line),
        "hand large data over with file: in stdin");
  }
  if (!base::is_utf8(line)) {
    throw base::bad_input("the line is not UTF-8");
  }
  const Json json = parse_line(line, looked_at);
  if (!json.is_object()) {
    throw base::bad_input("no JSON object", "one object a line, one task each");
  }
  TaskDraft draft;
  for (const auto& [key, value] : json.items()) {
    if (key == "name") {
      draft.task.name = scalar(key, value);
      if (draft.task.name.empty()) {
        throw base::bad_input("the name is empty", "leave it out for task-ID");
      }
    } else if (key == "command") {
      draft.task.command = {command_of(value), false};
    } else if (const TaskField* field = find_task_field(key)) {
      read_new_field(*field, context, draft, values_of(*field, value));
    } else {
      throw base::bad_input(
          fmt::format("unknown key {}", base::quote(key)),
          base::did_you_mean(key, known_keys(), "keys are the long options of sched add"));
    }
  }
  if (json.contains("command") && json.contains("shell")) {
    throw base::bad_input("'command' and 'shell' exclude each other");
  }
  if (draft.task.command.argv.empty()) {
    throw base::bad_input("no command is given",
                          "as an array in 'command', or as a text in 'shell'");
  }
  return draft;
}

BulkLines::BulkLines(std::istream& input) {
  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    if (!base::trim(line).empty()) {
      lines_.push_back({number, all_.size(), line.size()});
      all_ += line;
    }
  }
}

std::string_view BulkLines::text(std::size_t place) const {
  const Line& line = lines_[place];
  return std::string_view(all_).substr(line.begin, line.bytes);
}

TaskDraft BulkReader::read(std::string_view line, bool looked_at) {
  TaskDraft draft = read_bulk_line(line, context_, looked_at);
  if (capture_ != draft.capture) {
    captured_ = captured_environment(context_, draft.capture);
    capture_ = draft.capture;
  }
  surround(context_, umask_, captured_, draft);
  return draft;
}

std::vector<TaskDraft> BulkReader::read_all(const BulkLines& lines,
                                            std::vector<DraftError>& errors) {
  std::vector<TaskDraft> drafts;
  for (std::size_t place = 0; place < lines.size(); ++place) {
    attempt(place, errors, [&] { drafts.push_back(read(lines.text(place))); });
  }
  return drafts;
}

}  // namespace sched::cli
