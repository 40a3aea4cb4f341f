#include "model/max_fails.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::model {

base::Result<MaxFails> parse_max_fails(std::string_view text, MaxFails before) {
  constexpr std::int64_t k_most = 1'000'000;
  const std::size_t equals = text.find('=');
  const auto number =
      base::parse_int(equals == std::string_view::npos ? text : text.substr(equals + 1));
  if (!number || *number < 1 || *number > k_most || equals == 0) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("not a whole number from 1 to {}, or TAG=N with one", k_most),
                       "how many runs of one flow may fail, or of the tasks with a tag");
  }
  const int most = static_cast<int>(*number);
  if (equals == std::string_view::npos) {
    if (before.of_flow != 0) {
      return base::Error(base::ErrorKind::invalid_input, "a bound of the flow is given already",
                         "for the tasks with a tag write TAG=N");
    }
    before.of_flow = most;
    return before;
  }
  const std::string tag(text.substr(0, equals));
  if (!before.of_tags.emplace(tag, most).second) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("a bound of the tag {} is given already", base::quote(tag)));
  }
  return before;
}

std::vector<std::string> to_words(const MaxFails& bounds) {
  std::vector<std::string> words;
  if (bounds.of_flow > 0) {
    words.push_back(fmt::format("{}", bounds.of_flow));
  }
  for (const auto& [tag, most] : bounds.of_tags) {
    words.push_back(fmt::format("{}={}", tag, most));
  }
  return words;
}

}  // namespace sched::model
