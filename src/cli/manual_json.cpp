#include "cli/manual_page.hpp"
#include "cli/roff.hpp"
#include "render/schema.hpp"

namespace sched::cli {

std::string json_sections() {
  std::string text;
  for (const render::SchemaObject& object : render::schema()) {
    text += ".SH OBJECT: " + roff(object.name) + "\n" + roff(object.meaning) + ".\n";
    for (const render::Field& field : object.fields) {
      text += ".TP\n\\fB" + roff(field.key) + "\\fR (" + roff(field.type) + ")\n" +
              roff(field.meaning) + ".\n";
    }
  }
  return text;
}

}  // namespace sched::cli
