#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sched::exchange {

/// Why Debian's cron passes over a file of this name in /etc/cron.d, in words; empty when it reads
/// it. Only letters, digits, '_' and '-' are read, as by run-parts(8); so copies that packages and
/// editors leave behind (.dpkg-old, ~) are not.
std::optional<std::string> cron_d_name_complaint(std::string_view name);

/// What fstat(2) says about a file, handed in.
struct FileFacts {
  std::uint32_t owner = 0;  ///< User id.
  std::uint32_t mode = 0;   ///< Permission bits; others are not looked at.
  bool is_regular = true;   ///< Of what a symbolic link leads to.
  std::uint64_t links = 1;  ///< Hard links.
};

/// Why cron would not read this file of /etc/cron.d (or /etc/crontab), in words; empty when it
/// would: it has to be root's, writable by nobody else, regular, and have no second name.
std::optional<std::string> cron_d_complaint(const FileFacts& file);

}  // namespace sched::exchange
