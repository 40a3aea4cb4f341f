#pragma once

#include "model/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace sched::exec {

/// A file of LOGS, and the attempt that its name tells.
struct LogFile {
  model::RunId run;
  int attempt = 0;
  std::filesystem::path path;
  std::uint64_t bytes = 0;
};

/// All files below LOGS by run and attempt. What has another name or lies elsewhere than the log of
/// such an attempt would is left out, and added to `foreign` where that is asked for.
std::vector<LogFile> list_log_files(const std::filesystem::path& logs,
                                    std::vector<std::filesystem::path>* foreign = nullptr);

}  // namespace sched::exec
