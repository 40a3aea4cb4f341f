#pragma once

#include "model/ids.hpp"
#include "model/resource.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// Resources that runs hold while they run. How much is held is counted from the running runs (see
/// Lanes), never kept. Changes want a Transaction around them.
class Resources {
 public:
  explicit Resources(Database& db) : db_(db) {}

  void add(const model::Resource& resource);
  void set_capacity(const std::string& name, std::int64_t capacity);
  void remove(const std::string& name);

  std::vector<model::Resource> all();  ///< By name.
  /// A task that needs it, if there is one.
  std::optional<model::TaskId> needed_by(const std::string& name);
  std::optional<model::Resource> find(const std::string& name);

 private:
  Database& db_;
};

}  // namespace sched::store
