#include "time/stable_pick.hpp"

#include <cstdint>

namespace sched::time {
namespace {

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash) {
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return hash;
}

std::uint64_t finish(std::uint64_t hash) {
  hash = (hash ^ hash >> 33U) * 0xFF51AFD7ED558CCDU;
  hash = (hash ^ hash >> 33U) * 0xC4CEB9FE1A85EC53U;
  return hash ^ hash >> 33U;
}

}  // namespace

int stable_pick(std::string_view name, std::string_view purpose, int least, int most) {
  constexpr std::uint64_t k_start = 0xCBF29CE484222325U;
  std::uint64_t hash = fnv1a(name, k_start);
  hash = fnv1a(std::string_view("\0", 1), hash);
  hash = finish(fnv1a(purpose, hash));
  return least + static_cast<int>(hash % static_cast<std::uint64_t>(most - least + 1));
}

}  // namespace sched::time
