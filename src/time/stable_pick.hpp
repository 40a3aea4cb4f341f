#pragma once

#include <string_view>

namespace sched::time {

/// A number from `least` to `most` that looks random but is always the same for the same texts, on
/// every machine and in every version: tasks keep their moments.
///
/// It is least + h % (most - least + 1), where h is the 64-bit FNV-1a hash of `name`, a zero byte
/// and `purpose`, put through the finisher of MurmurHash3 (FNV alone is poor in its low bits).
int stable_pick(std::string_view name, std::string_view purpose, int least, int most);

}  // namespace sched::time
