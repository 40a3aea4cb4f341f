#include "simulation/site.hpp"

#include "simulation/machine.hpp"
#include "store/row_hook.hpp"
#include "support/scene.hpp"

#include <cstring>
#include <utility>

namespace sched::simulation {
namespace {

constexpr std::size_t k_workers = 3;
/// More than that, and the place where it strikes would depend on what a kept statement did before.
constexpr int k_instructions_a_tick = 1;

store::Places places_of(const test::TempDir& directory) {
  return {directory / "store"};
}

}  // namespace

Site::Site() {
  {
    // Made on the disk, for the store looks at owner, mode and links there.
    store::Store store(places_of(directory_));
    store::Transaction change(store.db());
    const auto id = store.tasks().add(test::task_named("first"));
    store.tasks().remove(id);  // Its surroundings stay, and are those of all.
    model::Queue narrow;
    narrow.name = "narrow";
    narrow.slots = 1;
    store.queues().add(narrow);
    model::Queue turns;
    turns.name = "turns";
    turns.slots = 2;
    turns.policy = model::parse_queue_policy("round-robin").value();
    turns.slice = std::chrono::seconds(1);
    store.queues().add(turns);
    for (const auto& [name, preempt] : {std::pair("urgent", model::Preempt::requeue),
                                        std::pair("keen", model::Preempt::suspend)}) {
      model::Queue queue;
      queue.name = name;
      queue.preempt = preempt;
      store.queues().add(queue);
    }
    store.resources().add({"gadget", 2 * model::k_one, {}});
    change.commit();
    store.db().checkpoint();
  }
  const auto path = places_of(directory_).database();
  empty_ = test::TempDir::read(path);
  MemoryFiles::instance().put(path.string(), empty_);
  MemoryFiles::instance().use();
  open();
}

Site::~Site() {
  close();
}

void Site::open() {
  const auto note = [](void* of, int what, const char* schema, const char* table,
                       sqlite3_int64 row) {
    const Hearer& hearer = *static_cast<Hearer*>(of);
    store::note_row(hearer.before, what, schema, table, row);
    if (std::strcmp(table, "runs") == 0) {
      hearer.site->runs_.insert(row);
    } else if (std::strcmp(table, "tasks") == 0) {
      hearer.site->tasks_.insert(row);
    }
  };
  for (std::size_t i = 0; i < k_workers + 1; ++i) {
    stores_.push_back(std::make_unique<store::Store>(places_of(directory_)));
    sqlite3* const handle = stores_.back()->db().raw().getHandle();
    // A lock that is held is held for longer than anybody waits: time stands still.
    sqlite3_busy_handler(handle, nullptr, nullptr);
    Hearer& hearer = hearers_.emplace_back(Hearer{this, nullptr});
    hearer.before = sqlite3_update_hook(handle, note, &hearer);
    store::Query(stores_.back()->db(), "SELECT 1 FROM tasks").step();  // It knows the schema now.
  }
  sqlite3_open(places_of(directory_).database().c_str(), &neighbour_);
}

void Site::close() {
  stores_.clear();
  hearers_.clear();
  sqlite3_close(std::exchange(neighbour_, nullptr));
  locked_ = false;
}

void Site::begin_anew() {
  MemoryFiles& files = MemoryFiles::instance();
  files.full = false;
  files.fail_write = files.fail_sync = 0;
  free_lock();
  // The connections see a database that somebody else has changed. To the byte the same for each
  // schedule, so that each can be repeated alone.
  const std::string path = places_of(directory_).database().string();
  files.put(path, empty_);
  files.put(path + "-wal", "");
  files.spoil_indexes();
  runs_.clear();
  tasks_.clear();
}

void Site::lose_power(std::uint64_t seed) {
  close();
  MemoryFiles& files = MemoryFiles::instance();
  files.fail_write = files.fail_sync = 0;
  files.lose_power(seed);
  open();
}

void Site::check_at_rest() {
  for (const auto& store : stores_) {
    if (sqlite3_get_autocommit(store->db().raw().getHandle()) == 0) {
      throw Broken("a transaction was left open");
    }
    if (sqlite3_stmt* const open = sqlite3_next_stmt(store->db().raw().getHandle(), nullptr)) {
      for (sqlite3_stmt* each = open; each != nullptr;
           each = sqlite3_next_stmt(store->db().raw().getHandle(), each)) {
        if (sqlite3_stmt_busy(each) != 0) {
          throw Broken(std::string("a statement was left open: ") + sqlite3_sql(each));
        }
      }
    }
  }
}

void Site::take_lock() {
  locked_ = locked_ ||
            sqlite3_exec(neighbour_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK;
}

void Site::free_lock() {
  if (std::exchange(locked_, false)) {
    sqlite3_exec(neighbour_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Site::checkpoint() {
  if (locked_) {
    return;  // It would wait for ever.
  }
  people().db().checkpoint();
  sqlite3_busy_handler(people().db().raw().getHandle(), nullptr, nullptr);
}

std::set<std::int64_t> Site::changed_runs() {
  return std::exchange(runs_, {});
}

std::set<std::int64_t> Site::changed_tasks() {
  return std::exchange(tasks_, {});
}

std::int64_t Site::changes() {
  std::int64_t changes = 0;
  for (const auto& store : stores_) {
    changes += sqlite3_total_changes(store->db().raw().getHandle());
  }
  return changes;
}

void Site::interrupt(store::Store& store, unsigned tick) {
  ticks_ = tick;
  interrupted_ = interrupted_ && tick == 0;
  const auto count = [](void* site) {
    auto& self = *static_cast<Site*>(site);
    if (self.ticks_ == 0 || --self.ticks_ > 0) {
      return 0;
    }
    self.interrupted_ = true;
    return 1;
  };
  sqlite3* const handle = store.db().raw().getHandle();
  sqlite3_progress_handler(handle, tick == 0 ? 0 : k_instructions_a_tick,
                           tick == 0 ? nullptr : +count, this);
  if (interrupted_ && sqlite3_get_autocommit(handle) == 0) {
    // It struck between BEGIN and its answer, which no fault of a disk can do.
    sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace sched::simulation
