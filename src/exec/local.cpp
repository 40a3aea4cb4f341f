#include "exec/local.hpp"

#include "exec/dead_launcher.hpp"
#include "exec/launcher_directory.hpp"
#include "exec/link.hpp"
#include "os/lock.hpp"
#include "os/poller.hpp"
#include "os/process.hpp"
#include "os/system_clock.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace sched::exec {

namespace {

using State = Link::State;

constexpr std::uint64_t k_attention_key = 0;
constexpr std::uint64_t k_recheck_key = 1;
/// Launchers and the workers of others have keys by launcher: 2·id + 2 and one more.
std::uint64_t link_key(model::LauncherId id) {
  return static_cast<std::uint64_t>(id.value) * 2 + 2;
}
std::uint64_t watch_key(model::LauncherId id) {
  return link_key(id) + 1;
}

/// A launcher that lives answers within milliseconds; one that does not may be stopped or starved.
constexpr time::Duration k_answer_patience(2000);
/// For a lock that a child between clone and exec, or a look at it, holds for a moment.
constexpr time::Duration k_lock_patience(50);
constexpr time::Duration k_recheck(200);

}  // namespace

struct LocalExecutor::Impl {
  explicit Impl(LauncherPlaces where) : places(std::move(where)) {
    poller.add(attention.get(), k_attention_key);
    poller.add(recheck.get(), k_recheck_key);
  }

