#include "model/handler.hpp"

#include "base/named.hpp"

#include <fmt/format.h>

namespace sched::model {

const char* to_string(HandlerKind kind) {
  switch (kind) {
    case HandlerKind::failure:
      return "failure";
    case HandlerKind::success:
      return "success";
    case HandlerKind::fallback:
      return "fallback";
  }
  return "?";
}

std::optional<HandlerKind> parse_handler_kind(std::string_view text) {
  return base::named(text, all_handler_kinds());
}

const std::vector<HandlerKind>& all_handler_kinds() {
  static const std::vector<HandlerKind> kinds = {HandlerKind::failure, HandlerKind::success,
                                                 HandlerKind::fallback};
  return kinds;
}

const char* option_of(HandlerKind kind) {
  switch (kind) {
    case HandlerKind::failure:
      return "on-failure";
    case HandlerKind::success:
      return "on-success";
    case HandlerKind::fallback:
      return "fallback";
  }
  return "?";
}

bool handles(HandlerKind kind, Outcome outcome) {
  return kind == HandlerKind::success ? outcome == Outcome::succeeded : is_failure(outcome);
}

std::string trigger_of(const Cause& cause) {
  return fmt::format("{}:{}.{}", to_string(cause.kind), cause.run.value, cause.attempt);
}

std::optional<HandlerKind> kind_in_trigger(std::string_view trigger) {
  const std::size_t colon = trigger.find(':');
  return colon == std::string_view::npos ? std::nullopt
                                         : parse_handler_kind(trigger.substr(0, colon));
}

}  // namespace sched::model
