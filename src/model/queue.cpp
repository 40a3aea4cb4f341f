#include "model/queue.hpp"

#include "base/named.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::model {

base::Result<QueuePolicy> parse_queue_policy(std::string_view text) {
  if (text == "priority") {
    return QueuePolicy{true};  // As nearly always; it is read with each run that is queued.
  }
  const std::vector<std::string> keys = {"fifo",     "priority", "shortest",
                                         "deadline", "fair",     "round-robin"};
  QueuePolicy policy;
  for (const std::string& word : base::split(text, ',')) {
    bool* key = word == "priority"      ? &policy.priority
                : word == "shortest"    ? &policy.shortest
                : word == "deadline"    ? &policy.deadline
                : word == "fair"        ? &policy.fair
                : word == "round-robin" ? &policy.round_robin
                                        : nullptr;
    if (word != "fifo" && key == nullptr) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("there is no policy {}", base::quote(word)),
                         base::did_you_mean(word, keys,
                                            "fifo, priority, shortest, deadline, fair, or several "
                                            "of them with commas; or round-robin"));
    }
    if (key != nullptr && std::exchange(*key, true)) {
      return base::Error(base::ErrorKind::invalid_input, fmt::format("{} stands twice", word),
                         "name each key once");
    }
  }
  if (policy.round_robin && text != "round-robin") {
    return base::Error(base::ErrorKind::invalid_input, "round-robin stands alone",
                       "its runs take turns in the order in which they wait, and have no other");
  }
  return policy;
}

std::string to_string(const QueuePolicy& policy) {
  std::vector<std::string> keys;
  if (policy.round_robin) {
    keys.emplace_back("round-robin");
  }
  if (policy.fair) {
    keys.emplace_back("fair");
  }
  if (policy.priority) {
    keys.emplace_back("priority");
  }
  if (policy.shortest) {
    keys.emplace_back("shortest");
  }
  if (policy.deadline) {
    keys.emplace_back("deadline");
  }
  return keys.empty() ? "fifo" : base::join(keys, ",");
}

const char* to_string(QueueState state) {
  switch (state) {
    case QueueState::open:
      return "open";
    case QueueState::paused:
      return "paused";
    case QueueState::draining:
      return "draining";
  }
  return "?";
}

const char* to_string(FairShares::By by) {
  return by == FairShares::By::user ? "user" : "tag";
}

std::optional<FairShares::By> parse_share_by(std::string_view text) {
  return base::named(text, {FairShares::By::user, FairShares::By::tag});
}

std::optional<QueueState> parse_queue_state(std::string_view text) {
  return base::named(text, {QueueState::open, QueueState::paused, QueueState::draining});
}

}  // namespace sched::model
