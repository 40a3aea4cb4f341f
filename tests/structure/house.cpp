#include "house.hpp"

#include <algorithm>

namespace structure {

const std::map<std::string, std::set<std::string>>& may_look_into() {
  static const std::map<std::string, std::set<std::string>> rooms = {
      {"base", {}},
      {"time", {"base"}},
      {"security", {"base"}},
      {"model", {"base", "time"}},
      {"os", {"base", "time"}},
      {"rules", {"base", "time", "model"}},
      {"exchange", {"base", "time", "model"}},
      {"render", {"base", "time", "model", "security"}},
      {"store", {"base", "time", "model", "security", "os"}},
      {"exec", {"base", "time", "model", "security", "os"}},
      {"worker", {"base", "time", "model", "security", "os", "rules", "store", "exec"}},
      {"cli",
       {"base", "time", "model", "security", "os", "rules", "exchange", "render", "store", "exec",
        "worker"}},
      {"main",
       {"base", "time", "model", "security", "os", "rules", "exchange", "render", "store", "exec",
        "worker", "cli"}}};
  return rooms;
}

const std::map<std::string, std::string>& package_owners() {
  static const std::map<std::string, std::string> owners = {
      {"date/", "time"},        {"SQLiteCpp/", "store"}, {"sqlite3", "store"}, {"CLI/", "cli"},
      {"libical/", "exchange"}, {"nlohmann/", "base"},   {"doctest/", "tests"}};
  return owners;
}

bool is_excepted(const std::vector<Exception>& exceptions, const std::string& path,
                 const std::string& what) {
  return std::any_of(exceptions.begin(), exceptions.end(), [&](const Exception& exception) {
    const bool directory = exception.path.ends_with('/');
    const bool here = directory ? path.starts_with(exception.path) : path == exception.path;
    return here && (exception.what == "*" || exception.what == what);
  });
}

const std::vector<Exception>& posix_exceptions() {
  static const std::vector<Exception> exceptions = {
      {"src/exec/", "*",
       "what stands between fork and exec, and the launcher's loop, are system calls"},
      {"src/exchange/ical_library.cpp", "dlfcn.h", "libical is loaded when a calendar is read"},
      {"src/base/text.cpp", "fnmatch.h", "a glob is matched against text, no file is looked at"},
      {"src/store/store.cpp", "fcntl.h",
       "flags of the files that os creates before SQLite sees them"},
      {"src/store/backup.cpp", "fcntl.h",
       "flags of the file that os creates before SQLite sees it"},
      {"src/store/restore.cpp", "fcntl.h",
       "flags of the file that os creates before SQLite sees it"},
      {"src/main.cpp", "signal.h", "SIGPIPE's number; os does what is done about it"},
      {"src/main.cpp", "unistd.h", "the environment is read here, once, and told as a value"},
      {"src/worker/orders.cpp", "signal.h", "names of the signals that os waits for"}};
  return exceptions;
}

const std::set<std::string>& pure_rooms() {
  static const std::set<std::string> rooms = {"base",  "time",     "security", "model",
                                              "rules", "exchange", "render"};
  return rooms;
}

const std::set<std::string>& worldly_headers() {
  static const std::set<std::string> headers = {
      "condition_variable", "csignal", "cstdio", "cstdlib",  "ctime",
      "filesystem",         "fstream", "future", "iostream", "random",
      "stop_token",         "thread"};
  return headers;
}

const std::vector<Exception>& worldly_exceptions() {
  static const std::vector<Exception> exceptions = {
      {"src/time/tz_file.cpp", "*", "tzdata is files"},
      {"src/time/system_zone.cpp", "*", "the name of the system's zone is where a link leads to"},
      {"src/rules/end_reason.cpp", "csignal", "the numbers of signals, no function"}};
  return exceptions;
}

const std::vector<Exception>& long_files() {
  static const std::vector<Exception> exceptions = {};
  return exceptions;
}

const std::vector<Reserved>& reserved_text() {
  static const std::vector<Reserved> reserved = {
      {"_clock::now", {"src/os/"}, "now is told as a value; os has the one clock"},
      {"\\b(secure_)?getenv\\(",
       {"src/os/", "src/cli/", "src/main.cpp"},
       "settings are told as values"},
      {"\\bsystem\\(|\\bpopen\\(",
       {},
       "commands are executed as argument vectors, never by a shell of ours"},
      {"\\busing namespace\\b", {}, "a name says where it comes from"}};
  return reserved;
}

}  // namespace structure
