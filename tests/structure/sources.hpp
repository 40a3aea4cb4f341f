#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace structure {

struct Include {
  std::string name;     ///< Without its brackets or quotes: "base/text.hpp", "fmt/format.h".
  bool quoted = false;  ///< With quotes: one of our own.
  std::size_t line = 0;
};

struct SourceFile {
  std::string path;  ///< From the root of the project: "src/base/text.cpp".
  std::string room;  ///< "base"; "main" for src/main.cpp; empty outside of src/.
  std::vector<std::string> lines;
  std::vector<Include> includes;

  bool is_header() const { return path.ends_with(".hpp"); }
  /// Without "src/" and the ending: "base/text".
  std::string stem() const;
};

/// All .cpp and .hpp below a directory of the project, sorted by path.
std::vector<SourceFile> read_sources(const std::string& directory);

/// The text of a line without its comment; enough for lines that are no multi-line strings.
std::string without_comment(const std::string& line);

}  // namespace structure
