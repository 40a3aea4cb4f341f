#pragma once

#include "model/task.hpp"

#include <string>
#include <string_view>

namespace sched::store {

/// What has no column of its own, as JSON with only what differs from the default: that is most of
/// a task's row, and most tasks differ in little.
std::string spec_of(const model::Task& task);
/// Fills those fields in. Throws base::Error (store) when the text is not what spec_of() writes.
void read_spec(const std::string& spec, model::Task& task);
/// The join alone.
model::Join join_in(std::string_view spec);

std::string body_of(const model::Surroundings& surroundings);
model::Surroundings read_surroundings(const std::string& body);

}  // namespace sched::store
