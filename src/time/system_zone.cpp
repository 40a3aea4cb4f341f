#include "time/zone.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace sched::time {
namespace {

/// "/usr/share/zoneinfo/Europe/Berlin" or "../usr/share/zoneinfo/Europe/Berlin" without what is
/// before the name; other text as it is.
std::string_view without_directory(std::string_view path) {
  constexpr std::string_view k_directory = "/zoneinfo/";
  const auto at = path.find(k_directory);
  return at == std::string_view::npos ? path : path.substr(at + k_directory.size());
}

bool is_zone(std::string_view name) {
  return !name.empty() && name != "localtime" && Zone::named(name).ok();
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string& chosen() {
  static std::string name = system_zone_name(nullptr);
  return name;
}

}  // namespace

std::string system_zone_name(const char* tz_environment) {
  if (tz_environment != nullptr) {
    std::string_view value = tz_environment;
    if (value.starts_with(':')) {
      value.remove_prefix(1);
    }
    if (value.empty()) {
      return "UTC";  // as glibc reads an empty TZ
    }
    if (is_zone(without_directory(value))) {
      return std::string(without_directory(value));
    }
  }
  std::error_code failure;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", failure).string();
  if (is_zone(without_directory(target))) {
    return std::string(without_directory(target));
  }
  // A copied /etc/localtime has lost its name; Debian keeps it beside.
  std::string noted = first_line("/etc/timezone");
  return is_zone(noted) ? noted : "UTC";
}

void set_system_zone(std::string name) {
  chosen() = std::move(name);
}

const std::string& system_zone() {
  return chosen();
}

}  // namespace sched::time
