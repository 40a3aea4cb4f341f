#pragma once

#include "model/guard.hpp"
#include "render/column.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::render {

constexpr std::string_view k_closed = "closed";

/// A guard, and how it stands now.
struct GuardLine {
  std::string subject;  ///< "queue:mail"
  std::optional<model::Rate> rate;
  std::int64_t tokens = 0;                     ///< Starts that the rate allows now.
  std::optional<time::Instant> next_token_at;  ///< Where there is none.
  std::optional<model::BreakerRule> breaker;
  time::Duration cooldown{};
  std::string state;  ///< Of the breaker: closed, open, half-open, probing; "" without one.
  int in_a_row = 0;   ///< Failures since the last success, while it is closed.
  std::optional<time::Instant> opened_at;
  std::optional<time::Instant> until;  ///< Then its probe may start; empty: when it is reset.
  std::string why;
  model::RunId probe;  ///< While it runs.
};
const std::vector<Column<GuardLine>>& guard_columns();
base::Json guard_json(const std::optional<GuardLine>& guard);

/// The same for eyes: "10/min, burst 20: 3 left"; "open until ...: why". Empty where there is none.
Cell rate_cell(const std::optional<GuardLine>& guard, const View& view);
Cell breaker_cell(const std::optional<GuardLine>& guard, const View& view);
/// Both in a few words, for a list.
Cell guard_cell(const std::optional<GuardLine>& guard);

/// A tag, and what stands before the tasks that have it.
struct TagLine {
  std::string tag;
  std::int64_t tasks = 0;
  std::optional<GuardLine> guard;
};
const std::vector<Column<TagLine>>& tag_columns();

}  // namespace sched::render
