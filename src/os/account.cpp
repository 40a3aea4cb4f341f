#include "os/account.hpp"

#include <pwd.h>

#include <cerrno>
#include <vector>

namespace sched::os {

std::optional<Account> find_account(uid_t uid) {
  constexpr std::size_t k_largest = 1U << 20U;
  std::vector<char> room(4096);
  while (true) {
    struct passwd entry {};
    struct passwd* found = nullptr;
    const int failure = getpwuid_r(uid, &entry, room.data(), room.size(), &found);
    if (failure == ERANGE && room.size() < k_largest) {
      room.resize(room.size() * 2);
      continue;
    }
    if (failure != 0 || found == nullptr) {
      return std::nullopt;
    }
    return Account{entry.pw_name, entry.pw_dir};
  }
}

}  // namespace sched::os
