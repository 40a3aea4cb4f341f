#include "cli/chunks.hpp"

#include "os/signals.hpp"
#include "os/terminal.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

namespace sched::cli {
namespace {

/// So long a transaction goes on taking more, and so long the lock is then free for others.
constexpr time::Duration k_at_once = std::chrono::milliseconds(8);
constexpr time::Duration k_breath = std::chrono::milliseconds(2);
constexpr time::Duration k_between_draws = std::chrono::milliseconds(100);

/// "[####....] cancelling 34,000 of 100,000", drawn over itself.
class Bar {
 public:
  Bar(Session& session, std::string doing, std::size_t count)
      : session_(session),
        doing_(std::move(doing)),
        count_(count),
        shown_(session.err_is_terminal() && os::is_in_foreground(2)) {}
  ~Bar() { clear(); }
  Bar(const Bar&) = delete;
  Bar& operator=(const Bar&) = delete;

  void draw(std::size_t seen) {
    const time::Duration now = session_.clock().monotonic();
    if (!shown_ || now < next_) {
      return;
    }
    next_ = now + k_between_draws;
    constexpr std::size_t k_cells = 30;
    const std::size_t full = seen * k_cells / std::max<std::size_t>(count_, 1);
    const std::string text =
        fmt::format("[{}{}] {} {} of {}", std::string(full, '#'), std::string(k_cells - full, '.'),
                    doing_, render::grouped(static_cast<std::int64_t>(seen)),
                    render::grouped(static_cast<std::int64_t>(count_)));
    const auto room = static_cast<std::size_t>(std::max(session_.width() - 1, 1));
    fmt::print(stderr, "\r\x1b[K{}", text.substr(0, room));
    drawn_ = true;
  }
  void clear() {
    if (drawn_) {
      fmt::print(stderr, "\r\x1b[K");
      drawn_ = false;
    }
  }

 private:
  Session& session_;
  std::string doing_;
  std::size_t count_;
  bool shown_;
  bool drawn_ = false;
  time::Duration next_{};
};

}  // namespace

ChunksDone in_chunks(Session& session, const std::string& doing, std::size_t count,
                     const std::function<bool(std::size_t)>& step,
                     const std::function<void()>& committed) {
  return in_chunks_of_many(
      session, doing, count,
      [&](std::size_t next) {
        return StepDone{next + 1, step(next) ? 1 : 0};
      },
      committed);
}

ChunksDone in_chunks_of_many(Session& session, const std::string& doing, std::size_t count,
                             const std::function<StepDone(std::size_t)>& step,
                             const std::function<void()>& committed) {
  store::Store& store = session.store();
  os::SignalFd signals({SIGINT});
  Bar bar(session, doing, count);
  ChunksDone work;
  for (std::size_t next = 0; next < count && !work.interrupted;) {
    std::int64_t done = 0;
    try {
      store::Transaction change(store.db());
      const time::Duration begun = session.clock().monotonic();
      while (next < count && session.clock().monotonic() - begun < k_at_once) {
        const StepDone took = step(next);
        next = took.next;
        done += took.done;
      }
      change.commit();
    } catch (const base::Error&) {
      bar.clear();
      session.note(fmt::format("{}: {} of {} were done before this", doing,
                               render::grouped(work.done),
                               render::grouped(static_cast<std::int64_t>(count))));
      session.changed();
      throw;
    }
    work.done += done;
    store.db().shorten_log_past(store::k_log_bound);
    const time::Duration free_since = session.clock().monotonic();
    if (committed) {
      committed();
    }
    bar.draw(next);
    if (next < count) {
      std::this_thread::sleep_for(k_breath - (session.clock().monotonic() - free_since));
    }
    work.interrupted = !signals.take().empty() && next < count;
  }
  if (work.done > 0) {
    session.changed();
  }
  return work;
}

int report_chunks(Session& session, const std::string& done, const ChunksDone& work,
                  std::size_t count, const std::string& noun) {
  const auto all = static_cast<std::int64_t>(count);
  session.print(work.done == all ? fmt::format("{} {}\n", done, render::count(all, noun))
                                 : fmt::format("{} {} of {}\n", done, render::grouped(work.done),
                                               render::count(all, noun)));
  if (work.interrupted) {
    session.note("interrupted: the rest is as it was");
    return base::exit_code(base::ErrorKind::interrupted);
  }
  return 0;
}

}  // namespace sched::cli
