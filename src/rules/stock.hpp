#pragma once

#include "model/resource.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
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

/// What is left of resources, locks and room on disks beside what runs.
class Stock {
 public:
  Stock() = default;
  explicit Stock(const std::vector<model::Resource>& resources, const Outside& outside = {});

  /// So many runs with these needs run, or one starts.
  void take(const model::Needs& needs, std::int64_t runs = 1);
  /// Empty: all of it is there at once.
  std::vector<Shortage> shortages(const model::Needs& needs) const;
  /// Whether it could ever run, if nothing else did.
  bool is_possible(const model::Needs& needs) const;
  std::int64_t used(const std::string& resource) const;

 private:
  struct Holders {
    std::int64_t alone = 0;
    std::int64_t together = 0;
  };
  struct Level {
    std::int64_t capacity = 0;
    std::int64_t used = 0;
  };
  std::map<std::string, Level> levels_;
  struct Room {
    std::int64_t free = 0;
    std::int64_t all = 0;
    std::int64_t reserved = 0;
  };
  void add_missing_locks(const model::Needs& needs, std::vector<Shortage>& missing) const;
  void add_missing_space(const model::Needs& needs, std::vector<Shortage>& missing) const;

  std::map<std::string, Holders> locks_;
  std::map<std::string, Holders> files_;
  std::map<std::string, Holders> files_outside_;  ///< Those of runs may be among them.
  std::map<std::uint64_t, Room> disks_;
};

/// What somebody who goes first is missing: nobody behind may take of it. So small runs never keep
/// a large one waiting, and those that need nothing of it go on.
class Reserved {
 public:
  void add(const std::vector<Shortage>& shortages);
  bool touches(const model::Needs& needs) const;

 private:
  std::set<std::string> resources_;
  std::set<std::string> locks_;
  std::set<std::string> files_;
  std::set<std::uint64_t> disks_;
};

}  // namespace sched::rules
