#include "exchange/unit_file.hpp"

#include "base/text.hpp"
#include "exchange/unit_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {
namespace {

/// Whether a backslash that is not itself escaped ends the line.
bool is_continued(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\\');
  const std::size_t backslashes =
      last == std::string_view::npos ? line.size() : line.size() - last - 1;
  return backslashes % 2 == 1;
}

class UnitReader {
 public:
  void read(const UnitText& text) {
    source_ = text.source;
    section_.clear();
    std::string_view rest = text.text;
    if (rest.starts_with("\xEF\xBB\xBF")) {
      rest.remove_prefix(3);
    }
    std::string joined;
    int first_line = 0;
    for (int line = 1; !rest.empty(); ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view content = skip_unit_white(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (content.ends_with('\r')) {
        content.remove_suffix(1);
      }
      if (content.starts_with('#') || content.starts_with(';')) {
        continue;
      }
      first_line = first_line == 0 ? line : first_line;
      joined += content;
      if (is_continued(content)) {
        joined.back() = ' ';
        continue;
      }
      read_line(first_line, base::trim(joined));
      joined.clear();
      first_line = 0;
    }
    // The last line was continued by nothing.
    read_line(first_line, base::trim(joined));
  }

  UnitFile take() { return std::move(unit_); }

 private:
  void pass_over(int line, std::string why) {
    unit_.notes.push_back({line, Note::Kind::ignored, std::move(why), source_});
  }

  void read_line(int line, std::string_view text) {
    if (text.empty()) {
      return;
    }
    if (text.starts_with('[')) {
      if (!text.ends_with(']') || text.size() < 3) {
        pass_over(line, fmt::format("{} is no section header", base::quote(text)));
        return;
      }
      section_ = text.substr(1, text.size() - 2);
      return;
    }
    const std::size_t equals = text.find('=');
    const std::string_view key = base::trim(text.substr(0, std::min(equals, text.size())));
    if (equals == std::string_view::npos || key.empty()) {
      pass_over(line, fmt::format("{} is no assignment KEY=VALUE", base::quote(text)));
    } else if (section_.empty()) {
      pass_over(line, fmt::format("{}= stands before any section", base::quote(key)));
    } else if (!base::is_utf8(text) || text.find('\0') != std::string_view::npos) {
      pass_over(line, fmt::format("the value of {}= is not UTF-8 text", base::quote(key)));
    } else {
      unit_.entries.push_back({section_, std::string(key),
                               std::string(base::trim(text.substr(equals + 1))), line, source_});
    }
  }

  UnitFile unit_;
  std::string source_;
  std::string section_;
};

bool is_of(const UnitEntry& entry, std::string_view section, std::string_view key) {
  return entry.section == section && entry.key == key;
}

}  // namespace

std::vector<const UnitEntry*> UnitFile::list(std::string_view section, std::string_view key) const {
  std::vector<const UnitEntry*> found;
  for (const UnitEntry& entry : entries) {
    if (!is_of(entry, section, key)) {
      continue;
    }
    if (entry.value.empty()) {
      found.clear();
    } else {
      found.push_back(&entry);
    }
  }
  return found;
}

const UnitEntry* UnitFile::find(std::string_view section, std::string_view key) const {
  const auto last = std::find_if(entries.rbegin(), entries.rend(), [&](const UnitEntry& entry) {
    return is_of(entry, section, key);
  });
  return last == entries.rend() || last->value.empty() ? nullptr : &*last;
}

UnitFile parse_unit_file(const std::vector<UnitText>& texts) {
  UnitReader reader;
  for (const UnitText& text : texts) {
    reader.read(text);
  }
  return reader.take();
}

}  // namespace sched::exchange
