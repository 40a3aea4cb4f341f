#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// After how many runs that have failed for good no more are started.
struct MaxFails {
  int of_flow = 0;                     ///< Of a flow that the task begins; 0: all of it is tried.
  std::map<std::string, int> of_tags;  ///< Of the tasks with that tag.
  bool empty() const { return of_flow == 0 && of_tags.empty(); }
  bool operator==(const MaxFails&) const = default;
};

/// Adds "3" (of a flow) or "nightly=3" (of a tag, of which nothing but its being there is checked).
/// Refuses what is not from 1 to a million, and what is there already.
base::Result<MaxFails> parse_max_fails(std::string_view text, MaxFails before = {});
/// One text for each, as parse_max_fails() takes them.
std::vector<std::string> to_words(const MaxFails& bounds);

}  // namespace sched::model
