#pragma once

#include "base/json.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>

namespace sched::render {

/// RFC 3339 in UTC; null when empty.
base::Json json_of(std::optional<time::Instant> moment);
/// null when empty.
base::Json json_of(const std::string& text);
base::Json json_of(std::optional<int> number);

}  // namespace sched::render
