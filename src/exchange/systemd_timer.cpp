#include "exchange/systemd_timer.hpp"

#include "base/text.hpp"
#include "time/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sched::exchange {
namespace {

struct SpanKey {
  std::string_view name;
  TimerTrigger::Kind kind;
};

constexpr std::array k_span_keys = {
    SpanKey{"OnActiveSec", TimerTrigger::Kind::active},
    SpanKey{"OnBootSec", TimerTrigger::Kind::boot},
    SpanKey{"OnStartupSec", TimerTrigger::Kind::startup},
    SpanKey{"OnUnitActiveSec", TimerTrigger::Kind::unit_active},
    SpanKey{"OnUnitInactiveSec", TimerTrigger::Kind::unit_inactive}};

class TimerReader {
 public:
  TimerReader(SystemdTimer& timer, const Specifiers& specifiers)
      : timer_(timer), specifiers_(specifiers) {}

  void read(const UnitEntry& entry) {
    entry_ = &entry;
    if (entry.section == "Timer") {
      read_timer_key();
    } else if (entry.section == "Install" &&
               (entry.key == "WantedBy" || entry.key == "RequiredBy")) {
      timer_.is_enabled = timer_.is_enabled || !entry.value.empty();
      note(Note::Kind::taken, fmt::format("enabled by {}", base::quote(entry.value)));
    } else if (entry.section == "Unit" && entry.key == "Description") {
      const auto text = expand_specifiers(entry.value, specifiers_);
      timer_.description = text ? *text : entry.value;
    } else if (entry.key.starts_with("Condition") || entry.key.starts_with("Assert")) {
      note(Note::Kind::ignored, fmt::format("{}={}: the task is there whether it holds or not",
                                            entry.key, base::quote(entry.value)));
    } else if (!entry.section.starts_with("X-")) {
      note(Note::Kind::ignored, fmt::format("{}= is not kept", entry.key));
    }
  }

 private:
  void note(Note::Kind kind, std::string what) {
    timer_.notes.push_back({entry_->line, kind, std::move(what), entry_->source});
  }

  void read_timer_key() {
    const std::string& key = entry_->key;
    const auto* span_key = std::find_if(k_span_keys.begin(), k_span_keys.end(),
                                        [&](const SpanKey& known) { return known.name == key; });
    if (key == "OnCalendar" || span_key != k_span_keys.end()) {
      read_trigger(key == "OnCalendar" ? TimerTrigger::Kind::calendar : span_key->kind);
    } else if (key == "Unit") {
      read_unit();
    } else if (key == "RandomizedDelaySec") {
      if (take_span(timer_.randomized_delay, Span(0))) {
        note(Note::Kind::taken, fmt::format("starts are put off by up to {}",
                                            time::to_human(timer_.randomized_delay)));
      }
    } else if (key == "AccuracySec") {
      if (take_span(timer_.accuracy, std::chrono::minutes(1))) {
        note(Note::Kind::ignored, "starts are not put off to be bundled with others");
      }
    } else {
      read_switch();
    }
  }

  /// Empty is `fallback`, as everywhere in units.
  bool take_span(Span& into, Span fallback) {
    if (entry_->value.empty()) {
      into = fallback;
      return true;
    }
    const auto span = time::parse_timespan(entry_->value);
    if (!span) {
      note(Note::Kind::refused, fmt::format("{}=: {}", entry_->key, span.error().on_one_line()));
      return false;
    }
    into = *span;
    return true;
  }

