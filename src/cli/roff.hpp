#pragma once

#include <string>

namespace sched::cli {

/// Text that man(7) takes for text: no escapes, no requests, hyphens that can be copied.
std::string roff(const std::string& text);

/// A hand-written body in markup: paragraphs as they are, lines that begin with two blanks as an
/// example, "* TERM: text" as a list.
std::string roff_prose(const std::string& body);

}  // namespace sched::cli
