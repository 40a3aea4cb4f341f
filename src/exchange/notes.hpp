#pragma once

#include <string>
#include <vector>

namespace sched::exchange {

/// One line of the report that an import or export gives.
struct Note {
  enum class Kind {
    taken,    ///< Means the same here; `what` may add what a person should know about it.
    changed,  ///< Taken, but not as it was written.
    refused,  ///< Can't be taken; what depends on it is not imported.
    ignored,  ///< Left out, and the rest is taken without it.
  };
  int line = 0;  ///< In the text that was read, from 1; 0 for the text as a whole.
  Kind kind = Kind::taken;
  std::string what;         ///< In words for a person, lower case, no full stop; one line.
  std::string source = {};  ///< The name of the text, where several were read together.

  bool operator==(const Note&) const = default;
};

/// A text in another scheduler's language, and what it could not say.
struct Written {
  std::string text;
  std::vector<Note> notes;  ///< By line of `text`; there, what is left out is said in a comment.
};

}  // namespace sched::exchange
