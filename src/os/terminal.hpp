#pragma once

namespace sched::os {

/// Whether a person sits at this descriptor.
bool is_terminal(int fd);

/// Whether this process hangs on a terminal, whose end it will be told.
bool has_controlling_terminal();

/// Whether we may write to this terminal without disturbing another: false for what a shell has put
/// into the background.
bool is_in_foreground(int fd);

/// Whether the reader of this pipe, or the other end of this terminal, is gone.
bool is_reader_gone(int fd);

/// Columns of the terminal at this descriptor; `fallback` where it is none or does not tell.
int terminal_width(int fd, int fallback = 80);

}  // namespace sched::os
