#include "exec/file_locks.hpp"

#include "os/lock.hpp"

#include <cerrno>

namespace sched::exec {

FileLocks take_file_locks(const std::vector<model::FileLock>& files) {
  using model::Ending;
  FileLocks locks;
  for (const model::FileLock& file : files) {
    os::UniqueFd fd = os::open_public_lock_file(file.path);
    if (!fd) {
      return {{}, SpawnFailure{Ending::Kind::not_executed, Ending::Step::flock, errno}};
    }
    if (!(file.shared ? os::try_share(fd.get(), {}) : os::try_lock(fd.get()))) {
      const bool is_taken = errno == EWOULDBLOCK;
      return {{},
              SpawnFailure{is_taken ? Ending::Kind::not_begun : Ending::Kind::not_executed,
                           Ending::Step::flock, errno}};
    }
    locks.held.push_back(std::move(fd));
  }
  return locks;
}

}  // namespace sched::exec
