#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace sched::os {

/// What the system's list of accounts says of a user.
struct Account {
  std::string name;
  std::string home;
};

/// Empty when there is no account of that number.
std::optional<Account> find_account(uid_t uid);

}  // namespace sched::os
