#pragma once

namespace floors {

/// Of the monotonic clock, in seconds.
double now();
[[noreturn]] void die(const char* what);

/// Inserts what tasks and runs of the store have into a new database of the same schema and
/// settings, by prepared statements in one transaction; prints the seconds of that.
void rows(const char* store, const char* file);

/// A graph of full layers, each node with a row and a counter: a transaction a layer reads the
/// edges of what ended, sums them by child and updates each child once. Prints the seconds of
/// processor time that the walk took.
void layers(const char* file, int count, int width);

/// Commits again and again, each with a sync, after a change of one row in each of some tables.
/// Prints the seconds of processor time that it took.
void commits(const char* file, int count, int tables);

/// Asks for the write lock again and again until something comes on stdin, and prints how long it
/// had to wait in ms: the longest, the 99th percentile, and how often it asked.
void probe(const char* file);

}  // namespace floors
