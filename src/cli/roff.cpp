#include "cli/roff.hpp"

#include "base/text.hpp"

namespace sched::cli {

std::string roff(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else {
      safe += c;
    }
  }
  if (safe.starts_with('.') || safe.starts_with('\'')) {
    safe.insert(0, "\\&");
  }
  return safe;
}

std::string roff_prose(const std::string& body) {
  std::string text;
  bool in_example = false;
  for (const std::string& line : base::split(base::trim(body).empty() ? "" : body, '\n')) {
    const bool is_example = line.starts_with("  ");
    if (is_example != in_example && !(in_example && line.empty())) {
      text += is_example ? ".PP\n.in +4n\n.nf\n" : ".fi\n.in\n";
      in_example = is_example;
    }
    if (line.starts_with("* ")) {
      const std::size_t colon = line.find(": ");
      const std::string term = line.substr(2, colon == std::string::npos ? colon : colon - 2);
      text += ".TP\n\\fB" + roff(term) + "\\fR\n";
      if (colon != std::string::npos) {
        text += roff(line.substr(colon + 2)) + "\n";
      }
    } else if (line.empty()) {
      text += in_example ? "\n" : ".PP\n";
    } else {
      text += roff(is_example ? line.substr(2) : line) + "\n";
    }
  }
  if (in_example) {
    text += ".fi\n.in\n";
  }
  while (text.ends_with(".PP\n")) {
    text.erase(text.size() - 4);
  }
  return text;
}

}  // namespace sched::cli
