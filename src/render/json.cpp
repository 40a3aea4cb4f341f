#include "render/json.hpp"

#include "time/timestamp.hpp"

namespace sched::render {

base::Json json_of(std::optional<time::Instant> moment) {
  return moment ? base::Json(time::to_rfc3339(*moment)) : base::Json(nullptr);
}

base::Json json_of(const std::string& text) {
  return text.empty() ? base::Json(nullptr) : base::Json(text);
}

base::Json json_of(std::optional<int> number) {
  return number ? base::Json(*number) : base::Json(nullptr);
}

}  // namespace sched::render
