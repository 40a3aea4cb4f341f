#include "render/resource_columns.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

/// A whole number where it is one.
Json amount_json(std::int64_t amount) {
  return amount % model::k_one == 0
             ? Json(amount / model::k_one)
             : Json(static_cast<double>(amount) / static_cast<double>(model::k_one));
}

Cell amount_cell(std::int64_t amount) {
  return {amount == 0 ? "0" : model::amount_to_string(amount)};
}

}  // namespace

const std::vector<Column<ResourceLine>>& resource_columns() {
  using R = ResourceLine;
  static const std::vector<Column<R>> columns = {
      {"name", "string", "Its name", [](const R& r) { return Json(r.name); }, "NAME",
       [](const R& r, const View&) {
         return Cell{r.name, Tone::strong};
       },
       Fit::flexible},
      {"kind", "string", "resource or lock",
       [](const R& r) { return Json(r.is_lock ? "lock" : "resource"); }, "KIND",
       [](const R& r, const View&) { return Cell{r.is_lock ? "lock" : "resource"}; }},
      {"capacity", "number or null", "How much there is; null of a lock",
       [](const R& r) { return r.is_lock ? Json(nullptr) : amount_json(r.capacity); }, "CAPACITY",
       [](const R& r, const View&) { return r.is_lock ? Cell{} : amount_cell(r.capacity); },
       Fit::number},
      {"used", "number", "What runs hold of it; of a lock how many runs hold it",
       [](const R& r) { return amount_json(r.used); }, "USED",
       [](const R& r, const View&) { return amount_cell(r.used); }, Fit::number},
      {"queued", "integer", "How many queued runs want it",
       [](const R& r) { return Json(r.queued); }, "QUEUED",
       [](const R& r, const View&) { return Cell{fmt::format("{}", r.queued)}; }, Fit::number},
      {"guard", "guard or null", "Its rate and breaker",
       [](const R& r) { return guard_json(r.guard); }, "GUARD",
       [](const R& r, const View&) { return guard_cell(r.guard); }, Fit::flexible, true}};
  return columns;
}

}  // namespace sched::render
