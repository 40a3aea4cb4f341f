// A queue for eyes: what it is, who runs, who is next.
#include "base/text.hpp"
#include "render/details.hpp"
#include "render/phrase.hpp"
#include "render/queue_columns.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

std::string order_of(const model::Queue& queue) {
  const std::string policy = model::to_string(queue.policy);
  if (queue.policy.round_robin) {
    return fmt::format("{}, a slice of {} each", policy, time::to_string(queue.slice));
  }
  if (!queue.policy.priority) {
    return policy;
  }
  return queue.ageing ? fmt::format("{} (a point of it is worth {} of waiting)", policy,
                                    time::to_string(*queue.ageing))
                      : policy + " (without ageing)";
}

/// "by user, half-life 1d: alice 3, bob 2, others 1".
std::string shares_of(const model::Queue& queue) {
  if (!queue.policy.fair) {
    return {};
  }
  std::string text = fmt::format("by {}, half-life {}: ", model::to_string(queue.fair.by),
                                 time::to_string(queue.fair.half_life));
  for (const auto& [name, weight] : queue.fair.weights) {
    text += fmt::format("{} {}, ", name, weight);
  }
  return text + (queue.fair.weights.empty() ? "each 1" : "others 1");
}

std::string defaults_of(const model::Queue& queue) {
  std::vector<std::string> words;
  for (const auto& [field, value] : queue.defaults) {
    words.push_back(fmt::format("--{} {}", field, base::shell_quote(value)));
  }
  return base::join(words, " ");
}

}  // namespace

std::string to_text(const QueuePage& page, const View& view) {
  const model::Queue& queue = page.line.queue;
  const std::int64_t running = page.line.running - page.line.suspended;
  const bool open = queue.state == model::QueueState::open;
  const std::vector<Detail> details = {
      {"Queue", {queue.name, Tone::strong}},
      {"State", {model::to_string(queue.state), open ? Tone::plain : Tone::warn}},
      {"Running",
       {queue.slots == 0 ? fmt::format("{}", running)
                         : fmt::format("{} of {} slots", running, queue.slots)}},
      {"Suspended", {page.line.suspended == 0 ? "" : fmt::format("{}", page.line.suspended)}},
      {"Queued", {fmt::format("{}", page.line.queued)}},
      {"Tasks", {fmt::format("{}", page.line.tasks)}},
      {"Weight", {fmt::format("{}", queue.weight)}},
      {"Guaranteed", {queue.guaranteed == 0 ? "" : count(queue.guaranteed, "slot")}},
      {"Order", {order_of(queue)}},
      {"Preempts", {queue.preempt == model::Preempt::none ? "" : model::to_string(queue.preempt)}},
      {"Shares", {shares_of(queue)}},
      {"Backfill", {queue.eager_backfill ? "eager" : ""}},
      {"Rate", rate_cell(page.line.guard, view)},
      {"Breaker", breaker_cell(page.line.guard, view)},
      {"Defaults", {defaults_of(queue)}}};
  std::string text = to_text(details, view.width, view.style);
  std::vector<PlaceLine> line = page.running;
  line.insert(line.end(), page.next.begin(), page.next.end());
  if (!line.empty()) {
    text += "\n" + to_table(place_columns(), line, view);
  }
  const auto shown = static_cast<std::int64_t>(page.next.size());
  if (page.line.queued > shown) {
    text += fmt::format("... and {} more\n", page.line.queued - shown);
  }
  return text;
}

}  // namespace sched::render
