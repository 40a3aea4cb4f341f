#pragma once

#include "model/schedule.hpp"
#include "render/column.hpp"

#include <string>
#include <vector>

namespace sched::render {

/// "'daily' in its normal form: *-*-* 00:00:00", of each calendar expression written otherwise.
std::vector<std::string> normal_form_notes(const model::Schedule& schedule);
/// "cron 30 2 * * 1-5 and calendar Mon 09:00, in Europe/Berlin".
std::string timers_text(const model::Schedule& schedule);
/// What is beside the timers and not as by default: "except Sat,Sun; overlap allow".
std::string bounds_text(const model::Schedule& schedule);

const std::vector<Column<model::Timer>>& timer_columns();
const std::vector<Column<model::DaySelection>>& day_columns();
const std::vector<Column<model::Schedule>>& schedule_columns();

}  // namespace sched::render
