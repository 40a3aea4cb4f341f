#pragma once

#include <string>
#include <vector>

namespace sched::cli {

/// The hand-written part of the manual: one text a page, in sections headed by a line "# NAME".

/// The body of a section of a page, "" when there is none.
std::string prose_section(const std::string& page, const std::string& section);

struct ProseSection {
  std::string name;
  std::string body;
};
/// All sections of a page in their order; empty when there is no such page.
std::vector<ProseSection> prose(const std::string& page);

/// The names of all pages.
std::vector<std::string> prose_pages();

}  // namespace sched::cli
