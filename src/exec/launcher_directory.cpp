#include "exec/launcher_directory.hpp"

#include "base/text.hpp"
#include "exec/journal.hpp"
#include "exec/launcher_loop.hpp"
#include "os/cgroup.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "os/system_error.hpp"
#include "os/unix_socket.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <set>
#include <string>
#include <system_error>

namespace sched::exec {

namespace {

constexpr const char* k_new = ".new-";
constexpr const char* k_gone = ".gone-";

std::filesystem::path beside(const std::filesystem::path& launchers, const char* prefix,
                             model::LauncherId id) {
  return launchers / (prefix + std::to_string(id.value));
}

/// What a maker that died left is known by its free lock, or by being empty. A maker that lives and
/// has not come so far makes its own anew.
void clear_half_done(const std::filesystem::path& path) {
  std::error_code error;
  const std::string name = path.filename();
  if (name.rfind(k_gone, 0) == 0) {
    std::filesystem::remove_all(path, error);
  } else if (name.rfind(k_new, 0) == 0) {
    const os::UniqueFd worker = open_worker_file(path);
    if (!worker) {
      ::rmdir(path.c_str());
    } else if (os::try_lock(worker.get())) {
      std::filesystem::remove_all(path, error);
    }
  }
}

/// The new directory and the lock in it, which says that we live. Until we have it another worker
/// may take the directory for a dead one's and remove it.
os::UniqueFd make_locked(const std::filesystem::path& making) {
  constexpr int k_tries = 10;
  for (int i = 0; i < k_tries; ++i) {
    os::make_private_directory(making);
    os::UniqueFd lock = os::open_private(making / "worker", O_RDWR | O_CREAT | O_EXCL);
    if (!lock && errno != ENOENT) {
      break;
    }
    if (lock && os::try_lock(lock.get(), std::chrono::seconds(1)) && !is_removed(lock.get())) {
      return lock;
    }
  }
  return {};
}

/// Takes back what was made of a directory, should it not come to be a launcher's. By names, for
/// there may be no descriptor left to list it.
class Making {
 public:
  explicit Making(std::filesystem::path path) : path_(std::move(path)) {}
  ~Making() {
    for (const char* name : {"worker", "journal", "socket", ""}) {
      std::error_code failure;
      std::filesystem::remove(path_ / name, failure);
    }
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

os::UniqueFd beyond_the_fixed(os::UniqueFd fd) {
  return os::UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, k_launcher_socket_fd + 1));
}

/// As a daemon: own session, clean signals, nothing open but what it is given.
pid_t execute_launcher(const LauncherPlaces& places, model::LauncherId id,
                       const std::filesystem::path& directory, os::UniqueFd journal,
                       os::UniqueFd socket) {
  const os::UniqueFd high_journal = beyond_the_fixed(std::move(journal));
  const os::UniqueFd high_socket = beyond_the_fixed(std::move(socket));
  std::vector<std::string> words{"sched",
                                 "--launcher",
                                 directory.string(),
                                 std::to_string(id.value),
                                 std::filesystem::absolute(places.logs).string(),
                                 places.store};
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, high_journal.get(), k_launcher_journal_fd);
  posix_spawn_file_actions_adddup2(&actions, high_socket.get(), k_launcher_socket_fd);
  posix_spawn_file_actions_addclosefrom_np(&actions, k_launcher_socket_fd + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  const int number =
      ::posix_spawn(&pid, os::self_exe().c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (number != 0) {
    throw os::system_error(number, "cannot start a launcher");
  }
  return pid;
}

}  // namespace

std::filesystem::path launcher_path(const std::filesystem::path& launchers, model::LauncherId id) {
  return launchers / std::to_string(id.value);
}

std::filesystem::path worker_path(const std::filesystem::path& launchers, model::LauncherId id) {
  return launcher_path(launchers, id) / "worker";
}

std::vector<model::LauncherId> list_launchers(const std::filesystem::path& launchers) {
  std::vector<model::LauncherId> ids;
  std::vector<std::filesystem::path> half_done;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(launchers, error)) {
    const std::string name = entry.path().filename();
    if (const auto number = base::parse_int(name); number.has_value() && *number > 0) {
      ids.emplace_back(*number);
    } else if (name[0] == '.') {
      half_done.push_back(entry.path());
    }
  }
  std::for_each(half_done.begin(), half_done.end(), clear_half_done);
  std::sort(ids.begin(), ids.end());
  return ids;
}

NewLauncher start_launcher(const LauncherPlaces& places, model::LauncherId id) {
  const std::filesystem::path launchers = std::filesystem::absolute(places.launchers);
  const std::filesystem::path directory = launcher_path(launchers, id);
  const std::string what = "cannot make a launcher in '" + launchers.string() + "'";
  os::make_private_directory(launchers);
  const Making begun(beside(launchers, k_new, id));
  const std::filesystem::path& making = begun.path();
  NewLauncher made;
  made.worker_lock = make_locked(making);
  if (!made.worker_lock) {
    throw os::system_error(errno, what);
  }
  sign_worker_file(made.worker_lock.get());
  os::UniqueFd journal = Journal::create(making / "journal", {id, os::boot_id(), 0});
  const os::UniqueFd handle = os::open_directory(making);
  os::UniqueFd socket = os::listen_stream(handle.get(), "socket");
  if (!os::try_lock(journal.get(), std::chrono::seconds(1)) || !socket) {
    throw os::system_error(errno, what);
  }
  // Before the launcher begins, so that its first look finds its worker.
  made.connection = os::connect_stream(handle.get(), "socket");
  if (!made.connection || ::rename(making.c_str(), directory.c_str()) != 0) {
    throw os::system_error(errno, what);
  }
  made.pid = execute_launcher(places, id, directory, std::move(journal), std::move(socket));
  return made;
}

os::UniqueFd open_worker_file(const std::filesystem::path& directory) {
  return os::open_private(directory / "worker", O_RDWR);
}

void sign_worker_file(int fd) {
  // Of one length, so that a reader never meets the rest of a longer one.
  std::string text = std::to_string(::getpid());
  text.resize(16, '\n');
  os::write_all_at(fd, text, 0);
}

int read_worker_file(int fd) {
  char text[16] = {};
  const ssize_t got = ::pread(fd, text, sizeof text, 0);
  const std::string_view known(text, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return static_cast<int>(base::parse_int(base::trim(known)).value_or(0));
}

bool is_removed(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) != 0 || info.st_nlink == 0;
}

void note_cgroup(const std::filesystem::path& directory, const std::filesystem::path& cgroup) {
  const os::UniqueFd file = os::open_private(directory / "cgroup", O_WRONLY | O_CREAT | O_TRUNC);
  if (!file || !os::write_all(file.get(), cgroup.string())) {
    os::leave_cgroup(cgroup);  // Nobody could find it again.
  }
}

std::filesystem::path noted_cgroup(const std::filesystem::path& directory) {
  const os::UniqueFd file = os::open_private(directory / "cgroup", O_RDONLY);
  const auto path = file ? os::read_all(file.get(), 4096) : base::Result<std::string>("");
  return path.ok() ? *path : "";
}

bool note_limit_groups(const std::filesystem::path& directory, const os::CgroupPlaces& places) {
  std::set<std::string> names;
  for (const auto* place : {&places.memory, &places.cpu, &places.io}) {
    if (*place) {
      names.insert(((*place)->directory / os::own_cgroup_name()).string());
    }
  }
  const os::UniqueFd file = os::open_private(directory / "limits", O_WRONLY | O_CREAT | O_TRUNC);
  return file && os::write_all(file.get(), base::join({names.begin(), names.end()}, "\n"));
}

std::vector<std::filesystem::path> noted_limit_groups(const std::filesystem::path& directory) {
  constexpr std::size_t k_longest_note = 16384;
  std::vector<std::filesystem::path> groups;
  const os::UniqueFd file = os::open_private(directory / "limits", O_RDONLY);
  const auto text = file ? os::read_all(file.get(), k_longest_note) : base::Result<std::string>("");
  for (const std::string& name : base::split(text.ok() ? *text : "", '\n')) {
    if (!name.empty()) {
      const auto found = os::cgroups_after(name);
      groups.insert(groups.end(), found.begin(), found.end());
    }
  }
  return groups;
}

void remove_launcher(const std::filesystem::path& launchers, model::LauncherId id) {
  std::error_code error;
  if (const auto cgroup = noted_cgroup(launcher_path(launchers, id)); !cgroup.empty()) {
    os::remove_cgroup(cgroup);
  }
  for (const auto& group : noted_limit_groups(launcher_path(launchers, id))) {
    os::remove_cgroup(group);
  }
  const std::filesystem::path gone = beside(launchers, k_gone, id);
  std::filesystem::rename(launcher_path(launchers, id), gone, error);
  std::filesystem::remove_all(gone, error);
}

}  // namespace sched::exec
