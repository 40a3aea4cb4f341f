#include "os/limit_group.hpp"

#include "os/file.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sys/xattr.h>

#include <cerrno>
#include <filesystem>
#include <string>

using namespace sched;
using namespace sched::test;

namespace {

/// Directories and plain files that stand for a mounted hierarchy of version 2.
struct Unified {
  TempDir temp;
  std::filesystem::path root = temp.path() / "cgroup";
  os::CgroupFacts facts;

  explicit Unified(const std::string& membership) {
    facts.mounts = "23 1 0:20 / /sys rw shared:1 - sysfs sysfs rw\n30 23 0:26 / " + root.string() +
                   " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
    facts.memberships = "0::" + membership + "\n";
  }
  void add_group(const std::string& path, const std::string& controllers,
                 const std::string& handed_on) const {
    std::filesystem::create_directories(root / path);
    os::replace_file(root / path / "cgroup.controllers", controllers + "\n");
    if (!handed_on.empty()) {
      os::replace_file(root / path / "cgroup.subtree_control", handed_on + "\n");
    }
  }
  std::string text(const std::string& path) const { return TempDir::read(root / path); }
};

}  // namespace

TEST_CASE("a group is where mount and membership meet") {
  struct Row {
    const char* mount;
    const char* memberships;
    const char* controller;
    const char* expected;
  };
  for (const Row& row : {
           Row{"/ /cg", "0::/a/b\n", "", "cgroup2 /cg/a/b"},
           Row{"/ /cg", "0::/\n", "", "cgroup2 /cg"},
           Row{"/ /cg", "1:name=systemd:/x\n", "", "cgroup2 none"},
           Row{"/ /cg", "0::/../x\n", "", "cgroup2 none"},
           Row{"/ /cg", "4:memory:/a\n0::/b\n", "memory", "cgroup /cg/a"},
           Row{"/ /cg", "3:cpu,memory:/a\n", "memory", "cgroup /cg/a"},
           Row{"/ /cg", "3:cpuset:/a\n", "memory", "cgroup none"},
           // As in a container: only a part of the hierarchy is mounted.
           Row{"/docker/1 /cg", "4:memory:/docker/1\n", "memory", "cgroup /cg"},
           Row{"/docker/1 /cg", "4:memory:/docker/1/a\n", "memory", "cgroup /cg/a"},
           Row{"/docker/1 /cg", "4:memory:/docker/12\n", "memory", "cgroup none"},
       }) {
    CAPTURE(row.memberships);
    CAPTURE(row.mount);
    const std::string expected = row.expected;
    const std::string kind = expected.substr(0, expected.find(' '));
    os::CgroupFacts facts;
    facts.mounts = std::string("30 23 0:26 ") + row.mount + " rw - " + kind + " x rw," +
                   (*row.controller == '\0' ? "nsdelegate" : "cpu,memory") + "\n";
    facts.memberships = row.memberships;
    const auto found = os::find_cgroup(facts, row.controller);
    CHECK((found ? found->string() : "none") == expected.substr(kind.size() + 1));
  }
}

TEST_CASE("of version 2 a place is where controllers are handed on, and only there") {
  const Unified tree("/a.service/worker");
  tree.add_group("a.service/worker", "cpu memory", "");
  // Nothing can be written into it, as where processes are in the group.
  std::filesystem::create_directory(tree.root / "a.service/worker/cgroup.subtree_control");
  tree.add_group("a.service", "cpu io memory", "memory");
  // Nobody has said that the one above is ours.
  CHECK_FALSE(os::find_cgroup_places(tree.facts).memory.has_value());
  if (::setxattr((tree.root / "a.service").c_str(), "user.delegate", "1", 1, 0) != 0) {
    MESSAGE("no extended attributes here");
    return;
  }
  const os::CgroupPlaces places = os::find_cgroup_places(tree.facts);
  REQUIRE(places.memory.has_value());
  CHECK(places.memory->is_unified);
  CHECK(places.memory->directory == tree.root / "a.service");
  CHECK(places.io->directory == tree.root / "a.service");
  // What was asked for last, in the plain file that stands for it.
  CHECK(tree.text("a.service/cgroup.subtree_control").starts_with("+io"));
}

TEST_CASE("in its own group where that hands on, and of version 1 for what version 2 has not") {
  Unified tree("/");
  tree.add_group("", "memory", "memory");
  tree.facts.mounts += "31 23 0:27 / /v1/cpu rw - cgroup cgroup rw,cpu,cpuacct\n";
  tree.facts.memberships += "1:cpu,cpuacct:/x\n";
  const os::CgroupPlaces places = os::find_cgroup_places(tree.facts);
  CHECK(places.memory->directory == tree.root);
  REQUIRE(places.cpu.has_value());
  CHECK_FALSE(places.cpu->is_unified);
  CHECK(places.cpu->directory == "/v1/cpu/x");
  CHECK_FALSE(places.io.has_value());
}

TEST_CASE("of version 2 one group has all limits, in the kernel's words") {
  const Unified tree("/");
  tree.add_group("", "cpu io memory", "cpu io memory");
  const std::optional<os::CgroupPlace> place = os::CgroupPlace{tree.root, true};
  os::LimitGroup group("g");
  CHECK(group.bound_memory(place, 50U << 20U) == 0);
  CHECK(group.bound_cpu(place, 1500) == 0);
  CHECK(group.bound_io(place, 20'000, 10'000) == 0);
  CHECK(tree.text("g/memory.max") == "52428800");
  CHECK(tree.text("g/memory.swap.max") == "0");
  CHECK(tree.text("g/memory.oom.group") == "1");
  CHECK(tree.text("g/cpu.max") == "150000 100000");
  const std::string io = tree.text("g/io.max");
  CHECK((io.empty() || io.find(" rbps=20000 wbps=10000") != std::string::npos));
  CHECK(group.entrances().size() == 1);

  os::LimitGroup other("g");
  CHECK(other.bound_cpu(place, 1) == EEXIST);  // Somebody else's is never used.
  CHECK(other.entrances().empty());
  CHECK(tree.text("g/cpu.max") == "150000 100000");

  CHECK_FALSE(group.memory_overrun().has_value());
  // Killed because the machine had none left: not of its limit.
  os::replace_file(tree.root / "g/memory.events", "max 3\noom 0\noom_kill 1\n");
  CHECK_FALSE(group.memory_overrun().has_value());
  os::replace_file(tree.root / "g/memory.events", "max 3\noom 1\noom_kill 1\noom_group_kill 1\n");
  CHECK(group.memory_overrun() == 0);  // An old kernel, which does not tell the most it had.
  os::replace_file(tree.root / "g/memory.peak", "52420000\n");
  CHECK(group.memory_overrun() == 52'420'000);
}

TEST_CASE("where there is no place nothing is bounded, and it says so") {
  os::LimitGroup group("g");
  CHECK(group.bound_cpu(std::nullopt, 500) == EOPNOTSUPP);
  CHECK(group.bound_cpu(os::CgroupPlace{"/no/such", true}, 500) == ENOENT);
  CHECK(group.entrances().empty());
  CHECK(group.remove());
}
