#include "cli/stray_logs.hpp"

#include "store/short_reads.hpp"

namespace sched::cli {

std::vector<exec::LogFile> stray_logs(store::Store& store, std::vector<exec::LogFile> files) {
  store::ShortReads reads(store.db());
  std::erase_if(files, [&](const exec::LogFile& file) {
    reads.db();  // There may be a million.
    return store.attempts().exists(file.run, file.attempt);
  });
  return files;
}

}  // namespace sched::cli
