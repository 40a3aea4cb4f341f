#pragma once

#include "model/resource.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sched::rules {

/// Something that is missing for a run to start.
struct Shortage {
  std::string name;
  bool is_lock = false;
  std::int64_t needed = 0;    ///< In thousandths, as all amounts; of a lock 0.
  std::int64_t free = 0;      ///< What is left.
  std::int64_t capacity = 0;  ///< All that there is; 0 when there is no such resource.
  bool is_file = false;       ///< A lock that is the flock of a file.
  bool is_outside = false;    ///< Held by no run of this store.
  bool is_space = false;      ///< Room where the path `name` lies; amounts are bytes.
  std::int64_t reserved = 0;  ///< Of it, what is kept for runs that run.
  std::uint64_t device = 0;   ///< The file system; 0 when there is no such path.
  bool operator==(const Shortage&) const = default;
};

/// A file system, as it is now.
struct Disk {
  std::uint64_t device = 0;
  std::int64_t free_bytes = 0;
  std::int64_t all_bytes = 0;
};

/// A file whose flock somebody has, whoever that is.
struct HeldFile {
  std::string path;
  bool exclusive = false;
};

/// What the store does not know by itself.
struct Outside {
  std::vector<Disk> disks;
  std::vector<HeldFile> files;
};

/// One choice of a run's needs, by the places of what it names in a Stock.
struct Demand {
  std::vector<std::pair<std::size_t, std::int64_t>> amounts;
  std::vector<std::pair<std::size_t, bool>> locks;  ///< Whether it would share it.
  /// The flocks of files as they are seen outside, which no run of ours takes or frees here.
  std::vector<std::pair<std::size_t, bool>> seen;
  bool empty() const { return amounts.empty() && locks.empty(); }
};

/// What is left of resources, locks and room on disks beside what runs.
class Stock {
 public:
  Stock() = default;
  explicit Stock(const std::vector<model::Resource>& resources);

  /// Takes in what is outside now. Before that no disk has any room.
  void see(const Outside& outside);
  Demand demand(const model::Needs& needs, int choice);
  /// So many runs with these needs run, or one starts; a negative number gives back.
  void take(const Demand& demand, std::int64_t runs = 1);
  bool fits(const Demand& demand) const;  ///< All of it is there at once.
  /// Those parts of it that are not there.
  Demand missing(const Demand& demand) const;
  /// Nothing is left of any of it: whoever wants some of it waits too.
  bool is_exhausted(const Demand& demand) const;
  /// Whether it could ever run, if nothing else did.
  bool is_possible(const Demand& demand) const;
  /// Whether both could run at once, with what is left.
  bool fits_both(const Demand& one, const Demand& other) const;

  /// What the needs lack as they are, by name; empty where one of their choices fits.
  std::vector<Shortage> shortages(const model::Needs& needs) const;

 private:
  struct Level {
    std::int64_t capacity = 0;
    std::int64_t used = 0;
    std::int64_t possible = 0;  ///< Of a disk all of it, of others the capacity.
  };
  struct Holders {
    std::int64_t alone = 0;
    std::int64_t together = 0;
  };
  std::size_t level_at(const std::string& name);
  std::size_t lock_at(const std::string& name);
  bool is_free(std::size_t lock, bool shared) const;
  bool is_taken(const std::string& lock, bool shared) const;
  std::vector<Shortage> shortages(const model::Needs& needs, int choice) const;
  void add_missing_locks(const model::Needs& needs, std::vector<Shortage>& missing) const;
  void add_missing_space(const model::Needs& needs, std::vector<Shortage>& missing) const;

  std::map<std::string, std::size_t> resource_places_;
  std::map<std::string, std::size_t> lock_places_;
  std::vector<Level> levels_;
  std::vector<Holders> locks_;
};

}  // namespace sched::rules
