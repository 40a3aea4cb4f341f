#include "cli/stray_logs.hpp"

namespace sched::cli {

std::vector<exec::LogFile> stray_logs(store::Store& store, std::vector<exec::LogFile> files) {
  const store::Snapshot moment(store.db());
  std::erase_if(files, [&](const exec::LogFile& file) {
    return store.attempts().exists(file.run, file.attempt);
  });
  return files;
}

}  // namespace sched::cli
