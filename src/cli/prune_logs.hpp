#pragma once

#include "exec/log_files.hpp"
#include "store/prune_plan.hpp"

#include <filesystem>
#include <set>
#include <utility>
#include <vector>

namespace sched::cli {

/// The logs of a store by run, as they were before anything was removed.
class PruneLogs {
 public:
  explicit PruneLogs(std::vector<exec::LogFile> files);

  const std::vector<exec::LogFile>& files() const { return files_; }
  const store::LogSizes& sizes() const { return sizes_; }

  void remove(model::RunId run);
  void remove(const exec::LogFile& file);
  /// Under the write lock, and only where no unfinished run could be about to write: what a
  /// launcher has just made stays.
  void remove_empty_directories(store::Store& store) const;

 private:
  std::vector<std::pair<std::filesystem::path, std::int64_t>> firsts(std::int64_t in_one) const;

  std::vector<exec::LogFile> files_;  ///< By run.
  store::LogSizes sizes_;
  std::set<std::filesystem::path> touched_;
};

}  // namespace sched::cli
