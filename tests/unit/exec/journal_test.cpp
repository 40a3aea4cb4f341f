#include "exec/journal.hpp"

#include "os/file.hpp"
#include "os/host.hpp"
#include "os/mount.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>

using namespace sched;

namespace {

exec::Journal::Entry entry_of(std::int64_t run) {
  exec::Journal::Entry entry;
  entry.claim = {model::RunId(run), 2, 77 + run};
  entry.pid = 4242;
  entry.start_ticks = 99;
  entry.started_at = time::from_ms(1'700'000'000'123);
  return entry;
}

model::Ending ending_of(int code) {
  model::Ending ending;
  ending.kind = model::Ending::Kind::signalled;
  ending.cause = model::Ending::Cause::timeout;
  ending.code = code;
  ending.started_at = time::from_ms(1'700'000'000'123);
  ending.ended_at = time::from_ms(1'700'000'009'123);
  ending.elapsed = std::chrono::seconds(9);
  ending.usage = {1, 2, 3, 4, 5};
  ending.log_bytes = 6;
  ending.dropped_bytes = 7;
  return ending;
}

struct Fixture {
  test::TempDir dir;
  std::filesystem::path path = dir / "journal";
  exec::Journal journal{exec::Journal::create(path, {model::LauncherId(5), "boot", 0})};

  exec::Journal::Content read() const {
    return exec::Journal::read(os::open_private(path, O_RDONLY).get()).value();
  }
  void spoil(std::size_t offset) const {
    const os::UniqueFd file = os::open_private(path, O_RDWR);
    char byte = 0;
    REQUIRE(::pread(file.get(), &byte, 1, static_cast<off_t>(offset)) == 1);
    byte = static_cast<char>(~byte);
    REQUIRE(::pwrite(file.get(), &byte, 1, static_cast<off_t>(offset)) == 1);
  }
};

constexpr std::size_t k_first_slot = 4096;
constexpr std::size_t k_half = 128;

}  // namespace

TEST_CASE("a journal gives back what was written") {
  Fixture fixture;
  fixture.journal.sign({model::LauncherId(5), "boot", 0});
  const auto first = fixture.journal.begin(entry_of(1));
  const auto second = fixture.journal.begin(entry_of(2));
  REQUIRE((first.has_value() && second.has_value()));
  CHECK(fixture.journal.end(*second, entry_of(2).claim, ending_of(15)));
  const auto content = fixture.read();
  CHECK(content.owner.launcher == model::LauncherId(5));
  CHECK(content.owner.boot_id == "boot");
  CHECK(content.owner.pid == ::getpid());
  REQUIRE(content.entries.size() == 2);
  CHECK(content.entries[0].claim == entry_of(1).claim);
  CHECK(content.entries[0].pid == 4242);
  CHECK(content.entries[0].start_ticks == 99);
  CHECK_FALSE(content.entries[0].ending.has_value());
  REQUIRE(content.entries[1].ending.has_value());
  CHECK(*content.entries[1].ending == ending_of(15));
}

TEST_CASE("a released slot is used again and shows nothing of its past") {
  Fixture fixture;
  const auto slot = fixture.journal.begin(entry_of(1));
  REQUIRE(slot.has_value());
  fixture.journal.end(*slot, entry_of(1).claim, ending_of(1));
  fixture.journal.release(*slot);
  CHECK(fixture.read().entries.empty());
  CHECK(fixture.journal.begin(entry_of(2)) == slot);
  const auto content = fixture.read();
  REQUIRE(content.entries.size() == 1);
  CHECK(content.entries[0].claim == entry_of(2).claim);
  CHECK_FALSE(content.entries[0].ending.has_value());
}

TEST_CASE("a journal grows by blocks and stays flat under reuse") {
  Fixture fixture;
  for (std::int64_t run = 1; run <= 1000; ++run) {
    REQUIRE(fixture.journal.begin(entry_of(run)).has_value());
  }
  CHECK(fixture.read().entries.size() == 1000);
  const auto size = std::filesystem::file_size(fixture.path);
  for (int round = 0; round < 10'000; ++round) {
    fixture.journal.release(17);
    REQUIRE(fixture.journal.begin(entry_of(5000)) == 17);
  }
  CHECK(std::filesystem::file_size(fixture.path) == size);
}

TEST_CASE("a torn half counts as never written") {
  Fixture fixture;
  const auto slot = fixture.journal.begin(entry_of(1));
  fixture.journal.end(*slot, entry_of(1).claim, ending_of(1));
  fixture.spoil(k_first_slot + k_half + 40);
  REQUIRE(fixture.read().entries.size() == 1);
  CHECK_FALSE(fixture.read().entries[0].ending.has_value());
  fixture.spoil(k_first_slot + 20);
  CHECK(fixture.read().entries.empty());
  fixture.spoil(20);
  CHECK_FALSE(exec::Journal::read(os::open_private(fixture.path, O_RDONLY).get()).has_value());
}

TEST_CASE("an end of another attempt is not read with this start") {
  Fixture fixture;
  const auto slot = fixture.journal.begin(entry_of(1));
  fixture.journal.end(*slot, entry_of(9).claim, ending_of(1));
  REQUIRE(fixture.read().entries.size() == 1);
  CHECK_FALSE(fixture.read().entries[0].ending.has_value());
}

TEST_CASE("a file that is no journal, or cut short anywhere, is read without harm") {
  Fixture fixture;
  fixture.journal.begin(entry_of(1));
  for (const off_t size : {0, 1, 111, 112, 4095, 4096, 4097, 4096 + 127, 4096 + 255, 4096 + 256}) {
    REQUIRE(::truncate(fixture.path.c_str(), 70'000) == 0);
    CAPTURE(size);
    const auto copy = fixture.dir / "copy";
    std::filesystem::copy_file(fixture.path, copy,
                               std::filesystem::copy_options::overwrite_existing);
    REQUIRE(::truncate(copy.c_str(), size) == 0);
    const auto content = exec::Journal::read(os::open_private(copy, O_RDONLY).get());
    CHECK(content.has_value() == (size >= 112));
    if (content.has_value()) {
      CHECK(content->entries.size() == (size >= 4096 + 256 ? 1 : 0));
    }
  }
}

TEST_CASE(
    "a journal says whether its launcher ended in order, and whether it is still where it was") {
  Fixture fixture;
  const auto owner = [&] {
    return exec::Journal::read_owner(os::open_private(fixture.path, O_RDONLY).get()).value();
  };
  fixture.journal.begin(entry_of(1));
  CHECK_FALSE(owner().closed);
  const bool told = os::mount_id(os::open_private(fixture.path, O_RDONLY).get()) != 0;
  fixture.journal.sign({.launcher = model::LauncherId(7), .boot_id = os::boot_id()});
  CHECK(owner().same_mount == told);
  fixture.journal.sign({.launcher = model::LauncherId(7), .boot_id = "another"});
  CHECK_FALSE(owner().same_mount);
  fixture.journal.close({.launcher = model::LauncherId(7), .boot_id = os::boot_id()});
  CHECK(owner().closed);
  CHECK(owner().launcher == model::LauncherId(7));
}
