#include "exec/local.hpp"

#include "exec/dead_launcher.hpp"
#include "exec/launcher_directory.hpp"
#include "exec/links.hpp"
#include "os/system_clock.hpp"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

namespace sched::exec {

namespace {

using State = Link::State;

}  // namespace

struct LocalExecutor::Impl : Links {
  using Links::Links;
};

LocalExecutor::LocalExecutor(LauncherPlaces places)
    : impl_(std::make_unique<Impl>(std::move(places))) {}

LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::open(model::LauncherId id) {
  NewLauncher made = start_launcher(impl_->places, id);
  Link link;
  link.id = id;
  link.directory = launcher_path(impl_->places.launchers, id);
  link.worker_lock = std::move(made.worker_lock);
  link.channel = Channel(std::move(made.connection));
  link.child = made.pid;
  link.state = State::attached;
  impl_->add(std::move(link));
  impl_->current = id;
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
  impl_->looked_round = true;
  // A launcher may die between our look at its lock and its answer: then it is looked at again.
  constexpr int k_rounds = 5;
  for (int round = 0; round < k_rounds; ++round) {
    if (!impl_->look_into_cut_links() && round > 0) {
      break;
    }
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

void LocalExecutor::start(std::vector<Launch> launches, int slots) {
  const auto found = impl_->links.find(impl_->current);
  if (found == impl_->links.end() || found->second.state == State::cut) {
    for (const Launch& launch : launches) {
      Ended never{launch.claim, {}};
      never.ending.kind = model::Ending::Kind::not_begun;
      never.ending.code = ESRCH;
      never.ending.started_at = never.ending.ended_at = os::wall_now();
      impl_->ended.push_back(never);
    }
    impl_->call_attention();
    return;
  }
  if (launches.empty()) {
    return;
  }
  Link& link = found->second;
  if (const Room room = impl_->room_beside(link, slots); link.room != room) {
    link.room = room;
    impl_->send(link, room);
  }
  for (Launch& launch : launches) {
    link.running[launch.claim] = 0;
    impl_->send(link, std::move(launch));
  }
  impl_->flush(link);
}

std::vector<Ended> LocalExecutor::poll() {
  impl_->serve();
  std::vector<Ended> result;
  result.swap(impl_->ended);
  for (const Ended& end : result) {
    impl_->suspended.erase(end.claim);
  }
  impl_->call_attention();
  return result;
}

std::vector<Stray> LocalExecutor::strays() {
  return std::exchange(impl_->strays, {});
}

void LocalExecutor::cancel(const model::Claim& claim, model::Ending::Cause cause) {
  for (Link* link : impl_->links_with(claim)) {
    impl_->send(*link, Cancel{claim, cause});
    impl_->flush(*link);
  }
}

void LocalExecutor::suspend(const model::Claim& claim) {
  impl_->suspended.insert(claim);
  for (Link* link : impl_->links_with(claim)) {
    impl_->send(*link, Halt{claim, true});
    impl_->flush(*link);
  }
}

void LocalExecutor::resume(const model::Claim& claim) {
  impl_->suspended.erase(claim);
  for (Link* link : impl_->links_with(claim)) {
    impl_->send(*link, Halt{claim, false});
    impl_->flush(*link);
  }
}

bool LocalExecutor::answers_for(const model::Claim& claim) const {
  return std::any_of(impl_->links.begin(), impl_->links.end(), [&](const auto& entry) {
    return entry.second.state != State::cut && entry.second.running.contains(claim);
  });
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

Held LocalExecutor::hand_over() {
  Held held;
  for (auto& [id, link] : impl_->links) {
    impl_->flush(link);
    held.emplace(worker_path(impl_->places.launchers, id), link.worker_lock.get());
  }
  return held;
}

void LocalExecutor::inherit(Handed& handed) {
  for (const model::LauncherId id : list_launchers(impl_->places.launchers)) {
    const auto found = handed.find(worker_path(impl_->places.launchers, id));
    if (found != handed.end()) {
      impl_->take(id, std::move(found->second));
      handed.erase(found);
    }
  }
}

void LocalExecutor::start_over() {
  for (auto& [id, link] : impl_->links) {
    link.channel.close();
    link.state = State::cut;
    link.undecided = false;
    link.news.reset();
  }
  impl_->current = {};
  impl_->call_attention();
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
        if (link.child > 0) {
          ::waitpid(link.child, nullptr, 0);  // It is ending, if it has not.
        }
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
