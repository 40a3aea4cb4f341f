#pragma once

#include "render/column.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// An object that some command writes as JSON, with all its keys in their order.
struct SchemaObject {
  std::string name;     ///< As types of fields name it: "run", "task edge".
  std::string meaning;  ///< Where it comes from.
  std::vector<Field> fields;
};

/// Every object that reading commands write: what sched-json(5) tells and a test holds them to.
const std::vector<SchemaObject>& schema();

}  // namespace sched::render
