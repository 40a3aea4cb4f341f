#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sched::base {

/// The words of a text as a shell parts them: blanks between, '…' and "…" and \ to keep them.
/// Nothing is expanded; what a shell would act on ($ ` ; | & < > ( ) and so on) is refused
/// (ErrorKind::invalid_input) unless it is quoted, and so are a quote that is not closed and NUL.
Result<std::vector<std::string>> split_words(std::string_view text);

/// One text for split_words() to read back.
std::string join_words(const std::vector<std::string>& words);

}  // namespace sched::base
