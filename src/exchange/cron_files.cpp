#include "exchange/cron_files.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sched::exchange {
namespace {

struct Ending {
  std::string_view text;
  const char* meaning;
};

constexpr std::array k_endings = {Ending{"~", "is an editor's backup"},
                                  Ending{".dpkg-old", "was put aside by dpkg"},
                                  Ending{".dpkg-dist", "was put aside by dpkg"},
                                  Ending{".dpkg-new", "is not yet unpacked by dpkg"},
                                  Ending{".dpkg-tmp", "is not yet unpacked by dpkg"},
                                  Ending{".dpkg-bak", "was put aside by dpkg"},
                                  Ending{".ucf-old", "was put aside by ucf"},
                                  Ending{".ucf-dist", "was put aside by ucf"},
                                  Ending{".rpmsave", "was put aside by rpm"},
                                  Ending{".rpmorig", "was put aside by rpm"},
                                  Ending{".rpmnew", "was put aside by rpm"},
                                  Ending{".swp", "is an editor's own"}};

bool is_read(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

std::optional<std::string> cron_d_name_complaint(std::string_view name) {
  if (name.empty()) {
    return "a name is needed";
  }
  if (name.starts_with('.')) {
    return "it is hidden: the name begins with '.'";
  }
  for (const Ending& ending : k_endings) {
    if (name.ends_with(ending.text)) {
      return fmt::format("it {}: the name ends in '{}'", ending.meaning, ending.text);
    }
  }
  const auto* bad = std::find_if_not(name.begin(), name.end(), is_read);
  if (bad == name.end()) {
    return std::nullopt;
  }
  if (*bad == '.') {
    return "cron passes over names with a dot";
  }
  const auto at = static_cast<std::size_t>(bad - name.begin());
  return fmt::format("cron passes over names with other than letters, digits, '_' and '-': {}",
                     base::quote(name.substr(at)));
}

std::optional<std::string> cron_d_complaint(const FileFacts& file) {
  constexpr std::uint32_t k_others_write = 0022;
  if (!file.is_regular) {
    return "it is no regular file";
  }
  if (file.owner != 0) {
    return fmt::format("it belongs to user {}, and cron reads root's only", file.owner);
  }
  if ((file.mode & k_others_write) != 0) {
    return fmt::format("others than its owner may write to it (mode {:04o})", file.mode & 07777U);
  }
  if (file.links != 1) {
    return fmt::format("it has {} hard links, and cron wants one", file.links);
  }
  return std::nullopt;
}

}  // namespace sched::exchange
