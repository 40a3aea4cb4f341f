#pragma once

#include "base/error.hpp"

#include <string>

namespace sched::os {

/// "what: no space left on device" for an errno, as an Error to throw or return. The kind is
/// `store`, the machine below it being what refuses, unless the caller knows better.
base::Error system_error(int number, const std::string& what,
                         base::ErrorKind kind = base::ErrorKind::store);

/// The system's words for an errno, first letter in lower case.
std::string errno_text(int number);

}  // namespace sched::os
