#pragma once

#include "cli/draft.hpp"
#include "exchange/notes.hpp"
#include "os/account.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

/// A line of the report of an import.
struct ImportLine {
  std::string file;
  int line = 0;  ///< 0 for the file as a whole.
  std::string
      result;  ///< taken, changed, refused, ignored; of jobs also updated, unchanged, removed.
  std::string what;
  std::string task = {};      ///< Only of a job.
  std::string schedule = {};  ///< Only of a job.
  std::string command = {};   ///< Only of a job.
};

/// A unit that is to run at the ends of a job.
struct ImportLink {
  model::HandlerKind kind = model::HandlerKind::failure;
  std::string unit;
  std::size_t line = 0;  ///< Its place in the report.
};

/// What becomes a task.
struct ImportJob {
  TaskDraft draft;          ///< Its key tells it again at the next import.
  std::string wanted_name;  ///< Of any letters; a free name is made from it.
  std::size_t line = 0;     ///< Its place in the report.
  bool refused = false;
  std::optional<model::TaskId> stored = {};  ///< Made by an earlier import.
  std::string unit = {};                     ///< The service that it was, in systemd.
  std::vector<ImportLink> links = {};        ///< What its handlers are to be.
};

/// Everything that an import found.
struct ImportPlan {
  std::vector<ImportJob> jobs;
  std::vector<ImportLine> lines;
  /// How the keys of the tasks begin that came from here: what is gone is looked for among them.
  std::vector<std::string> sources;
  std::string tag;

  bool has_refusals() const;
};

/// What is known of the one who imports.
struct ImportOwner {
  os::Account account;
  time::Instant now{};
};

/// A job with where it stands, before it has its place in the report.
struct FoundJob {
  int line = 0;
  TaskDraft draft;
  std::string wanted_name;
  std::string schedule;
  std::string command;
  std::string refusal = {};  ///< Why it can't be a task; "" when it can.
};

/// Puts what was found in a file into the plan, by line.
void add_file(ImportPlan& plan, const std::string& file, std::vector<FoundJob> jobs,
              const std::vector<exchange::Note>& notes);

/// The plan's key for what has this source and this text: the same for the same text, with a number
/// for several of them.
std::string import_key(const ImportPlan& plan, const std::vector<FoundJob>& before,
                       const std::string& source, const std::string& text);

/// A legal name of a task near to `wanted`, never empty.
std::string legal_name(const std::string& wanted);

/// What a job is called: its comment when that is a short title, else the program of its command.
std::string name_of_job(const std::string& comment, const std::string& command);

}  // namespace sched::cli
