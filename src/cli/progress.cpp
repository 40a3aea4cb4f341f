#include "cli/progress.hpp"

#include "base/text.hpp"
#include "os/terminal.hpp"
#include "render/phrase.hpp"
#include "render/safe_text.hpp"
#include "render/style.hpp"
#include "rules/estimate.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr time::Duration k_between_lines = std::chrono::milliseconds(200);
constexpr int k_runs_looked_at = 200;
constexpr const char* k_clear_line = "\r\x1b[K";

const char* words_of(const worker::Notice& notice) {
  switch (notice.kind) {
    case worker::Notice::Kind::started:
      return "started";
    case worker::Notice::Kind::ended:
      return model::to_string(*notice.outcome);
    case worker::Notice::Kind::retried:
      return "will retry";
    case worker::Notice::Kind::handed_back:
      return "could not begin";
    case worker::Notice::Kind::adopted:
      return "took over";
    case worker::Notice::Kind::breaker_opened:
      return "opened";
    case worker::Notice::Kind::breaker_closed:
      return "closed";
    case worker::Notice::Kind::displaced:
      return "gave way";
    case worker::Notice::Kind::suspended:
      return "suspended";
    case worker::Notice::Kind::resumed:
      return "goes on";
    case worker::Notice::Kind::late:
      return "is late";
  }
  return "";
}

std::string clock_text(time::Duration elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  return seconds >= 3600
             ? fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
             : fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

}  // namespace

ProgressKind parse_progress(const std::string& text) {
  const std::pair<const char*, ProgressKind> kinds[] = {{"auto", ProgressKind::automatic},
                                                        {"bar", ProgressKind::bar},
                                                        {"plain", ProgressKind::plain},
                                                        {"none", ProgressKind::none}};
  for (const auto& [word, kind] : kinds) {
    if (text == word) {
      return kind;
    }
  }
  throw base::Error(
      base::ErrorKind::invalid_input,
      fmt::format("--progress {}: not one of auto, bar, plain, none", base::quote(text)));
}

Progress::Progress(Session& session, ProgressKind kind, int slots)
    : session_(session), kind_(kind), slots_(slots), began_(session.clock().monotonic()) {
  if (kind_ == ProgressKind::automatic) {
    kind_ = session.out_is_terminal() && os::is_in_foreground(1) ? ProgressKind::bar
                                                                 : ProgressKind::plain;
  }
}

void Progress::line(const std::string& text) {
  const std::string when = time::to_local(session_.now());
  session_.print(fmt::format("{}{} {}\n", kind_ == ProgressKind::bar ? k_clear_line : "", when,
                             render::safe(text)));
  std::fflush(stdout);
}

void Progress::told(const worker::Notice& notice) {
  const bool is_bad = notice.outcome && model::is_failure(*notice.outcome);
  if (notice.kind == worker::Notice::Kind::ended) {
    const bool good = *notice.outcome == model::Outcome::succeeded;
    ++(good ? succeeded_ : is_bad ? failed_ : other_);
    replaced_ += notice.in_place ? 1 : 0;
  }
  if (kind_ == ProgressKind::none || (kind_ == ProgressKind::bar && !is_bad &&
                                      notice.kind != worker::Notice::Kind::breaker_opened)) {
    return;
  }
  std::string text =
      fmt::format("{:<10} {} ({}", words_of(notice), notice.task, model::label(notice.run));
  if (notice.attempt > 1) {
    text += fmt::format(", attempt {}", notice.attempt);
  }
  text += ")";
  const bool ended = notice.kind == worker::Notice::Kind::ended;
  if (ended && notice.attempt > 0) {
    text += " after " + render::span(notice.elapsed);
  }
  if (!notice.reason.empty() && (!ended || *notice.outcome != model::Outcome::succeeded)) {
    text += ": " + notice.reason;
  }
  line(text);
  if (kind_ == ProgressKind::bar) {
    draw(true);
  }
}

void Progress::warned(const std::string& what) {
  if (kind_ == ProgressKind::bar) {
    session_.print(k_clear_line);
    std::fflush(stdout);
  }
  session_.warn(render::safe(what));
}

std::size_t Progress::last_column() const {
  return static_cast<std::size_t>(std::max(session_.width() - 1, 1));
}

std::string Progress::bar_text() {
  const std::int64_t done = succeeded_ + failed_ + other_;
  const std::int64_t total = std::max<std::int64_t>(done + running_ + waiting_, 1);
  std::string numbers = fmt::format("{} done", render::grouped(done));
  const std::string failures =
      failed_ > 0 ? fmt::format(", {} failed", render::grouped(failed_)) : std::string();
  if (running_ + waiting_ == 0) {
    // Nothing moves now, and no clock either: it would stand still until something comes.
    return fmt::format("idle: {}{}; Ctrl-C ends", numbers, failures).substr(0, last_column());
  }
  numbers += fmt::format(", {} running, {} waiting{}", render::grouped(running_),
                         render::grouped(waiting_), failures);
  numbers += "  " + clock_text(session_.clock().monotonic() - began_);
  if (const auto left = rules::estimate(history_, running_ + waiting_, slots_);
      left && running_ + waiting_ > 0) {
    numbers += "  ETA " + clock_text(*left);
  }
  const int room = session_.width() - static_cast<int>(numbers.size()) - 4;
  constexpr int k_longest_bar = 40;
  constexpr int k_shortest_bar = 5;
  if (room < k_shortest_bar) {
    return numbers.substr(0, last_column());
  }
  const auto cells = static_cast<std::size_t>(std::min(room, k_longest_bar));
  const auto full = static_cast<std::size_t>(done) * cells / static_cast<std::size_t>(total);
  return "[" + std::string(full, '#') + std::string(cells - full, '.') + "] " + numbers;
}

void Progress::draw(bool now) {
  const time::Duration moment = session_.clock().monotonic();
  if (kind_ != ProgressKind::bar || (!now && moment < next_draw_) || !os::is_in_foreground(1)) {
    return;
  }
  if (moment >= next_draw_) {
    const store::RunCounts counts = session_.store().listing().counts();
    running_ = counts.running;
    waiting_ = counts.waiting + counts.queued;
    history_ = session_.store().attempts().recent_durations(k_runs_looked_at);
    // Counting a large store takes its time: never more than a tenth of ours.
    const time::Duration cost = session_.clock().monotonic() - moment;
    next_draw_ = moment + std::max(k_between_lines, cost * 10);
  }
  session_.print(k_clear_line + bar_text());
  std::fflush(stdout);
}

void Progress::close() {
  if (kind_ == ProgressKind::bar) {
    session_.print(k_clear_line);
  }
  if (kind_ == ProgressKind::none) {
    return;
  }
  const std::int64_t done = succeeded_ + failed_ + other_;
  std::string text = render::count(done, "run") + " ended";
  if (failed_ > 0) {
    text += fmt::format(", {} badly", render::grouped(failed_));
    text += replaced_ > 0 ? fmt::format(" ({} with a fallback)", render::grouped(replaced_)) : "";
  }
  if (other_ > 0) {
    text += fmt::format(", {} skipped or cancelled", render::grouped(other_));
  }
  session_.print(
      fmt::format("{}, in {}\n", text, render::span(session_.clock().monotonic() - began_)));
}

}  // namespace sched::cli
