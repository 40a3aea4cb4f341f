#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

/// The rules of the house, as tables. A new exception is a line with its reason.
namespace structure {

/// Which rooms a room may look into, besides its own.
const std::map<std::string, std::set<std::string>>& may_look_into();

/// Packages that one room alone includes, by how the header's name begins.
const std::map<std::string, std::string>& package_owners();

/// An exception for one file, or for one directory ("src/exec/").
struct Exception {
  std::string path;
  std::string what;  ///< A header, or "*" for all.
  std::string reason;
};

bool is_excepted(const std::vector<Exception>& exceptions, const std::string& path,
                 const std::string& what);

/// Headers of POSIX and C outside of os.
const std::vector<Exception>& posix_exceptions();

/// Rooms in which all is pure: no system call, no file, no clock.
const std::set<std::string>& pure_rooms();
/// Headers of the standard library by which a room would touch the world.
const std::set<std::string>& worldly_headers();
const std::vector<Exception>& worldly_exceptions();

/// Files that may have more than three hundred lines.
const std::vector<Exception>& long_files();

/// Text that only some places may have: reading the clock, reading the environment.
struct Reserved {
  std::string pattern;              ///< A regular expression, searched in lines without comments.
  std::vector<std::string> places;  ///< Beginnings of paths.
  std::string reason;
};
const std::vector<Reserved>& reserved_text();

}  // namespace structure
