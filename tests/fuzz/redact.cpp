#include "security/redact.hpp"

#include "base/text.hpp"
#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const std::string shell = security::redact_shell(text);
  const auto arguments = base::split(text, '\n');
  fuzz::require(security::redact_arguments(arguments).size() == arguments.size());
  // What is shown holds nothing more to hide.
  const std::string urls = security::redact_urls(text);
  fuzz::require(security::redact_urls(urls) == urls);
  fuzz::require(shell.size() <= text.size() * 4 + 16);
  return 0;
}
