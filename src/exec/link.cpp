#include "exec/link.hpp"

#include "exec/journal.hpp"
#include "os/file.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "os/unix_socket.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <cerrno>

namespace sched::exec {

bool connect(Link& link) {
  const os::UniqueFd directory = os::open_directory(link.directory);
  os::UniqueFd socket = directory ? os::connect_stream(directory.get(), "socket") : os::UniqueFd();
  if (!socket) {
    link.state = Link::State::cut;
    return false;
  }
  link.channel = Channel(std::move(socket));
  link.state = Link::State::attaching;
  link.was_waited_for = false;
  link.room.reset();
  link.channel.send(Hello{});
  link.channel.flush();
  return true;
}

void pump(Link& link, std::vector<Ended>& ended, std::vector<Stray>& strays) {
  if (link.state == Link::State::cut) {
    return;
  }
  link.channel.flush();
  const bool goes_on = link.channel.fill();
  while (const auto message = link.channel.next()) {
    if (const auto* end = std::get_if<Ended>(&*message)) {
      link.running.erase(end->claim);
      ended.push_back(*end);
    } else if (const auto* stray = std::get_if<Stray>(&*message)) {
      strays.push_back(*stray);
    } else if (const auto* tally = std::get_if<Tally>(&*message)) {
      link.state = Link::State::attached;
      link.running.clear();
      for (std::size_t i = 0; i < tally->running.size(); ++i) {
        link.running[tally->running[i]] = i < tally->slots.size() ? tally->slots[i] : 0;
      }
      link.news = Roster{link.id, true, tally->running, tally->ended};
    }
  }
  if (!goes_on || link.channel.broken()) {
    link.channel = Channel();
    link.state = Link::State::cut;
  }
}

DeadJournal try_journal(const std::filesystem::path& directory, time::Duration patience) {
  os::UniqueFd file = os::open_private(directory / "journal", O_RDWR);
  if (!file) {
    return {errno == ENOENT, {}};
  }
  if (!os::try_lock(file.get(), patience)) {
    return {};
  }
  return {true, std::move(file)};
}

pid_t noted_pid(const std::filesystem::path& directory) {
  const os::UniqueFd file = os::open_private(directory / "journal", O_RDONLY);
  const auto owner = file ? Journal::read_owner(file.get()) : std::nullopt;
  return owner.has_value() ? owner->pid : 0;
}

bool is_stopped(const std::filesystem::path& directory) {
  const pid_t pid = noted_pid(directory);
  const auto process = pid > 0 ? os::process_stat(pid) : std::nullopt;
  return process.has_value() && (process->state == 'T' || process->state == 't');
}

}  // namespace sched::exec
