#include "time/tz_file.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sched::time {
namespace {

constexpr const char* k_directories[] = {"/usr/share/zoneinfo", "/usr/share/zoneinfo/uclibc"};
constexpr std::string_view k_magic = "TZif";

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

/// Takes a header and the data behind it, whose moments have this many bytes; empty when it is
/// damaged. Section 3.2 has the layout.
std::optional<TzFile> take_block(std::string_view& content, std::size_t moment_bytes) {
  constexpr std::size_t k_type_bytes = 6;
  if (content.size() < k_header_bytes || !content.starts_with(k_magic)) {
    return std::nullopt;
  }
  const Counts counts = {read_count(content, 0), read_count(content, 1), read_count(content, 2),
                         read_count(content, 3), read_count(content, 4), read_count(content, 5)};
  content.remove_prefix(k_header_bytes);
  // Counts have 32 bits, so that these sums can't overflow 64.
  const std::uint64_t length = counts.changes * (moment_bytes + 1) + counts.types * k_type_bytes +
                               counts.characters + counts.leap_seconds * (moment_bytes + 4) +
                               counts.standard_indicators + counts.ut_indicators;
  if (length > content.size() || counts.types == 0 || counts.characters == 0) {
    return std::nullopt;
  }
  const std::string_view moments = content.substr(0, counts.changes * moment_bytes);
  const std::string_view indices = content.substr(moments.size(), counts.changes);
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
  if (!known_types || !known_names || !are_ascending(moments, moment_bytes)) {
    return std::nullopt;
  }
  const auto offset_of = [&](std::size_t type) {
    return Duration(std::chrono::seconds(read_number(types.substr(type * k_type_bytes, 4))));
  };
  TzFile file;
  file.first = offset_of(0);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    file.changes.push_back(
        {std::chrono::seconds(read_number(moments.substr(i * moment_bytes, moment_bytes))),
         offset_of(static_cast<unsigned char>(indices[i]))});
  }
  content.remove_prefix(length);
  return file;
}

/// What lies beside the zones: the same ones with other names, some of them with leap seconds, and
/// one that says that nothing is set.
bool is_beside_zones(std::string_view first_part) {
  return first_part == "posix" || first_part == "right" || first_part == "posixrules" ||
         first_part == "localtime" || first_part == "Factory";
}

bool is_tz_name(std::string_view name) {
  const auto parts = base::split(name, '/');
  return !is_beside_zones(parts.front()) &&
         std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) {
             return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '+';
           });
         });
}

/// All of it, or its beginning.
std::optional<std::string> read_start(const std::filesystem::path& path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  std::string content(most, '\0');
  if (!file.read(content.data(), static_cast<std::streamsize>(most)) && !file.eof()) {
    return std::nullopt;
  }
  content.resize(static_cast<std::size_t>(file.gcount()));
  return content;
}

}  // namespace

std::optional<TzFile> parse_tz_file(std::string_view content) {
  const bool has_second_block = content.size() > 4 && content[4] >= '2';
  auto file = take_block(content, 4);
  if (!file || !has_second_block) {
    return file;
  }
  // It says the same and more, in 64 bits.
  file = take_block(content, 8);
  if (!file || content.size() < 2 || content.front() != '\n' || content.back() != '\n') {
    return std::nullopt;
  }
  // Between its two line feeds; nothing there means that no rule is known.
  file->rule = parse_posix_rule(content.substr(1, content.size() - 2));
  return file;
}

std::optional<std::string> read_tz_file(std::string_view name) {
  constexpr std::size_t k_most = std::size_t{1} << 20U;
  for (const char* directory : k_directories) {
    const auto path = std::filesystem::path(directory) / name;
    std::error_code failure;
    if (is_tz_name(name) && std::filesystem::is_regular_file(path, failure)) {
      return read_start(path, k_most);
    }
  }
  return std::nullopt;
}

std::vector<std::string> tz_names() {
  std::vector<std::string> names;
  for (const std::filesystem::path directory : k_directories) {
    std::error_code failure;
    for (std::filesystem::recursive_directory_iterator at(directory, failure), end; at != end;
         at.increment(failure)) {
      std::string name = at->path().lexically_relative(directory).string();
      if (at->is_directory(failure) && is_beside_zones(name)) {
        at.disable_recursion_pending();
      } else if (is_tz_name(name) && read_start(at->path(), k_magic.size()) == k_magic) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

}  // namespace sched::time
