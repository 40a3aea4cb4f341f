#include "base/error.hpp"

#include <utility>

namespace sched::base {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed:
      return 1;
    case ErrorKind::invalid_input:
      return 2;
    case ErrorKind::not_found:
      return 3;
    case ErrorKind::refused:
      return 4;
    case ErrorKind::store:
      return 5;
    case ErrorKind::timed_out:
      return 6;
    case ErrorKind::interrupted:
      return 130;
  }
  return 1;
}

const char* to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed:
      return "failed";
    case ErrorKind::invalid_input:
      return "invalid_input";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::store:
      return "store";
    case ErrorKind::timed_out:
      return "timed_out";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "failed";
}

Error::Error(ErrorKind kind, std::string message, std::string hint)
    : kind_(kind), message_(std::move(message)), hint_(std::move(hint)) {}

Error bad_input(std::string message, std::string hint) {
  return {ErrorKind::invalid_input, std::move(message), std::move(hint)};
}

std::string Error::on_one_line() const {
  return hint_.empty() ? message_ : message_ + " (" + hint_ + ")";
}

Error Error::within(const std::string& prefix) const {
  // A parser quotes the text that it was given; behind an option's value that would be said twice.
  for (auto at = prefix.find(" '"); at != std::string::npos; at = prefix.find(" '", at + 1)) {
    if (message_.starts_with(prefix.substr(at + 1) + ": ")) {
      return {kind_, prefix.substr(0, at + 1) + message_, hint_};
    }
  }
  return {kind_, prefix + ": " + message_, hint_};
}

}  // namespace sched::base
