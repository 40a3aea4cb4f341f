#pragma once

#include "exchange/notes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// The text of a unit or of a drop-in (`NAME.d/*.conf`), and what it is called in notes.
struct UnitText {
  std::string source;
  std::string text;
};

struct UnitEntry {
  std::string section;
  std::string key;
  std::string value;  ///< Without white space at its ends; continued lines are joined by blanks.
  int line = 0;       ///< Its first line.
  std::string source;
};

/// The assignments of a unit with its drop-ins, in the order in which systemd applies them.
struct UnitFile {
  std::vector<UnitEntry> entries;
  std::vector<Note> notes;  ///< Lines that systemd passes over, and why.

  /// The assignments of a key of which several count: those after the last empty one, which resets
  /// the list.
  std::vector<const UnitEntry*> list(std::string_view section, std::string_view key) const;
  /// The assignment that counts of a key that has one value; null when none, or the last is empty.
  const UnitEntry* find(std::string_view section, std::string_view key) const;
};

/// Reads the syntax of systemd.syntax(7): comments by `#` or `;` at the start of a line, a
/// backslash at its end continues it (over comments), later texts are drop-ins. Nothing is refused,
/// for systemd passes over what it does not understand; the notes say what that was.
UnitFile parse_unit_file(const std::vector<UnitText>& texts);

}  // namespace sched::exchange
