#pragma once

#include "worker/observer.hpp"

#include <string>
#include <vector>

namespace sched::test {

/// Remembers what it was told, each notice as "kind run" too, such as "started run-3".
class RecordingObserver : public worker::Observer {
 public:
  std::vector<worker::Notice> notices;
  std::vector<std::string> lines;
  std::vector<std::string> warnings;

  void told(const worker::Notice& notice) override {
    static const char* const k_kinds[] = {"started", "ended",     "retried",   "handed back",
                                          "adopted", "displaced", "suspended", "resumed",
                                          "late",    "opened",    "closed"};
    notices.push_back(notice);
    lines.push_back(std::string(k_kinds[static_cast<int>(notice.kind)]) + " " + notice.task);
  }
  void warned(const std::string& what) override { warnings.push_back(what); }
};

}  // namespace sched::test
