#pragma once

#include "base/error.hpp"

#include <optional>
#include <string_view>

namespace sched::security {

/// Each check comes back empty when the text is good, and otherwise with an Error
/// (ErrorKind::invalid_input) that names the first bad byte and the rule.

/// `[A-Za-z0-9_][A-Za-z0-9_.:/-]*`, at most 128 bytes, and nothing that is read as an id or a word
/// where tasks are named: all digits, "task-7", "run-7", "last".
std::optional<base::Error> check_task_name(std::string_view name);

/// The same shape, at most 64 bytes, without reserved words. For tags, queues, resources, events;
/// `what` names the thing in messages: "tag", "queue".
std::optional<base::Error> check_label(std::string_view what, std::string_view name);
std::optional<base::Error> check_tag(std::string_view tag);

/// `[A-Za-z_][A-Za-z0-9_]*`, at most 255 bytes: what a POSIX shell can read.
std::optional<base::Error> check_environment_name(std::string_view name);

/// What a caller gives so that the same thing is not added twice: 1 to 256 bytes of UTF-8 without
/// control characters.
std::optional<base::Error> check_key(std::string_view key);

/// Whether the name is one that an unnamed task or a run has: "task-7", "run-12".
bool is_generated_name(std::string_view name);

}  // namespace sched::security
