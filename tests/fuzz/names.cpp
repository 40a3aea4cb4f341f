#include "security/names.hpp"

#include "base/text.hpp"
#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  for (const auto& error : {security::check_task_name(text), security::check_tag(text),
                            security::check_environment_name(text), security::check_key(text)}) {
    if (error) {
      fuzz::require_readable(*error);
    }
  }
  if (!security::check_task_name(text)) {
    // A name never needs quotes in a shell, and can't be taken for an id.
    fuzz::require(base::shell_quote(text) == text);
    fuzz::require(!base::parse_int(text).has_value());
  }
  if (!security::check_key(text)) {
    fuzz::require(base::is_utf8(text));
  }
  return 0;
}
