#include "exec/journal.hpp"

#include "os/file.hpp"
#include "os/host.hpp"
#include "os/mount.hpp"
#include "os/system_error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace sched::exec {

namespace {

constexpr std::size_t k_page = 4096;
constexpr std::size_t k_half = 128;
constexpr std::size_t k_slot = 2 * k_half;
constexpr std::size_t k_block_slots = 256;
constexpr std::uint32_t k_version = 1;

// Read back by the same program on the same machine only, so plain memory is format enough. Fields
// are ordered so that nothing lies between them; the checksum covers all that follows it.
struct Header {
  std::array<char, 8> magic{'S', 'C', 'H', 'E', 'D', 'J', 'N', 'L'};
  std::uint64_t checksum = 0;
  std::uint32_t version = k_version;
  std::int32_t pid = 0;
  std::int64_t launcher = 0;
  std::int64_t closed = 0;
  std::uint64_t mount = 0;
  std::array<char, 64> boot_id{};
};
static_assert(sizeof(Header) == 112);

struct StartHalf {
  std::uint64_t magic = 0x5452415453444353U;
  std::uint64_t checksum = 0;
  std::int64_t run = 0;
  std::int64_t token = 0;
  std::int32_t attempt = 0;
  std::int32_t pid = 0;
  std::uint64_t start_ticks = 0;
  std::int64_t started_ms = 0;
  std::array<std::uint64_t, 9> reserved{};
};
static_assert(sizeof(StartHalf) == k_half);

struct EndHalf {
  std::uint64_t magic = 0x444E4520444E4553U;
  std::uint64_t checksum = 0;
  std::int64_t token = 0;  ///< The start's, so that an end can't be read with another start.
  std::uint8_t kind = 0;
  std::uint8_t cause = 0;
  std::uint8_t step = 0;
  std::uint8_t unused = 0;
  std::int32_t code = 0;
  std::int64_t ended_ms = 0;
  std::int64_t elapsed_ms = 0;
  model::Usage usage;
  std::uint64_t log_bytes = 0;
  std::uint64_t dropped_bytes = 0;
  std::int64_t measured = 0;
  std::int64_t processes = 0;
  std::array<std::uint64_t, 1> reserved{};
};
static_assert(sizeof(EndHalf) == k_half);

/// FNV-1a over what follows the checksum field.
template <typename Record>
std::uint64_t checksum(const Record& record) {
  constexpr std::size_t k_from = offsetof(Record, checksum) + sizeof(std::uint64_t);
  const char* bytes = reinterpret_cast<const char*>(&record);
  std::uint64_t sum = 0xCBF29CE484222325U;
  for (std::size_t i = k_from; i < sizeof record; ++i) {
    sum = (sum ^ static_cast<unsigned char>(bytes[i])) * 0x100000001B3U;
  }
  return sum;
}

template <typename Record>
std::string_view sealed(Record& record) {
  record.checksum = checksum(record);
  return {reinterpret_cast<const char*>(&record), sizeof record};
}

template <typename Record>
std::optional<Record> read_at(int fd, std::size_t offset) {
  Record record;
  const auto magic = record.magic;
  if (::pread(fd, &record, sizeof record, static_cast<off_t>(offset)) !=
          static_cast<ssize_t>(sizeof record) ||
      record.magic != magic || record.checksum != checksum(record)) {
    return std::nullopt;
  }
  return record;
}

bool write_header(int fd, const Journal::Owner& owner) {
  Header header;
  header.pid = owner.pid;
  header.launcher = owner.launcher.value;
  header.closed = owner.closed ? 1 : 0;
  header.mount = os::mount_id(fd);
  std::strncpy(header.boot_id.data(), owner.boot_id.c_str(), header.boot_id.size() - 1);
  return os::write_all_at(fd, sealed(header), 0);
}

StartHalf start_half(const Journal::Entry& entry) {
  StartHalf start;
  start.run = entry.claim.run.value;
  start.token = entry.claim.token;
  start.attempt = entry.claim.attempt;
  start.pid = entry.pid;
  start.start_ticks = entry.start_ticks;
  start.started_ms = time::to_ms(entry.started_at);
  return start;
}

std::size_t offset_of(std::size_t slot) {
  return k_page + slot * k_slot;
}

std::optional<model::Ending> read_end(int fd, std::size_t slot, const StartHalf& start) {
  const auto end = read_at<EndHalf>(fd, offset_of(slot) + k_half);
  if (!end.has_value() || end->token != start.token) {
    return std::nullopt;
  }
  model::Ending ending;
  ending.kind = static_cast<model::Ending::Kind>(end->kind);
  ending.cause = static_cast<model::Ending::Cause>(end->cause);
  ending.step = static_cast<model::Ending::Step>(end->step);
  ending.code = end->code;
  ending.started_at = time::from_ms(start.started_ms);
  ending.ended_at = time::from_ms(end->ended_ms);
  ending.elapsed = time::Duration(end->elapsed_ms);
  ending.usage = end->usage;
  ending.measured = end->measured;
  ending.processes = end->processes;
  ending.log_bytes = end->log_bytes;
  ending.dropped_bytes = end->dropped_bytes;
  return ending;
}

}  // namespace

