#include "time/tz_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sched::time {
namespace {

// Where date looks, in its order.
constexpr const char* k_directories[] = {"/usr/share/zoneinfo", "/usr/share/zoneinfo/uclibc"};

}  // namespace

std::optional<PosixRule> read_footer(std::string_view name) {
  for (const char* directory : k_directories) {
    std::ifstream file(std::filesystem::path(directory) / name, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    // Version 1 of the format has no footer, and ends anyhow.
    if (content.size() < 44 || !content.starts_with("TZif") || content[4] < '2' ||
        content.back() != '\n') {
      continue;
    }
    const auto start = content.rfind('\n', content.size() - 2);
    if (start != std::string::npos) {
      return parse_posix_rule(
          std::string_view(content).substr(start + 1, content.size() - start - 2));
    }
  }
  return std::nullopt;
}

}  // namespace sched::time
