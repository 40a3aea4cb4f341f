#include "model/deadline.hpp"

#include "time/duration.hpp"
#include "time/timestamp.hpp"

namespace sched::model {

base::Result<Deadline> parse_deadline(std::string_view text) {
  if (const auto within = time::parse_duration(text)) {
    return Deadline{*within, std::nullopt};
  }
  const auto moment = time::parse_moment(text, time::Instant());
  if (!moment) {
    return moment.error();
  }
  return Deadline{std::nullopt, moment->at};
}

std::string to_string(const Deadline& deadline) {
  return deadline.within ? time::to_string(*deadline.within) : time::to_rfc3339(*deadline.at);
}

time::Instant moment_of(const Deadline& deadline, time::Instant nominal_at) {
  return deadline.within ? nominal_at + *deadline.within : *deadline.at;
}

RunDeadlines deadlines_of(const TaskDeadlines& deadlines, time::Instant nominal_at) {
  RunDeadlines moments;
  if (deadlines.soft) {
    moments.soft = moment_of(*deadlines.soft, nominal_at);
  }
  if (deadlines.hard) {
    moments.hard = moment_of(*deadlines.hard, nominal_at);
  }
  return moments;
}

}  // namespace sched::model
