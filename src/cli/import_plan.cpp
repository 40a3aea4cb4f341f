#include "cli/import_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sched::cli {
namespace {

const char* word_of(exchange::Note::Kind kind) {
  switch (kind) {
    case exchange::Note::Kind::taken:
      return "taken";
    case exchange::Note::Kind::changed:
      return "changed";
    case exchange::Note::Kind::refused:
      return "refused";
    case exchange::Note::Kind::ignored:
      return "ignored";
  }
  return "";
}

/// FNV-1a: kept in the store with the keys, so it has to stay the same for ever.
std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace

bool ImportPlan::has_refusals() const {
  return std::any_of(lines.begin(), lines.end(),
                     [](const ImportLine& line) { return line.result == "refused"; });
}

void add_file(ImportPlan& plan, const std::string& file, std::vector<FoundJob> jobs,
              const std::vector<exchange::Note>& notes) {
  struct Entry {
    int line;
    FoundJob* job;
    const exchange::Note* note;
  };
  std::vector<Entry> entries;
  for (FoundJob& job : jobs) {
    entries.push_back({job.line, &job, nullptr});
  }
  for (const exchange::Note& note : notes) {
    entries.push_back({note.line, nullptr, &note});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.line < b.line; });
  for (const Entry& entry : entries) {
    if (entry.note != nullptr) {
      const std::string& source = entry.note->source.empty() ? file : entry.note->source;
      plan.lines.push_back({source, entry.line, word_of(entry.note->kind), entry.note->what});
      continue;
    }
    FoundJob& job = *entry.job;
    const bool refused = !job.refusal.empty();
    plan.jobs.push_back({std::move(job.draft), job.wanted_name, plan.lines.size(), refused});
    plan.lines.push_back({file, job.line, refused ? "refused" : "taken", job.refusal, "",
                          std::move(job.schedule), std::move(job.command)});
  }
}

std::string import_key(const ImportPlan& plan, const std::vector<FoundJob>& before,
                       const std::string& source, const std::string& text) {
  const std::string stem = fmt::format("{}:{:016x}:", source, fingerprint(text));
  const auto same = [&](const auto& job) { return job.draft.task.key.starts_with(stem); };
  const auto ordinal = 1 + std::count_if(before.begin(), before.end(), same) +
                       std::count_if(plan.jobs.begin(), plan.jobs.end(), same);
  return fmt::format("{}{}", stem, ordinal);
}

}  // namespace sched::cli
