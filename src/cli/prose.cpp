#include "cli/prose.hpp"

#include "base/text.hpp"

#include <array>

namespace sched::cli {
namespace {

struct Page {
  const char* name;
  const char* text;
};

constexpr Page k_pages[] = {
#include "cli/prose.inc"
};

}  // namespace

std::vector<ProseSection> prose(const std::string& page) {
  std::vector<ProseSection> sections;
  for (const Page& known : k_pages) {
    if (page != known.name) {
      continue;
    }
    for (const std::string& line : base::split(known.text, '\n')) {
      if (line.starts_with("# ")) {
        sections.push_back({line.substr(2), {}});
      } else if (!sections.empty()) {
        sections.back().body += line + "\n";
      }
    }
  }
  for (ProseSection& section : sections) {
    while (section.body.ends_with("\n\n")) {
      section.body.pop_back();
    }
    while (section.body.starts_with("\n")) {
      section.body.erase(0, 1);
    }
  }
  return sections;
}

std::string prose_section(const std::string& page, const std::string& section) {
  for (const ProseSection& known : prose(page)) {
    if (known.name == section) {
      return known.body;
    }
  }
  return {};
}

std::vector<std::string> prose_pages() {
  std::vector<std::string> names;
  for (const Page& page : k_pages) {
    names.emplace_back(page.name);
  }
  return names;
}

}  // namespace sched::cli
