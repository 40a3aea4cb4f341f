#pragma once

namespace sched::store {

/// What SQLite calls for each row that a connection changes. A connection has one such hook: who
/// takes its place passes on what it hears, with what sqlite3_update_hook() gave back.
void note_row(void* versions, int operation, const char* schema, const char* table, long long row);

}  // namespace sched::store