  void read_trigger(TimerTrigger::Kind kind) {
    if (entry_->value.empty()) {
      timer_.triggers.clear();  // of every kind, so says systemd.timer(5)
      note(Note::Kind::taken, "what was said above about when is reset");
      return;
    }
    const auto value = expand_specifiers(entry_->value, specifiers_);
    if (!value) {
      note(Note::Kind::refused, fmt::format("{}=: {}", entry_->key, value.error().on_one_line()));
      return;
    }
    TimerTrigger trigger{kind, {}, {}, entry_->line, entry_->source};
    if (kind == TimerTrigger::Kind::calendar) {
      const auto spec = time::parse_calendar(*value);
      if (!spec) {
        note(Note::Kind::refused, "OnCalendar=: " + spec.error().on_one_line());
        return;
      }
      trigger.calendar = *value;
      note(Note::Kind::taken, fmt::format("OnCalendar= {}", time::to_string(*spec)));
    } else {
      const auto span = time::parse_timespan(*value);
      if (!span || *span == time::k_infinite_span) {
        note(Note::Kind::refused,
             fmt::format("{}=: {}", entry_->key,
                         span ? "that moment never comes" : span.error().on_one_line()));
        return;
      }
      trigger.span = *span;
      note(Note::Kind::taken, fmt::format("{}= {}", entry_->key, time::to_human(*span)));
    }
    timer_.triggers.push_back(std::move(trigger));
  }

  void read_unit() {
    if (entry_->value.empty()) {
      return;
    }
    const auto unit = expand_specifiers(entry_->value, specifiers_);
    if (!unit || !unit->ends_with(".service")) {
      note(Note::Kind::refused,
           fmt::format("Unit=: {} is no service, and only services can be kept",
                       base::quote(entry_->value)));
      return;
    }
    timer_.unit = *unit;
    note(Note::Kind::taken, fmt::format("starts {}", *unit));
  }

  void read_switch() {
    const std::string& key = entry_->key;
    const auto value = entry_->value.empty() ? false : read_boolean(entry_->value);
    if (key == "RemainAfterElapse") {
      note(Note::Kind::ignored, "a task stays until it is removed");
      return;
    }
    const bool is_known = key == "Persistent" || key == "FixedRandomDelay" || key == "WakeSystem" ||
                          key == "OnClockChange" || key == "OnTimezoneChange" ||
                          key == "DeferReactivation";
    if (!is_known) {
      note(Note::Kind::ignored, fmt::format("{}= is not kept", key));
    } else if (!value) {
      note(Note::Kind::refused,
           fmt::format("{}=: {} is neither yes nor no", key, base::quote(entry_->value)));
    } else if (key == "Persistent") {
      timer_.persistent = *value;
      note(Note::Kind::taken, *value ? "a calendar firing that was missed is made up"
                                     : "calendar firings that were missed are let go");
    } else if (key == "FixedRandomDelay") {
      timer_.fixed_random_delay = *value;
      note(Note::Kind::taken,
           *value ? "the delay is the same each time" : "the delay need not be the same each time");
    } else if (*value && key == "WakeSystem") {
      note(Note::Kind::ignored, "a machine that sleeps is not woken");
    } else if (*value && key != "DeferReactivation") {
      note(Note::Kind::refused, fmt::format("{}=: a change of the clock starts nothing here", key));
    }
  }

  SystemdTimer& timer_;
  const Specifiers& specifiers_;
  const UnitEntry* entry_ = nullptr;
};

}  // namespace

SystemdTimer read_timer(std::string_view name, const std::vector<UnitText>& texts,
                        const Specifiers& known) {
  Specifiers specifiers = known;
  specifiers.merge(specifiers_of(name));
  UnitFile unit = parse_unit_file(texts);
  SystemdTimer timer;
  timer.unit = fmt::format("{}.service", name.substr(0, name.rfind('.')));
  timer.is_enabled = false;
  timer.notes = std::move(unit.notes);
  TimerReader reader(timer, specifiers);
  for (const UnitEntry& entry : unit.entries) {
    reader.read(entry);
  }
  const auto add = [&](Note::Kind kind, std::string what) {
    timer.notes.push_back({0, kind, std::move(what), texts.empty() ? "" : texts.front().source});
  };
  if (timer.triggers.empty()) {
    add(Note::Kind::refused, "nothing says when: no OnCalendar= nor its kin");
  }
  if (timer.randomized_delay > Span(0) && !timer.fixed_random_delay) {
    add(Note::Kind::changed, "the random delay is the same each time, not drawn anew");
  }
  if (!timer.is_enabled) {
    add(Note::Kind::taken, "no [Install] enables it: systemd starts it only where it is asked to");
  }
  return timer;
}

}  // namespace sched::exchange
