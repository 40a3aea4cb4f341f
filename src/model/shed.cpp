#include "model/shed.hpp"

#include "base/named.hpp"

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
  return base::named(text, {Shed::never, Shed::preemptible, Shed::any});
}

}  // namespace sched::model
