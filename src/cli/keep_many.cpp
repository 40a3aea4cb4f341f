#include "cli/keep_many.hpp"

#include "base/error.hpp"
#include "cli/chunks.hpp"

#include <optional>
#include <utility>

namespace sched::cli {

ManyKept keep_many(Session& session, std::vector<TaskDraft>& drafts,
                   const std::vector<std::size_t>& order, IfExists if_exists) {
  store::Store& store = session.store();
  const time::Instant now = session.now();
  std::vector<std::optional<Kept>> kept(drafts.size());
  std::vector<TaskDraft> one(1);
  ManyKept many;
  const ChunksDone work = in_chunks(session, "adding", order.size(), [&](std::size_t i) {
    std::vector<DraftError> errors;
    std::swap(one.front(), drafts[order[i]]);
    auto found = keep_tasks(store, one, if_exists, now, errors);
    std::swap(one.front(), drafts[order[i]]);
    if (!errors.empty()) {
      throw errors.front().error;  // Somebody else was quicker with a name or a removal.
    }
    kept[order[i]] = std::move(found.front());
    return true;
  });
  many.interrupted = work.interrupted;
  for (std::optional<Kept>& one_kept : kept) {
    if (one_kept) {
      many.kept.push_back(std::move(*one_kept));
    }
  }
  return many;
}

}  // namespace sched::cli