os::UniqueFd Journal::create(const std::filesystem::path& path, const Owner& owner) {
  os::UniqueFd file = os::open_private(path, O_RDWR | O_CREAT | O_EXCL);
  if (!file || !write_header(file.get(), owner)) {
    throw os::system_error(errno, "cannot write '" + path.string() + "'");
  }
  // Room that is there already can't be missing when the first attempts begin on a full disk.
  const int number = ::posix_fallocate(file.get(), 0, k_page + k_block_slots * k_slot);
  if (number != 0) {
    throw os::system_error(number, "cannot make room for '" + path.string() + "'");
  }
  return file;
}

void Journal::sign(Owner owner) {
  owner.pid = ::getpid();
  write_header(file_.get(), owner);
}

void Journal::close(Owner owner) {
  // In this order: a mark on the disk is a word about slots that are there as well.
  if (::fdatasync(file_.get()) == 0) {
    owner.closed = true;
    sign(std::move(owner));
    ::fdatasync(file_.get());
  }
}

std::optional<Journal::Owner> Journal::read_owner(int fd) {
  const auto header = read_at<Header>(fd, 0);
  if (!header.has_value() || header->version != k_version) {
    return std::nullopt;
  }
  Owner owner{model::LauncherId(header->launcher), header->boot_id.data(), header->pid,
              header->closed != 0};
  owner.same_mount =
      header->mount != 0 && header->mount == os::mount_id(fd) && owner.boot_id == os::boot_id();
  return owner;
}

std::optional<Journal::Content> Journal::read(int fd) {
  auto owner = read_owner(fd);
  if (!owner.has_value()) {
    return std::nullopt;
  }
  Content content;
  content.owner = *std::move(owner);
  struct stat info {};
  ::fstat(fd, &info);
  const std::size_t slots = (static_cast<std::size_t>(info.st_size) - k_page) / k_slot;
  for (std::size_t slot = 0;
       offset_of(slot + 1) <= static_cast<std::size_t>(info.st_size) && slot < slots; ++slot) {
    const auto start = read_at<StartHalf>(fd, offset_of(slot));
    if (!start.has_value()) {
      continue;
    }
    Entry entry;
    entry.claim = {model::RunId(start->run), start->attempt, start->token};
    entry.pid = start->pid;
    entry.start_ticks = start->start_ticks;
    entry.started_at = time::from_ms(start->started_ms);
    entry.ending = read_end(fd, slot, *start);
    content.entries.push_back(entry);
  }
  return content;
}

bool Journal::grow() {
  const std::size_t from = offset_of(slots_);
  const int number = ::posix_fallocate(file_.get(), static_cast<off_t>(from),
                                       static_cast<off_t>(k_block_slots * k_slot));
  if (number != 0) {
    errno = number;
    return false;
  }
  for (std::size_t i = k_block_slots; i > 0; --i) {
    free_.push_back(slots_ + i - 1);
  }
  slots_ += k_block_slots;
  return true;
}

std::optional<std::size_t> Journal::begin(const Entry& entry) {
  if (free_.empty() && !grow()) {
    return std::nullopt;
  }
  const std::size_t slot = free_.back();
  StartHalf start = start_half(entry);
  std::string both(sealed(start));
  both.resize(k_slot, '\0');  // An older end must not be read with this start.
  if (!os::write_all_at(file_.get(), both, offset_of(slot))) {
    return std::nullopt;
  }
  free_.pop_back();
  return slot;
}

void Journal::note_process(std::size_t slot, const Entry& entry) {
  StartHalf start = start_half(entry);
  os::write_all_at(file_.get(), sealed(start), offset_of(slot));
}

bool Journal::end(std::size_t slot, const model::Claim& claim, const model::Ending& ending) {
  EndHalf end;
  end.token = claim.token;
  end.kind = static_cast<std::uint8_t>(ending.kind);
  end.cause = static_cast<std::uint8_t>(ending.cause);
  end.step = static_cast<std::uint8_t>(ending.step);
  end.code = ending.code;
  end.ended_ms = time::to_ms(ending.ended_at);
  end.elapsed_ms = ending.elapsed.count();
  end.usage = ending.usage;
  end.log_bytes = ending.log_bytes;
  end.dropped_bytes = ending.dropped_bytes;
  end.measured = ending.measured;
  end.processes = ending.processes;
  return os::write_all_at(file_.get(), sealed(end), offset_of(slot) + k_half);
}

void Journal::release(std::size_t slot) {
  os::write_all_at(file_.get(), std::string(k_slot, '\0'), offset_of(slot));
  free_.push_back(slot);
}

}  // namespace sched::exec
