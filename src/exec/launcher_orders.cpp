#include "exec/launcher_loop.hpp"

#include <sys/socket.h>

namespace sched::exec {

namespace {

/// So many orders are carried out before ends and output are looked after again.
constexpr int k_orders_a_turn = 64;

}  // namespace

void LauncherLoop::accept_worker() {
  if (worker_.open()) {
    return;
  }
  os::UniqueFd connection(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!connection) {
    return;
  }
  poller_.remove(socket_.get());
  poller_.add(connection.get(), k_launcher_worker_key);
  worker_ = Channel(std::move(connection));
  told_to_close_ = false;
  waits_for_room_ = false;
  hearing_ = true;
}

void LauncherLoop::hear_worker() {
  if (!worker_is_gone_ && !worker_.fill()) {
    worker_is_gone_ = true;
    poller_.remove(worker_.fd());
  }
  for (int i = 0; i < k_orders_a_turn; ++i) {
    const auto message = worker_.next();
    if (!message.has_value()) {
      hearing_ = false;
      break;
    }
    obey(*message);
  }
  if (!hearing_ && (worker_is_gone_ || worker_.broken())) {
    drop_worker();
  }
}

void LauncherLoop::drop_worker() {
  if (!worker_is_gone_) {
    poller_.remove(worker_.fd());
  }
  worker_ = Channel();
  worker_is_gone_ = false;
  told_to_close_ = false;
  poller_.add(socket_.get(), k_launcher_socket_key);
}

void LauncherLoop::flush_worker() {
  if (!worker_.open() || worker_is_gone_) {
    return;
  }
  worker_.flush();
  if (worker_.wants_write() != waits_for_room_) {
    waits_for_room_ = worker_.wants_write();
    poller_.want_write(worker_.fd(), k_launcher_worker_key, waits_for_room_);
  }
}

void LauncherLoop::obey(const Message& message) {
  if (std::holds_alternative<Hello>(message)) {
    worker_.send(tally());
    for (const auto& [claim, processes] : told_strays_) {
      worker_.send(Stray{claim, processes});
    }
  } else if (const auto* launch = std::get_if<Launch>(&message)) {
    take(*launch);
  } else if (const auto* order = std::get_if<Cancel>(&message)) {
    cancel(*order);
  } else if (const auto* halted = std::get_if<Halt>(&message)) {
    halt(*halted);
  } else if (const auto* claims = std::get_if<Forget>(&message)) {
    for (const model::Claim& claim : claims->claims) {
      forget(claim);
    }
  } else if (const auto* room = std::get_if<Room>(&message)) {
    backlog_.set_room(room->width, {room->taken.begin(), room->taken.end()});
  } else if (std::holds_alternative<Close>(message)) {
    told_to_close_ = true;
  }
}

Tally LauncherLoop::tally() const {
  Tally tally;
  for (const auto& [claim, serial] : serials_) {
    tally.running.push_back(claim);
    tally.slots.push_back(backlog_.slot_of(claim));
  }
  for (const model::Claim& claim : backlog_.waiting()) {
    tally.running.push_back(claim);
    tally.slots.push_back(0);
  }
  for (const auto& [claim, remembered] : ended_) {
    if (forgotten_.count(claim) == 0) {
      tally.ended.push_back(remembered.ended);
    }
  }
  return tally;
}

}  // namespace sched::exec
