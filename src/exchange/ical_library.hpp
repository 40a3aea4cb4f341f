#pragma once

#include <libical/ical.h>

#include <type_traits>

namespace sched::exchange::ical {

// What we use of libical, under the names that it has there. The library is loaded at the first
// call: else every command would map and relocate it with what it needs in turn (ICU), and hardly
// any reads a calendar.

/// The function of that name. Throws base::Error (invalid_input) where libical is not installed.
void* find_function(const char* name);

/// A function of the library.
template <typename Function>
class Late {
 public:
  constexpr explicit Late(const char* name) : name_(name) {}
  template <typename... Arguments>
  std::invoke_result_t<Function, Arguments...> operator()(Arguments... arguments) const {
    return reinterpret_cast<Function>(find_function(name_))(arguments...);
  }

 private:
  const char* name_;
};

#define SCHED_ICAL(name) inline constexpr Late<decltype(&::name)> name(#name)
SCHED_ICAL(icalcomponent_free);
SCHED_ICAL(icalcomponent_get_first_component);
SCHED_ICAL(icalcomponent_get_first_property);
SCHED_ICAL(icalcomponent_get_next_component);
SCHED_ICAL(icalcomponent_get_next_property);
SCHED_ICAL(icalcomponent_get_status);
SCHED_ICAL(icalcomponent_get_summary);
SCHED_ICAL(icalcomponent_get_uid);
SCHED_ICAL(icalcomponent_isa);
SCHED_ICAL(icalerror_set_errors_are_fatal);
SCHED_ICAL(icalparameter_get_tzid);
SCHED_ICAL(icalparser_parse_string);
SCHED_ICAL(icalproperty_get_dtend);
SCHED_ICAL(icalproperty_get_dtstart);
SCHED_ICAL(icalproperty_get_duration);
SCHED_ICAL(icalproperty_get_exdate);
SCHED_ICAL(icalproperty_get_first_parameter);
SCHED_ICAL(icalproperty_get_rdate);
SCHED_ICAL(icalproperty_get_recurrenceid);
SCHED_ICAL(icalproperty_get_rrule);
SCHED_ICAL(icalproperty_get_xlicerror);
SCHED_ICAL(icalrecur_iterator_free);
SCHED_ICAL(icalrecur_iterator_new);
SCHED_ICAL(icalrecur_iterator_next);
SCHED_ICAL(icaltime_is_null_time);
SCHED_ICAL(icaltime_is_utc);
SCHED_ICAL(icaltime_null_time);
#undef SCHED_ICAL

/// For std::unique_ptr.
struct Free {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

}  // namespace sched::exchange::ical