  LauncherPlaces places;
  os::Poller poller;
  os::UniqueFd attention{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  os::UniqueFd recheck{::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
  std::map<model::LauncherId, Link> links;
  std::map<model::LauncherId, os::UniqueFd> watched;  ///< Pidfds of workers that are not us.
  struct Dead {
    os::UniqueFd worker_lock;
    os::UniqueFd journal;
    Roster roster;
  };
  std::map<model::LauncherId, Dead> dead;  ///< Until they are discarded.
  std::vector<Ended> ended;
  model::LauncherId current;
  int slots = 0;
  bool look_again = false;  ///< A worker died, or what was undecided may be decided now.

  bool something_to_take_over() const {
    return look_again || std::any_of(links.begin(), links.end(), [](const auto& entry) {
             return entry.second.state == State::cut || entry.second.news.has_value();
           });
  }

  /// Makes wake_fd() readable exactly while poll() or take_over() has something to say.
  void call_attention() {
    std::uint64_t value = 1;
    if (!ended.empty() || something_to_take_over()) {
      [[maybe_unused]] const auto done = ::write(attention.get(), &value, sizeof value);
    } else {
      [[maybe_unused]] const auto done = ::read(attention.get(), &value, sizeof value);
    }
  }

  void look_again_soon() {
    itimerspec spec{};
    spec.it_value.tv_nsec = std::chrono::nanoseconds(k_recheck).count();
    ::timerfd_settime(recheck.get(), 0, &spec, nullptr);
  }

  void add(Link link) {
    const model::LauncherId id = link.id;
    if (link.channel.open()) {
      poller.add(link.channel.fd(), link_key(id), link.channel.wants_write());
    }
    links.insert_or_assign(id, std::move(link));
  }

  /// Reads and writes what can be, and keeps the books on the connection.
  void move(Link& link) {
    if (link.state == State::cut) {
      return;
    }
    const int fd = link.channel.fd();
    pump(link, ended);
    if (link.state == State::cut) {
      if (current == link.id) {
        current = {};
      }
    } else {
      poller.want_write(fd, link_key(link.id), link.channel.wants_write());
    }
  }

  void send(Link& link, const Message& message) {
    if (link.state != State::cut) {
      link.channel.send(message);
    }
  }

  void flush(Link& link) {
    if (link.state != State::cut) {
      link.channel.flush();
      poller.want_write(link.channel.fd(), link_key(link.id), link.channel.wants_write());
    }
  }

  void serve() {
    for (const os::Ready& ready : poller.wait(time::Duration(0))) {
      if (ready.key == k_attention_key) {
        continue;
      }
      if (ready.key == k_recheck_key) {
        std::uint64_t expirations = 0;
        look_again = ::read(recheck.get(), &expirations, sizeof expirations) > 0 || look_again;
        continue;
      }
      const model::LauncherId id(static_cast<std::int64_t>(ready.key / 2) - 1);
      if (ready.key % 2 != 0) {
        watched.erase(id);  // That worker died; its launcher is free.
        look_again = true;
      } else if (const auto found = links.find(id); found != links.end()) {
        move(found->second);
      }
    }
  }

  void reap(Link& link) {
    if (link.child > 0 && ::waitpid(link.child, nullptr, WNOHANG) == link.child) {
      link.child = 0;
    }
  }

  /// A launcher whose worker lock is ours: dead, or to be attached to.
  void look_into(Link link) {
    link.channel = Channel();
    DeadJournal journal = try_journal(link.directory, time::Duration(0));
    if (!journal.dead && !connect(link)) {
      journal = try_journal(link.directory, k_lock_patience);
    }
    if (journal.dead) {
      reap(link);
      Roster roster = bury_launcher(places, link.id, journal.file.get());
      dead.insert_or_assign(
          link.id, Dead{std::move(link.worker_lock), std::move(journal.file), std::move(roster)});
      links.erase(link.id);
      return;
    }
    if (link.state == State::cut) {
      look_again_soon();
    }
    add(std::move(link));
  }

  void look_into_cut_links() {
    std::vector<model::LauncherId> cut;
    for (const auto& [id, link] : links) {
      if (link.state == State::cut && !link.news.has_value()) {
        cut.push_back(id);
      }
    }
    for (const model::LauncherId id : cut) {
      Link link = std::move(links.at(id));
      links.erase(id);
      look_into(std::move(link));
    }
  }

  /// A directory of somebody else: watched while its worker lives, ours from then on.
  void look_at_other(model::LauncherId id) {
    Link link;
    link.id = id;
    link.directory = launcher_path(places.launchers, id);
    link.worker_lock = open_worker_file(link.directory);
    if (!link.worker_lock) {
      return;
    }
    if (!os::try_lock(link.worker_lock.get())) {
      const WorkerInfo info = read_worker_file(link.worker_lock.get());
      os::UniqueFd pidfd = info.pid > 0 ? os::open_pidfd(info.pid) : os::UniqueFd();
      const bool takeable =
          os::try_lock(link.worker_lock.get(), pidfd ? time::Duration(0) : k_lock_patience);
      if (!takeable) {
        if (pidfd) {
          poller.add(pidfd.get(), watch_key(id));
          watched.insert_or_assign(id, std::move(pidfd));
        } else {
          look_again_soon();
        }
        return;
      }
    }
    if (is_removed(link.worker_lock.get())) {
      return;
    }
    sign_worker_file(link.worker_lock.get(), slots);
    look_into(std::move(link));
  }

  /// Waits a little for those that were just greeted, all at once.
  void hear_tallies() {
    const time::Duration deadline = os::monotonic_now() + k_answer_patience;
    for (;;) {
      std::vector<pollfd> sockets;
      for (auto& [id, link] : links) {
        move(link);
        if (link.state == State::attaching && !link.was_waited_for && !is_stopped(link.directory)) {
          sockets.push_back({link.channel.fd(), POLLIN, 0});
        }
      }
      const time::Duration left = deadline - os::monotonic_now();
      if (sockets.empty() || left.count() <= 0) {
        break;
      }
      ::poll(sockets.data(), sockets.size(),
             static_cast<int>(std::min(left, time::Duration(20)).count()));
    }
    for (auto& [id, link] : links) {
      link.was_waited_for = true;  // Later it may take its time: wake_fd tells.
    }
  }

  std::vector<Roster> collect() {
    std::vector<Roster> rosters;
    for (auto& [id, link] : links) {
      if (link.news.has_value()) {
        rosters.push_back(std::move(*link.news));
        link.news.reset();
        if (!current) {
          current = id;
        }
      }
    }
    for (const auto& [id, one] : dead) {
      rosters.push_back(one.roster);
    }
    return rosters;
  }

  /// The link that has an attempt, or all of them when none is known to have it.
  std::vector<Link*> links_with(const model::Claim& claim) {
    std::vector<Link*> all;
    for (auto& [id, link] : links) {
      if (link.running.count(claim) != 0) {
        return {&link};
      }
      all.push_back(&link);
    }
    return all;
  }
};

LocalExecutor::LocalExecutor(LauncherPlaces places)
    : impl_(std::make_unique<Impl>(std::move(places))) {}

LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::open(model::LauncherId id, int slots) {
  NewLauncher made = start_launcher(impl_->places, id, slots);
  Link link;
  link.id = id;
  link.directory = launcher_path(impl_->places.launchers, id);
  link.worker_lock = std::move(made.worker_lock);
  link.channel = Channel(std::move(made.connection));
  link.child = made.pid;
  link.state = State::attached;
  impl_->add(std::move(link));
  impl_->current = id;
  impl_->slots = slots;
}

model::LauncherId LocalExecutor::current() const {
  return impl_->current;
}

int LocalExecutor::launcher_pid() const {
  const auto found = impl_->links.find(impl_->current);
  return found == impl_->links.end() ? 0
         : found->second.child > 0   ? found->second.child
                                     : noted_pid(found->second.directory);
}

std::vector<Roster> LocalExecutor::take_over() {
  impl_->serve();
  impl_->look_again = false;
  for (const model::LauncherId id : list_launchers(impl_->places.launchers)) {
    const auto found = impl_->links.find(id);
    if (found == impl_->links.end()) {
      if (impl_->dead.count(id) == 0 && impl_->watched.count(id) == 0) {
        impl_->look_at_other(id);
      }
    }
  }
  // A launcher may die between our look at its lock and its answer: then it is looked at again.
  constexpr int k_rounds = 5;
  for (int round = 0; round < k_rounds; ++round) {
    impl_->look_into_cut_links();
    impl_->hear_tallies();
  }
  auto rosters = impl_->collect();
  impl_->call_attention();
  return rosters;
}

void LocalExecutor::discard(model::LauncherId id) {
  remove_launcher(impl_->places.launchers, id);
  impl_->dead.erase(id);
}

bool LocalExecutor::launcher_died() const {
  return std::any_of(impl_->links.begin(), impl_->links.end(),
                     [](const auto& entry) { return entry.second.state == State::cut; });
}

bool LocalExecutor::take_over_is_due() const {
  return impl_->something_to_take_over();
}

void LocalExecutor::start(std::vector<Launch> launches) {
  const auto found = impl_->links.find(impl_->current);
  if (found == impl_->links.end() || found->second.state == State::cut) {
    for (const Launch& launch : launches) {
      Ended never{launch.claim, {}};
      never.ending.kind = model::Ending::Kind::not_begun;
      never.ending.code = ESRCH;
      never.ending.started_at = never.ending.ended_at = os::wall_now();
      impl_->ended.push_back(std::move(never));
    }
    impl_->call_attention();
    return;
  }
  Link& link = found->second;
  for (Launch& launch : launches) {
    link.running.insert(launch.claim);
    impl_->send(link, std::move(launch));
  }
  impl_->flush(link);
}

std::vector<Ended> LocalExecutor::poll() {
  impl_->serve();
  std::vector<Ended> result;
  result.swap(impl_->ended);
  impl_->call_attention();
  return result;
}

void LocalExecutor::cancel(const model::Claim& claim, model::Ending::Cause cause) {
  for (Link* link : impl_->links_with(claim)) {
    impl_->send(*link, Cancel{claim, cause});
    impl_->flush(*link);
  }
}

void LocalExecutor::forget(const std::vector<model::Claim>& claims) {
  if (claims.empty()) {
    return;
  }
  for (auto& [id, link] : impl_->links) {
    impl_->send(link, Forget{claims});
    impl_->flush(link);
  }
}

int LocalExecutor::wake_fd() const {
  return impl_->poller.fd();
}

void LocalExecutor::close() {
  std::set<model::LauncherId> leaving;
  for (auto& [id, link] : impl_->links) {
    if (link.state == State::attached && link.running.empty()) {
      impl_->send(link, Close{});
      impl_->flush(link);
      leaving.insert(id);
    }
  }
  const time::Duration deadline = os::monotonic_now() + k_answer_patience;
  while (!leaving.empty() && os::monotonic_now() < deadline) {
    pollfd readable{impl_->poller.fd(), POLLIN, 0};
    ::poll(&readable, 1, 20);
    impl_->serve();
    std::erase_if(leaving, [&](model::LauncherId id) {
      Link& link = impl_->links.at(id);
      if (link.state != State::cut) {
        return false;
      }
      const DeadJournal journal = try_journal(link.directory, k_lock_patience);
      if (journal.dead) {
        impl_->reap(link);
        const Roster roster = bury_launcher(impl_->places, id, journal.file.get());
        if (roster.running.empty() && roster.ended.empty()) {
          remove_launcher(impl_->places.launchers, id);
        }
      }
      return true;
    });
  }
  impl_->links.clear();
  impl_->current = {};
}

}  // namespace sched::exec
