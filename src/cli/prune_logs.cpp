#include "cli/prune_logs.hpp"

#include <algorithm>

namespace sched::cli {
namespace {

struct ByRun {
  bool operator()(const exec::LogFile& file, model::RunId run) const { return file.run < run; }
  bool operator()(model::RunId run, const exec::LogFile& file) const { return run < file.run; }
};

}  // namespace

PruneLogs::PruneLogs(std::vector<exec::LogFile> files) : files_(std::move(files)) {
  for (const exec::LogFile& file : files_) {
    sizes_[file.run.value] += file.bytes;
  }
}

void PruneLogs::remove(model::RunId run) {
  const auto [first, last] = std::equal_range(files_.begin(), files_.end(), run, ByRun{});
  for (auto file = first; file != last; ++file) {
    remove(*file);
  }
}

void PruneLogs::remove(const exec::LogFile& file) {
  std::error_code failure;
  std::filesystem::remove(file.path, failure);
  touched_.insert(file.path.parent_path());
}

void PruneLogs::remove_empty_directories(store::Store& store) const {
  constexpr std::int64_t k_runs_in_one = 1000;
  const store::Transaction lock(store.db());
  for (const auto& [directory, first] : firsts(k_runs_in_one)) {
    std::error_code failure;
    if (!store.runs().any_unfinished_between(model::RunId(first),
                                             model::RunId(first + k_runs_in_one - 1))) {
      std::filesystem::remove(directory, failure);
    }
  }
}

std::vector<std::pair<std::filesystem::path, std::int64_t>> PruneLogs::firsts(
    std::int64_t in_one) const {
  std::vector<std::pair<std::filesystem::path, std::int64_t>> found;
  for (const exec::LogFile& file : files_) {
    const auto directory = file.path.parent_path();
    if (touched_.contains(directory) && (found.empty() || found.back().first != directory)) {
      found.emplace_back(directory, file.run.value / in_one * in_one);
    }
  }
  return found;
}

}  // namespace sched::cli
