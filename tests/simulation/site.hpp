#pragma once

#include "simulation/memory_files.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sched::simulation {

/// A store whose files are in memory, and the connections to it: that of people, those of workers,
/// and that of a neighbour who holds the write lock for long. Connections are kept from one
/// schedule to the next, for statements are dear to prepare.
class Site {
 public:
  Site();
  ~Site();

  store::Store& people() { return *stores_.front(); }
  store::Store& of_worker(std::size_t worker) { return *stores_.at(worker + 1); }
  std::size_t workers() const { return stores_.size() - 1; }

  /// Empties the store, and takes back all faults.
  void begin_anew();
  /// The power goes and comes back: what was not synced may be gone.
  void lose_power(std::uint64_t seed);

  /// Throws Broken when an error left a transaction or a statement open.
  void check_at_rest();

  void take_lock();
  void free_lock();
  bool is_locked() const { return locked_; }
  void checkpoint();

  /// Rows of runs that may have changed since the last call, those of undone transactions too.
  std::set<std::int64_t> changed_runs();
  std::set<std::int64_t> changed_tasks();
  /// All rows that were ever changed, undone ones too: equal numbers mean that nothing was written.
  std::int64_t changes();

  /// At the `tick`th jump of SQLite's machine from now on a statement of this connection fails; 0:
  /// none does.
  void interrupt(store::Store& store, unsigned tick);
  bool was_interrupted() { return std::exchange(interrupted_, false); }

 private:
  void open();
  void close();

  test::TempDir directory_;
  std::string empty_;  ///< The file of a store without tasks.
  /// Who hears of rows that a connection changes, in the place of the connection itself.
  struct Hearer {
    Site* site;
    void* before;
  };
  std::deque<Hearer> hearers_;
  std::vector<std::unique_ptr<store::Store>> stores_;
  sqlite3* neighbour_ = nullptr;
  bool locked_ = false;
  std::set<std::int64_t> runs_;
  std::set<std::int64_t> tasks_;
  unsigned ticks_ = 0;
  bool interrupted_ = false;
};

}  // namespace sched::simulation
