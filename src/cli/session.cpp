#include "cli/session.hpp"

#include "os/bell.hpp"
#include "os/terminal.hpp"
#include "render/safe_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sched::cli {
namespace {

std::string value_of(const security::Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// Behind what was printed before it, where both go to one terminal.
void write_line(std::string_view text) {
  std::fflush(stdout);
  // A write that fails is left at that: there is nobody to tell.
  const std::string line = fmt::format("{}\n", text);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

Session::Session(const time::Clock& clock, security::Environment environment)
    : clock_(clock),
      environment_(std::move(environment)),
      out_is_terminal_(os::is_terminal(1)),
      err_is_terminal_(os::is_terminal(2)),
      width_(os::terminal_width(1)),
      colour_(out_is_terminal_ && value_of(environment_, "NO_COLOR").empty() &&
              value_of(environment_, "TERM") != "dumb") {}

store::Places Session::places() const {
  std::string directory = store_option;
  if (directory.empty()) {
    directory = value_of(environment_, "SCHED_STORE");
  }
  if (directory.empty()) {
    const std::string state = value_of(environment_, "XDG_STATE_HOME");
    if (!state.empty()) {
      directory = state + "/sched";
    } else if (const std::string home = value_of(environment_, "HOME"); !home.empty()) {
      directory = home + "/.local/state/sched";
    } else {
      throw base::Error(base::ErrorKind::invalid_input, "no place for the store: HOME is not set",
                        "name one with --store DIRECTORY or SCHED_STORE");
    }
  }
  std::filesystem::path path = std::filesystem::absolute(directory).lexically_normal();
  if (!path.has_filename()) {
    path = path.parent_path();  // "dir/" and "dir" are one store
  }
  return {path};
}

store::Store& Session::store() {
  if (!store_) {
    store_ = std::make_unique<store::Store>(places());
  }
  return *store_;
}

void Session::check_existence() const {
  const store::Places where = places();
  std::error_code failure;
  if (!std::filesystem::exists(where.directory, failure) ||
      std::filesystem::is_empty(where.directory, failure)) {
    throw base::Error(base::ErrorKind::store,
                      fmt::format("store {}: there is none", where.directory.string()),
                      "--store and SCHED_STORE name another");
  }
}

store::Store& Session::existing_store() {
  check_existence();
  return store();
}

void Session::changed() {
  // Without a worker nobody else keeps the write-ahead log short, and each command that opens the
  // store alone reads all of it: at these bytes that costs as much as to make it empty now and
  // then.
  constexpr std::uint64_t k_alone = 256U << 10U;
  store::Database& db = store().db();
  if (os::ring(places().directory) == 0 && db.wal_bytes() > k_alone && db.is_alone()) {
    db.checkpoint();
  } else {
    db.shorten_log_past(2 * store::k_log_bound);
  }
}

bool Session::may_mean(std::string_view name) const {
  return !meant || std::any_of(meant->begin(), meant->end(), [&](std::string_view word) {
    return word.starts_with("--") && word.substr(2, word.find('=') - 2) == name;
  });
}

void Session::print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Session::warn(std::string_view text) {
  write_line(render::safe(fmt::format("sched {}: warning: {}", command_name, text)));
}

void Session::note(std::string_view text) {
  write_line(text);
}

}  // namespace sched::cli
