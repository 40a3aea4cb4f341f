#include "cli/log_output.hpp"

#include <cstdio>

namespace sched::cli {

void LogOutput::write(std::string_view bytes) {
  if (session_.out_is_terminal()) {
    session_.print(safe_.pass(bytes));
  } else {
    session_.print(bytes);
  }
}

void LogOutput::flush() {
  if (session_.out_is_terminal()) {
    session_.print(safe_.finish());
  }
  std::fflush(stdout);
}

bool LogOutput::broken() const {
  return std::ferror(stdout) != 0;
}

}  // namespace sched::cli
