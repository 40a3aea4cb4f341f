#include "cli/bulk.hpp"

#include "base/text.hpp"
#include "fuzz.hpp"
#include "store/task_codec.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const security::Environment environment = {{"PATH", "/bin"}};
  const cli::DraftContext context{time::from_ms(1774731600000), "/", &environment};
  try {
    const cli::TaskDraft draft = cli::read_bulk_line(fuzz::text(data, size), context);
    // What was taken can be kept, and comes back the same.
    const std::string spec = store::spec_of(draft.task);
    model::Task task;
    store::read_spec(spec, task);
    fuzz::require(store::spec_of(task) == spec);
    fuzz::require(base::is_utf8(draft.task.name));
  } catch (const base::Error& error) {
    fuzz::require(error.kind() == base::ErrorKind::invalid_input);
    fuzz::require_readable(error);
  }
  return 0;
}
