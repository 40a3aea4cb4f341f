#include "exchange/unit_file.hpp"

#include "base/text.hpp"
#include "exchange/systemd_service.hpp"
#include "exchange/systemd_timer.hpp"
#include "exchange/unit_words.hpp"
#include "exchange/unit_writer.hpp"
#include "fuzz.hpp"

#include <algorithm>

namespace {

using namespace sched;

void require_words(const std::vector<exchange::Note>& notes) {
  for (const exchange::Note& note : notes) {
    fuzz::require(!note.what.empty() && note.line >= 0);
  }
}

/// The text as arguments, parted by its line breaks.
void require_same_arguments(std::string_view text) {
  const std::vector<std::string> argv = base::split(text, '\n');
  const auto written = exchange::write_exec(argv);
  if (!written) {
    return;
  }
  fuzz::require(written->find('\n') == std::string::npos);
  const auto read = exchange::split_exec(*written, exchange::specifiers_of("a.service"));
  fuzz::require(exchange::to_plain_command(read.value()).value().argv == argv);
}

/// The text as everything that a service has.
void require_same_service(const std::string& text) {
  exchange::ServiceDraft service;
  service.description = text;
  service.command.shell = text;
  service.environment = {{"A", text}};
  service.environment_files = {{"/" + text, true}};
  service.working_directory = "/" + text;
  service.user = text;
  service.input = text + "\n";
  const exchange::Written written = exchange::to_service_unit(service);
  if (!written.notes.empty()) {
    return;
  }
  const auto read = exchange::read_service("a.service", {{"a", written.text}});
  fuzz::require(read.command().value().argv.back() == text);
  fuzz::require(read.environment == service.environment);
  fuzz::require(read.environment_files == service.environment_files);
  fuzz::require(read.working_directory == service.working_directory && read.user == text);
  fuzz::require(read.input == service.input);
}

/// What was read as a timer is written and read again.
void require_same_timer(const exchange::SystemdTimer& timer) {
  const exchange::Written written = exchange::to_timer_unit(timer);
  const auto again = exchange::read_timer("a@b.timer", {{"a", written.text}});
  if (!written.notes.empty()) {
    return;
  }
  fuzz::require(again.unit == timer.unit && again.triggers.size() == timer.triggers.size());
  fuzz::require(again.accuracy == timer.accuracy && again.persistent == timer.persistent);
  for (std::size_t i = 0; i < again.triggers.size(); ++i) {
    fuzz::require(again.triggers[i].kind == timer.triggers[i].kind);
    fuzz::require(again.triggers[i].span == timer.triggers[i].span);
    fuzz::require(again.triggers[i].calendar == timer.triggers[i].calendar);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  const std::vector<exchange::UnitText> texts = {{"a", std::string(text.substr(0, size / 2))},
                                                 {"b", std::string(text.substr(size / 2))}};
  require_words(exchange::parse_unit_file(texts).notes);
  const auto timer = exchange::read_timer("a@b.timer", texts);
  require_words(timer.notes);
  require_same_timer(timer);
  const auto service = exchange::read_service("a@b.service", {{"a", std::string(text)}});
  require_words(service.notes);
  if (const auto command = service.command(); command && !service.start.empty()) {
    fuzz::require(command->argv.empty() != command->shell.empty());
  }
  require_same_arguments(text);
  require_same_service(std::string(text));
  if (text.find('\0') != std::string_view::npos) {
    return 0;  // which no escape stands for
  }
  const std::string word = exchange::quote_unit_word(text);
  const auto words = exchange::split_unit_words(word).value();
  fuzz::require(words.size() == 1 && words.front() == text);
  fuzz::require(exchange::unescape_unit_text(exchange::escape_unit_text(text)).value() == text);
  return 0;
}
