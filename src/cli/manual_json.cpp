#include "cli/manual_page.hpp"

namespace sched::cli {

std::string json_sections() { return {}; }

}  // namespace sched::cli
