#include "time/tz_file.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sched::time {
namespace {

// Where date looks, in its order.
constexpr const char* k_directories[] = {"/usr/share/zoneinfo", "/usr/share/zoneinfo/uclibc"};

constexpr std::size_t k_header_bytes = 44;

/// The counts in a header, RFC 8536, section 3.1.
struct Counts {
  std::uint64_t ut_indicators;
  std::uint64_t standard_indicators;
  std::uint64_t leap_seconds;
  std::uint64_t changes;
  std::uint64_t types;
  std::uint64_t characters;
};

/// Big-endian and signed, as all numbers of the format.
std::int64_t read_number(std::string_view bytes) {
  std::uint64_t value = static_cast<unsigned char>(bytes.front()) >= 0x80 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes) {
    value = value << 8U | static_cast<unsigned char>(byte);
  }
  return static_cast<std::int64_t>(value);
}

bool are_ascending(std::string_view moments, std::size_t moment_bytes) {
  for (std::size_t i = moment_bytes; i < moments.size(); i += moment_bytes) {
    if (read_number(moments.substr(i - moment_bytes, moment_bytes)) >=
        read_number(moments.substr(i, moment_bytes))) {
      return false;
    }
  }
  return true;
}

std::uint64_t read_count(std::string_view header, std::size_t index) {
  return static_cast<std::uint32_t>(read_number(header.substr(20 + index * 4, 4)));
}

/// Takes a header and the data behind it, whose moments have this many bytes; false when it is
/// damaged. Section 3.2 has the layout.
bool take_block(std::string_view& content, std::size_t moment_bytes) {
  constexpr std::size_t k_type_bytes = 6;
  if (content.size() < k_header_bytes || !content.starts_with("TZif")) {
    return false;
  }
  const Counts counts = {read_count(content, 0), read_count(content, 1), read_count(content, 2),
                         read_count(content, 3), read_count(content, 4), read_count(content, 5)};
  content.remove_prefix(k_header_bytes);
  // Counts have 32 bits, so that these sums can't overflow 64.
  const std::uint64_t length = counts.changes * (moment_bytes + 1) + counts.types * k_type_bytes +
                               counts.characters + counts.leap_seconds * (moment_bytes + 4) +
                               counts.standard_indicators + counts.ut_indicators;
  if (length > content.size() || counts.types == 0 || counts.characters == 0) {
    return false;
  }
  const std::string_view indices = content.substr(counts.changes * moment_bytes, counts.changes);
  const std::string_view types =
      content.substr(counts.changes * (moment_bytes + 1), counts.types * k_type_bytes);
  const std::string_view names =
      content.substr(counts.changes * (moment_bytes + 1) + types.size(), counts.characters);
  const bool known_types = std::all_of(indices.begin(), indices.end(), [&](char index) {
    return static_cast<unsigned char>(index) < counts.types;
  });
  bool known_names = names.back() == '\0';
  for (std::size_t i = 5; i < types.size(); i += k_type_bytes) {
    known_names = known_names && static_cast<unsigned char>(types[i]) < counts.characters;
  }
  const bool ascending =
      are_ascending(content.substr(0, counts.changes * moment_bytes), moment_bytes);
  content.remove_prefix(length);
  return ascending && known_types && known_names;
}

}  // namespace

std::optional<TzFile> parse_tz_file(std::string_view content) {
  const bool has_second_block = content.size() > 4 && content[4] >= '2';
  if (!take_block(content, 4)) {
    return std::nullopt;
  }
  if (!has_second_block) {
    return TzFile{};
  }
  if (!take_block(content, 8)) {
    return std::nullopt;
  }
  if (content.size() < 2 || content.front() != '\n' || content.back() != '\n') {
    return std::nullopt;
  }
  // Between its two line feeds; nothing there means that no rule is known.
  return TzFile{parse_posix_rule(content.substr(1, content.size() - 2))};
}

std::optional<TzFile> read_tz_file(std::string_view name) {
  for (const char* directory : k_directories) {
    std::ifstream file(std::filesystem::path(directory) / name, std::ios::binary);
    if (file) {
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      return parse_tz_file(content);
    }
  }
  return std::nullopt;
}

}  // namespace sched::time
