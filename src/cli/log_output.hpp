#pragma once

#include "cli/log_reader.hpp"
#include "cli/session.hpp"
#include "render/safe_text.hpp"

#include <string_view>

namespace sched::cli {

/// Output of a command on its way to stdout: safe for a terminal, to the byte for everything else.
class LogOutput {
 public:
  explicit LogOutput(Session& session) : session_(session) {}
  void write(std::string_view bytes);
  /// At the end of an attempt: what was kept back, and everything to where it goes.
  void flush();
  /// The reader of stdout is gone, or its disk is full.
  bool broken() const;
  LogSink sink() {
    return [this](std::string_view bytes) { write(bytes); };
  }

 private:
  Session& session_;
  render::SafeOutput safe_;
};

}  // namespace sched::cli
