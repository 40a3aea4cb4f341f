#include "sources.hpp"

#include <algorithm>
#include <fstream>
#include <regex>

namespace structure {
namespace {

std::string room_of(const std::string& path) {
  static const std::regex in_room("src/([^/]+)/.*");
  std::smatch match;
  if (std::regex_match(path, match, in_room)) {
    return match[1];
  }
  return path == "src/main.cpp" ? "main" : "";
}

SourceFile read_source(const std::filesystem::path& file, const std::string& path) {
  static const std::regex include("\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  SourceFile source{path, room_of(path), {}, {}};
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    source.lines.push_back(line);
    std::smatch match;
    if (std::regex_match(line, match, include)) {
      source.includes.push_back({match[2], match[1] == "\"", source.lines.size()});
    }
  }
  return source;
}

}  // namespace

std::string SourceFile::stem() const {
  const auto end = path.rfind('.');
  return path.substr(4, end - 4);
}

std::vector<SourceFile> read_sources(const std::string& directory) {
  const std::filesystem::path root = SCHED_SOURCE_DIR;
  std::vector<SourceFile> sources;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / directory)) {
    const auto ending = entry.path().extension();
    if (entry.is_regular_file() && (ending == ".cpp" || ending == ".hpp")) {
      sources.push_back(
          read_source(entry.path(), std::filesystem::relative(entry.path(), root).string()));
    }
  }
  std::sort(sources.begin(), sources.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return sources;
}

std::string without_comment(const std::string& line) {
  return line.substr(0, line.find("//"));
}

}  // namespace structure
