#include "exchange/ical_library.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <dlfcn.h>

namespace sched::exchange::ical {
namespace {

[[noreturn]] void fail() {
  throw base::Error(base::ErrorKind::invalid_input,
                    fmt::format("iCalendar files can't be read here: {}", dlerror()),
                    "install libical (Debian: libical3), or write a date a line");
}

/// Stays for the life of the program.
void* library() {
  static void* const opened = [] {
    void* handle = dlopen(SCHED_LIBICAL, RTLD_NOW | RTLD_LOCAL);
    return handle != nullptr ? handle : (fail(), nullptr);
  }();
  return opened;
}

}  // namespace

void* find_function(const char* name) {
  void* found = dlsym(library(), name);
  return found != nullptr ? found : (fail(), nullptr);
}

}  // namespace sched::exchange::ical
