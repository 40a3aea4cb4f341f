#include "model/shed.hpp"

namespace sched::model {

const char* to_string(Shed shed) {
  switch (shed) {
    case Shed::never:
      return "never";
    case Shed::preemptible:
      return "preemptible";
    case Shed::any:
      return "any";
  }
  return "?";
}

std::optional<Shed> parse_shed(std::string_view text) {
  for (const Shed shed : {Shed::never, Shed::preemptible, Shed::any}) {
    if (text == to_string(shed)) {
      return shed;
    }
  }
  return std::nullopt;
}

}  // namespace sched::model
