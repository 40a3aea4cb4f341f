#pragma once

#include <exception>
#include <string>

namespace sched::base {

/// What kind of thing went wrong; each kind has one exit code, told in sched(1).
enum class ErrorKind {
  failed,         ///< 1: the thing that was asked about ended badly.
  invalid_input,  ///< 2: wrong usage or bad input; nothing was changed.
  not_found,      ///< 3: no such task or run.
  refused,        ///< 4: permission or quota says no.
  store,          ///< 5: the store is busy, damaged or unreadable, or the machine refuses.
  timed_out,      ///< 6: waiting took longer than was allowed.
  interrupted,    ///< 130: a person pressed Ctrl-C.
};

/// The exit code of `sched` for an error of this kind.
int exit_code(ErrorKind kind);

/// A stable word for the kind, used as `kind` in the JSON form of an error.
const char* to_string(ErrorKind kind);

/// What went wrong, in words for a person: "what: why", lower case, no full stop, and a hint that
/// names the way out (may be empty).
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message, std::string hint = {});

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const char* what() const noexcept override { return message_.c_str(); }

  /// Both on one line, "message (hint)", for a report that gives each error one.
  std::string on_one_line() const;

  /// The same error with "prefix: " before its message.
  Error within(const std::string& prefix) const;

 private:
  ErrorKind kind_;
  std::string message_;
  std::string hint_;
};

/// What somebody gave can't be taken: message and hint as above.
Error bad_input(std::string message, std::string hint = {});

}  // namespace sched::base
