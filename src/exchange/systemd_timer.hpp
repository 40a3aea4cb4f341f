#pragma once

#include "exchange/notes.hpp"
#include "exchange/unit_file.hpp"
#include "exchange/unit_specifiers.hpp"
#include "exchange/unit_values.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::exchange {

/// One line of a timer that says when.
struct TimerTrigger {
  enum class Kind {
    calendar,       ///< OnCalendar=
    active,         ///< OnActiveSec=: after the timer was started.
    boot,           ///< OnBootSec=: after the machine was started.
    startup,        ///< OnStartupSec=: after systemd was started.
    unit_active,    ///< OnUnitActiveSec=: after the service was last started; so it repeats.
    unit_inactive,  ///< OnUnitInactiveSec=: after the service last ended; so it repeats.
  };
  Kind kind = Kind::calendar;
  std::string calendar;  ///< As written, specifiers replaced; only with Kind::calendar.
  Span span{};           ///< With all other kinds.
  int line = 0;
  std::string source;
};

struct SystemdTimer {
  std::string unit;         ///< The service that it starts, with its ending.
  std::string description;  ///< Empty when there is none.
  std::vector<TimerTrigger> triggers;
  bool persistent = false;  ///< A calendar firing that was missed is made up at once.
  Span randomized_delay{};
  bool fixed_random_delay = false;  ///< The delay is the same each time.
  Span accuracy = std::chrono::minutes(1);
  bool is_enabled = true;  ///< [Install] wants it; otherwise it runs only where something names it.
  std::vector<Note> notes;  ///< By text and line; what is refused can't be imported.
};

/// Reads a timer with its drop-ins. `name` is the timer's own, as in "backup@db.timer": it says
/// which service is meant when Unit= does not, and what the specifiers are. Specifiers of the
/// machine can be added to `known`.
SystemdTimer read_timer(std::string_view name, const std::vector<UnitText>& texts,
                        const Specifiers& known = {});

}  // namespace sched::exchange
