#include "cli/keep_many.hpp"

#include "base/error.hpp"
#include "cli/chunks.hpp"

#include <algorithm>
#include <deque>
#include <utility>

namespace sched::cli {
namespace {

/// So much at most is written in one go: well below the time that a transaction may take.
constexpr std::size_t k_most_in_part = 100;
constexpr std::size_t k_most_bytes_in_part = 16U << 10U;

/// Some that follow each other in the order of a list.
struct DraftPart {
  std::size_t begin = 0;  ///< In that order.
  std::vector<TaskDraft> drafts;
};

/// Makes the drafts of a list, part by part.
class Parts {
 public:
  Parts(const DraftList& list, const std::vector<std::size_t>& order)
      : list_(list), order_(order) {}

  /// The next one, made now if it was not before.
  DraftPart take() {
    if (made_.empty()) {
      make();
    }
    DraftPart part = std::move(made_.front());
    made_.pop_front();
    ++taken_;
    return part;
  }

  /// Makes as many as were taken since the last time.
  void make_ahead() {
    const std::size_t wanted = std::exchange(taken_, 0) + 1;
    while (made_.size() < wanted && next_ < order_.size()) {
      make();
    }
  }

 private:
  void make() {
    DraftPart part;
    part.begin = next_;
    std::size_t bytes = 0;
    while (next_ < order_.size() && part.drafts.size() < k_most_in_part &&
           bytes < k_most_bytes_in_part) {
      const std::size_t place = order_[next_++];
      part.drafts.push_back(list_.make(place));
      bytes += list_.bytes(place);
    }
    made_.push_back(std::move(part));
  }

  const DraftList& list_;
  const std::vector<std::size_t>& order_;
  std::size_t next_ = 0;  ///< In the order: up to here drafts were made.
  std::deque<DraftPart> made_;
  std::size_t taken_ = 0;
};

}  // namespace

ManyKept keep_many(Session& session, const DraftList& drafts, const std::vector<std::size_t>& order,
                   IfExists if_exists) {
  store::Store& store = session.store();
  const time::Instant now = session.now();
  ManyKept many;
  many.kept.resize(drafts.size);
  Parts parts(drafts, order);
  parts.make_ahead();
  const auto keep_part = [&](std::size_t) {
    DraftPart part = parts.take();
    std::vector<DraftError> errors;
    auto kept = keep_tasks(store, part.drafts, if_exists, now, errors);
    if (!errors.empty()) {
      throw errors.front().error;  // Somebody else was quicker with a name or a removal.
    }
    for (std::size_t i = 0; i < kept.size(); ++i) {
      many.kept[order[part.begin + i]] = std::move(kept[i]);
      std::ranges::move(part.drafts[i].warnings, std::back_inserter(many.warnings));
    }
    return StepDone{part.begin + kept.size(), static_cast<std::int64_t>(kept.size())};
  };
  many.interrupted = in_chunks_of_many(session, "adding", order.size(), keep_part, [&] {
                       parts.make_ahead();
                     }).interrupted;
  std::erase_if(many.kept, [](const Kept& one) { return !one.id; });
  return many;
}

}  // namespace sched::cli
