#include "house.hpp"
#include "sources.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

using namespace structure;

namespace {

const std::vector<SourceFile>& sources() {
  static const std::vector<SourceFile> files = read_sources("src");
  return files;
}

/// Where an include stands, for a message.
std::string place(const SourceFile& source, std::size_t line) {
  return source.path + ":" + std::to_string(line);
}

/// Whether the header is C's or POSIX's own: <unistd.h>, <sys/stat.h>; not <fmt/format.h>.
bool is_posix(const Include& include) {
  static const std::regex posix("([a-z0-9_]+|(sys|linux|netinet|arpa|asm)/[a-z0-9_]+)\\.h");
  return !include.quoted && include.name != "sqlite3.h" && std::regex_match(include.name, posix);
}

}  // namespace

TEST_CASE("there are sources to look at") {
  REQUIRE(sources().size() > 20);
}

TEST_CASE("a file looks into its own room and into those that its room may see") {
  for (const SourceFile& source : sources()) {
    INFO(source.path);
    const auto room = may_look_into().find(source.room);
    REQUIRE_MESSAGE(room != may_look_into().end(), "no such room: " << source.room);
    for (const Include& include : source.includes) {
      if (!include.quoted) {
        continue;
      }
      const std::string other = include.name.substr(0, include.name.find('/'));
      const bool seen = other == source.room || room->second.contains(other);
      CHECK_MESSAGE(seen, place(source, include.line)
                              << ": " << source.room << " may not look into " << include.name);
    }
  }
}

TEST_CASE("a package is included by the one room that owns it") {
  for (const SourceFile& source : sources()) {
    for (const Include& include : source.includes) {
      for (const auto& entry : package_owners()) {
        const auto& package = entry.first;  // no structured binding: CHECK's lambda can't take it
        const auto& owner = entry.second;
        const bool allowed = !include.name.starts_with(package) || source.room == owner;
        CHECK_MESSAGE(allowed, place(source, include.line)
                                   << ": only " << owner << " includes " << package);
      }
    }
  }
}

TEST_CASE("only os speaks to the system, but for a short list") {
  for (const SourceFile& source : sources()) {
    for (const Include& include : source.includes) {
      const bool allowed = !is_posix(include) || source.room == "os" ||
                           is_excepted(posix_exceptions(), source.path, include.name);
      CHECK_MESSAGE(allowed, place(source, include.line)
                                 << ": only os includes <" << include.name << ">");
    }
  }
}

TEST_CASE("a pure room touches neither files nor clocks nor the terminal") {
  for (const SourceFile& source : sources()) {
    if (!pure_rooms().contains(source.room)) {
      continue;
    }
    for (const Include& include : source.includes) {
      const bool allowed = !worldly_headers().contains(include.name) ||
                           is_excepted(worldly_exceptions(), source.path, include.name);
      CHECK_MESSAGE(allowed, place(source, include.line) << ": " << source.room << " is pure, and <"
                                                         << include.name << "> is not");
    }
  }
}

TEST_CASE("what only some places may do is done there only") {
  for (const Reserved& reserved : reserved_text()) {
    const std::regex pattern(reserved.pattern);
    for (const SourceFile& source : sources()) {
      const bool allowed = std::any_of(
          reserved.places.begin(), reserved.places.end(),
          [&](const std::string& beginning) { return source.path.starts_with(beginning); });
      for (std::size_t i = 0; !allowed && i < source.lines.size(); ++i) {
        const bool found = std::regex_search(without_comment(source.lines[i]), pattern);
        CHECK_MESSAGE(!found, place(source, i + 1)
                                  << ": " << source.lines[i] << " (" << reserved.reason << ")");
      }
    }
  }
}

TEST_CASE("a header is read once, and ends in .hpp") {
  for (const SourceFile& source : sources()) {
    if (source.is_header()) {
      INFO(source.path);
      CHECK_MESSAGE((!source.lines.empty() && source.lines.front() == "#pragma once"),
                    source.path << " does not begin with #pragma once");
    }
  }
}

TEST_CASE("a file includes its own header first, so that the header stands alone") {
  for (const SourceFile& source : sources()) {
    const std::string own = source.stem() + ".hpp";
    const bool has_header =
        std::any_of(sources().begin(), sources().end(),
                    [&](const SourceFile& s) { return s.path == "src/" + own; });
    if (source.is_header() || !has_header) {
      continue;
    }
    REQUIRE_MESSAGE(!source.includes.empty(), source.path << " includes nothing");
    CHECK_MESSAGE(source.includes.front().name == own,
                  source.path << " includes " << source.includes.front().name << " before " << own);
  }
}

TEST_CASE("a file has at most three hundred lines") {
  constexpr std::size_t k_most = 300;
  for (const char* directory : {"src", "tests"}) {
    for (const SourceFile& source : read_sources(directory)) {
      const bool allowed =
          source.lines.size() <= k_most || is_excepted(long_files(), source.path, "*");
      CHECK_MESSAGE(allowed, source.path << " has " << source.lines.size() << " lines");
    }
  }
}

TEST_CASE("every exception is still needed") {
  const auto exists = [](const Exception& exception) {
    return std::any_of(sources().begin(), sources().end(), [&](const SourceFile& source) {
      return is_excepted({exception}, source.path, exception.what) &&
             (exception.what == "*" ||
              std::any_of(source.includes.begin(), source.includes.end(),
                          [&](const Include& i) { return i.name == exception.what; }));
    });
  };
  for (const auto* list : {&posix_exceptions(), &worldly_exceptions()}) {
    for (const Exception& exception : *list) {
      CHECK_MESSAGE(exists(exception), exception.path << " no longer includes " << exception.what);
    }
  }
}
