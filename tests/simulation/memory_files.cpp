#include "simulation/memory_files.hpp"

#include "simulation/memory_methods.hpp"

#include <algorithm>
#include <cstring>

namespace sched::simulation {
namespace {

void carry_out(std::string& content, const MemoryFile::Write& write) {
  if (write.cut_to >= 0) {
    content.resize(std::min(content.size(), static_cast<std::size_t>(write.cut_to)));
    return;
  }
  const auto offset = static_cast<std::size_t>(write.offset);
  if (content.size() < offset + write.bytes.size()) {
    content.resize(offset + write.bytes.size());
  }
  std::memcpy(content.data() + offset, write.bytes.data(), write.bytes.size());
}

}  // namespace

void MemoryFile::write(std::int64_t offset, std::string bytes) {
  pending.push_back({offset, std::move(bytes), -1});
  carry_out(data, pending.back());
}

void MemoryFile::truncate(std::int64_t length) {
  pending.push_back({0, {}, length});
  carry_out(data, pending.back());
}

void MemoryFile::sync() {
  for (const Write& write : pending) {
    carry_out(durable, write);
  }
  pending.clear();
}

void MemoryFile::lose_power(Coin& coin) {
  const bool any = coin.heads();
  for (const Write& write : pending) {
    if (any && coin.heads()) {
      carry_out(durable, write);
    }
  }
  pending.clear();
  data = durable;
}

MemoryFiles::MemoryFiles() : original_(sqlite3_vfs_find(nullptr)), vfs_(*original_) {
  vfs_.zName = "memory";
  vfs_.pNext = nullptr;
  set_methods(vfs_);
}

MemoryFiles& MemoryFiles::instance() {
  static MemoryFiles files;
  return files;
}

void MemoryFiles::use() {
  sqlite3_vfs_register(&vfs_, 1);
}

void MemoryFiles::put(const std::string& path, const std::string& content) {
  auto& file = files_[path];
  if (!file) {
    file = std::make_unique<MemoryFile>();
  }
  file->data = content;
  file->durable = content;
  file->pending.clear();
}

void MemoryFiles::spoil_indexes() {
  constexpr std::size_t k_both_headers = 96;
  for (auto& [path, file] : files_) {
    if (!file->regions.empty()) {
      std::fill_n(file->regions.front()->begin(), k_both_headers, '\0');
    }
  }
}

void MemoryFiles::lose_power(std::uint64_t seed) {
  Coin coin(seed);
  for (auto& [path, file] : files_) {
    file->lose_power(coin);
  }
}

MemoryFile* MemoryFiles::open(const std::string& path, bool create) {
  const auto found = files_.find(path);
  if (found != files_.end()) {
    return found->second.get();
  }
  if (!create) {
    return nullptr;
  }
  return (files_[path] = std::make_unique<MemoryFile>()).get();
}

}  // namespace sched::simulation
