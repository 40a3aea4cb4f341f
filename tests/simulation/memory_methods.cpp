// What SQLite asks of a file system, answered from MemoryFiles. See sqlite3.h on
// sqlite3_io_methods.
#include "simulation/memory_methods.hpp"

#include "simulation/memory_files.hpp"

#include <algorithm>
#include <cstring>

namespace sched::simulation {
namespace {

/// SQLite allocates it, szOsFile bytes: plain, and its base first.
struct Handle {
  sqlite3_file base;
  MemoryFile* file;
  int level;        ///< Of the file lock.
  unsigned shared;  ///< Locks of the wal-index that it has, a bit each.
  unsigned exclusive;
  bool has_index;
};

Handle& handle_of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}

/// True when this call is the one that fails.
bool strikes(int& countdown) {
  if (countdown == 0 || --countdown > 0) {
    return false;
  }
  MemoryFiles::instance().failed = true;
  return true;
}

int read(sqlite3_file* base, void* buffer, int amount, sqlite3_int64 offset) {
  const std::string& data = handle_of(base).file->data;
  const auto begin = std::min(data.size(), static_cast<std::size_t>(offset));
  const auto length = std::min(data.size() - begin, static_cast<std::size_t>(amount));
  std::memcpy(buffer, data.data() + begin, length);
  if (length == static_cast<std::size_t>(amount)) {
    return SQLITE_OK;
  }
  std::memset(static_cast<char*>(buffer) + length, 0, static_cast<std::size_t>(amount) - length);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, const void* buffer, int amount, sqlite3_int64 offset) {
  MemoryFiles& files = MemoryFiles::instance();
  MemoryFile& file = *handle_of(base).file;
  const auto length = static_cast<std::size_t>(amount);
  if (strikes(files.fail_write)) {
    file.write(offset, std::string(static_cast<const char*>(buffer), length / 2));
    return SQLITE_IOERR_WRITE;
  }
  if (files.full && static_cast<std::size_t>(offset) + length > file.data.size()) {
    files.failed = true;
    return SQLITE_FULL;
  }
  file.write(offset, std::string(static_cast<const char*>(buffer), length));
  return SQLITE_OK;
}

int truncate(sqlite3_file* base, sqlite3_int64 length) {
  handle_of(base).file->truncate(length);
  return SQLITE_OK;
}

int sync(sqlite3_file* base, int) {
  if (strikes(MemoryFiles::instance().fail_sync)) {
    return SQLITE_IOERR_FSYNC;
  }
  handle_of(base).file->sync();
  return SQLITE_OK;
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(handle_of(base).file->data.size());
  return SQLITE_OK;
}

int lock(sqlite3_file* base, int level) {
  Handle& handle = handle_of(base);
  MemoryFile& file = *handle.file;
  if (level <= handle.level) {
    return SQLITE_OK;
  }
  const bool taken = file.writer != nullptr && file.writer != base;
  if (taken || (level == SQLITE_LOCK_EXCLUSIVE && file.readers > 1)) {
    return SQLITE_BUSY;
  }
  if (handle.level == SQLITE_LOCK_NONE) {
    ++file.readers;
  }
  if (level > SQLITE_LOCK_SHARED) {
    file.writer = base;
  }
  handle.level = level;
  return SQLITE_OK;
}

int unlock(sqlite3_file* base, int level) {
  Handle& handle = handle_of(base);
  if (level < SQLITE_LOCK_RESERVED && handle.file->writer == base) {
    handle.file->writer = nullptr;
  }
  if (level == SQLITE_LOCK_NONE && handle.level != SQLITE_LOCK_NONE) {
    --handle.file->readers;
  }
  handle.level = std::min(handle.level, level);
  return SQLITE_OK;
}

int is_reserved(sqlite3_file* base, int* answer) {
  *answer = handle_of(base).file->writer != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
  return 4096;
}
int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int shm_map(sqlite3_file* base, int region, int size, int extend, void volatile** place) {
  Handle& handle = handle_of(base);
  if (!handle.has_index) {
    handle.has_index = true;
    ++handle.file->index_users;
  }
  auto& regions = handle.file->regions;
  const auto wanted = static_cast<std::size_t>(region);
  if (regions.size() <= wanted && extend == 0) {
    *place = nullptr;
    return SQLITE_OK;
  }
  while (regions.size() <= wanted) {
    regions.push_back(std::make_unique<std::vector<char>>(static_cast<std::size_t>(size)));
  }
  *place = regions[wanted]->data();
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* base, int offset, int count, int flags) {
  Handle& handle = handle_of(base);
  MemoryFile& file = *handle.file;
  const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int i = offset; (flags & SQLITE_SHM_LOCK) != 0 && i < offset + count; ++i) {
    const bool others = file.exclusive[i] != nullptr && file.exclusive[i] != base;
    const int mine = (handle.shared >> static_cast<unsigned>(i) & 1U) != 0 ? 1 : 0;
    if (others || (is_exclusive && file.shared[i] > mine)) {
      return SQLITE_BUSY;
    }
  }
  for (int i = offset; i < offset + count; ++i) {
    const unsigned bit = 1U << static_cast<unsigned>(i);
    if ((flags & SQLITE_SHM_LOCK) != 0) {
      if (is_exclusive) {
        file.exclusive[i] = base;
        handle.exclusive |= bit;
      } else if ((handle.shared & bit) == 0) {
        ++file.shared[i];
        handle.shared |= bit;
      }
      continue;
    }
    if ((handle.shared & bit) != 0) {
      --file.shared[i];
      handle.shared &= ~bit;
    }
    if ((handle.exclusive & bit) != 0) {
      file.exclusive[i] = nullptr;
      handle.exclusive &= ~bit;
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* base, int) {
  Handle& handle = handle_of(base);
  if (!handle.has_index) {
    return SQLITE_OK;
  }
  shm_lock(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
  handle.has_index = false;
  if (--handle.file->index_users == 0) {
    handle.file->regions.clear();  // The next to come builds it anew.
  }
  return SQLITE_OK;
}

int close(sqlite3_file* base) {
  shm_unmap(base, 0);
  unlock(base, SQLITE_LOCK_NONE);
  return SQLITE_OK;
}

const sqlite3_io_methods k_methods = {
    2,         close,       read,    write,       truncate,        sync,    file_size, lock,
    unlock,    is_reserved, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,     nullptr};

int open(sqlite3_vfs*, const char* path, sqlite3_file* base, int flags, int* out_flags) {
  Handle& handle = handle_of(base);
  handle = Handle{};
  const std::string name = path == nullptr ? "temporary" : path;
  handle.file = MemoryFiles::instance().open(name, (flags & SQLITE_OPEN_CREATE) != 0);
  if (handle.file == nullptr) {
    return SQLITE_CANTOPEN;
  }
  handle.base.pMethods = &k_methods;
  if (out_flags != nullptr) {
    *out_flags = flags;
  }
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int) {
  MemoryFiles::instance().remove(path);
  return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* path, int, int* answer) {
  *answer = MemoryFiles::instance().exists(path) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

/// The same in each run: salts of the WAL are drawn from it.
int randomness(sqlite3_vfs*, int size, char* out) {
  static unsigned state = 1;
  for (int i = 0; i < size; ++i) {
    state = state * 1'103'515'245U + 12'345U;
    out[i] = static_cast<char>(state >> 16U);
  }
  return size;
}

/// Nobody else goes on meanwhile.
int sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

}  // namespace

void set_methods(sqlite3_vfs& vfs) {
  vfs.szOsFile = sizeof(Handle);
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
}

}  // namespace sched::simulation
