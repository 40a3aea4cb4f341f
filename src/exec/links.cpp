#include "exec/links.hpp"

#include "exec/dead_launcher.hpp"
#include "exec/launcher_directory.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "os/system_clock.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

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

constexpr time::Duration k_recheck(200);

}  // namespace

Links::Links(LauncherPlaces where)
    : places(std::move(where)),
      attention(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      recheck(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  poller.add(attention.get(), k_attention_key);
  poller.add(recheck.get(), k_recheck_key);
}

bool Links::something_to_take_over() const {
  return look_again || std::any_of(links.begin(), links.end(), [](const auto& entry) {
           const Link& link = entry.second;
           return (link.state == State::cut && !link.undecided) || link.news.has_value();
         });
}

void Links::call_attention() {
  std::uint64_t value = 1;
  if (!ended.empty() || !strays.empty() || something_to_take_over()) {
    [[maybe_unused]] const auto done = ::write(attention.get(), &value, sizeof value);
  } else {
    [[maybe_unused]] const auto done = ::read(attention.get(), &value, sizeof value);
  }
}

void Links::look_again_soon() {
  itimerspec spec{};
  spec.it_value.tv_nsec = std::chrono::nanoseconds(k_recheck).count();
  ::timerfd_settime(recheck.get(), 0, &spec, nullptr);
}

void Links::add(Link link) {
  const model::LauncherId id = link.id;
  if (link.channel.open()) {
    link.waits_to_write = link.channel.wants_write();
    poller.add(link.channel.fd(), link_key(id), link.waits_to_write);
  }
  links.insert_or_assign(id, std::move(link));
}

void Links::heed_writing(Link& link) {
  if (link.channel.wants_write() != link.waits_to_write) {
    link.waits_to_write = link.channel.wants_write();
    poller.want_write(link.channel.fd(), link_key(link.id), link.waits_to_write);
  }
}

void Links::move(Link& link) {
  if (link.state == State::cut) {
    return;
  }
  pump(link, ended, strays);
  if (link.state == State::cut) {
    if (current == link.id) {
      current = {};
    }
  } else {
    heed_writing(link);
  }
}

void Links::send(Link& link, const Message& message) {
  if (link.state != State::cut) {
    link.channel.send(message);
  }
}

void Links::flush(Link& link) {
  if (link.state != State::cut) {
    link.channel.flush();
    heed_writing(link);
  }
}

void Links::serve() {
  reap();
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

void Links::reap() {
  std::erase_if(children, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
}

void Links::look_into(Link link) {
  link.channel = Channel();
  DeadJournal journal = try_journal(link.directory, time::Duration(0));
  if (!journal.dead && !connect(link)) {
    journal = try_journal(link.directory, k_lock_patience);
  }
  if (journal.dead) {
    if (link.child > 0) {
      children.push_back(link.child);
    }
    Roster roster = bury_launcher(places, link.id, journal.file.get());
    roster.whole = roster.whole || (!link.doubted && journal.file);
    strays.insert(strays.end(), roster.strays.begin(), roster.strays.end());
    dead.insert_or_assign(
        link.id, Dead{std::move(link.worker_lock), std::move(journal.file), std::move(roster)});
    links.erase(link.id);
    return;
  }
  link.doubted = false;  // It holds its journal, on the file system that we see.
  link.undecided = link.state == State::cut;
  if (link.undecided) {
    look_again_soon();
  }
  add(std::move(link));
}

bool Links::look_into_cut_links() {
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
  return !cut.empty();
}

void Links::look_at_other(model::LauncherId id) {
  Link link;
  link.id = id;
  link.directory = launcher_path(places.launchers, id);
  link.worker_lock = open_worker_file(link.directory);
  if (!link.worker_lock) {
    return;
  }
  if (!os::try_lock(link.worker_lock.get())) {
    const int pid = read_worker_file(link.worker_lock.get());
    os::UniqueFd pidfd = pid > 0 ? os::open_pidfd(pid) : os::UniqueFd();
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
  sign_worker_file(link.worker_lock.get());
  // Later ones were held by a worker, or made, while we had the store open: on the same mount.
  link.doubted = !looked_round;
  look_into(std::move(link));
}

void Links::take(model::LauncherId id, os::UniqueFd worker_lock) {
  Link link;
  link.id = id;
  link.directory = launcher_path(places.launchers, id);
  link.worker_lock = std::move(worker_lock);
  const pid_t pid = noted_pid(link.directory);
  const auto process = pid > 0 ? os::process_stat(pid) : std::nullopt;
  if (process.has_value() && process->parent == ::getpid()) {
    link.child = pid;
  }
  look_into(std::move(link));
}

void Links::hear_tallies() {
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

std::vector<Roster> Links::collect() {
  std::vector<Roster> rosters;
  for (auto& [id, link] : links) {
    if (link.news.has_value()) {
      rosters.push_back(std::move(*link.news));
      link.news.reset();
      if (!current && link.state != State::cut) {
        current = id;
      }
    }
  }
  for (const auto& [id, one] : dead) {
    rosters.push_back(one.roster);
  }
  return rosters;
}

Room Links::room_beside(const Link& link, int slots) const {
  Room room{slots, {}};
  for (const auto& [id, other] : links) {
    if (id == link.id || other.state == State::cut) {
      continue;
    }
    for (const auto& [claim, slot] : other.running) {
      if (!suspended.contains(claim)) {
        --room.width;
        room.taken.push_back(slot);
      }
    }
  }
  room.width = std::max(room.width, 1);
  return room;
}

std::vector<Link*> Links::links_with(const model::Claim& claim) {
  std::vector<Link*> all;
  for (auto& [id, link] : links) {
    if (link.running.count(claim) != 0) {
      return {&link};
    }
    all.push_back(&link);
  }
  return all;
}

}  // namespace sched::exec
