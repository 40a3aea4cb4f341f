#pragma once

#include "cli/session.hpp"
#include "worker/observer.hpp"

#include <map>
#include <string>

namespace sched::cli {

enum class ProgressKind { automatic, bar, plain, none };
ProgressKind parse_progress(const std::string& text);

/// Tells what a worker does: as a bar that is drawn over itself on a terminal, with a line for each
/// bad end above it, or as a line for each event.
class Progress : public worker::Observer {
 public:
  Progress(Session& session, ProgressKind kind, int slots);

  void told(const worker::Notice& notice) override;
  void warned(const std::string& what) override;
  /// Draws the bar anew; cheap when it was drawn a moment ago.
  void draw(bool now = false);
  /// Clears the bar and prints the sum, when anything was done.
  void close();

  bool wants_ticks() const { return kind_ == ProgressKind::bar; }
  /// A run that was settled here failed, timed out or was lost.
  bool any_bad() const { return failed_ > replaced_; }

 private:
  void line(const std::string& text);
  std::size_t last_column() const;
  std::string bar_text();

  Session& session_;
  ProgressKind kind_;
  int slots_;
  time::Duration began_;
  time::Duration next_draw_{};
  std::int64_t succeeded_ = 0;
  std::int64_t failed_ = 0;
  std::int64_t replaced_ = 0;  ///< Of those: a fallback ran in their place.
  std::int64_t other_ = 0;
  std::int64_t running_ = 0;
  std::int64_t waiting_ = 0;
  std::vector<time::Duration> history_;
};

}  // namespace sched::cli
