#include "store/damaged_file.hpp"

#include "store/database.hpp"
#include "store/migrator.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <set>
#include <string_view>

namespace sched::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_page = 4096;
constexpr std::size_t k_header = 100;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

void put(std::string& header, std::size_t at, std::uint32_t number) {
  for (int i = 3; i >= 0; --i) {
    header[at + static_cast<std::size_t>(i)] = static_cast<char>(number & 0xFFU);
    number >>= 8U;
  }
}

/// The pages of a new store that belong to no table or index: the schema lies on those.
std::set<std::int64_t> schema_pages(Database& db) {
  std::set<std::int64_t> pages;
  for (std::int64_t page = 1; page <= db.pragma("page_count"); ++page) {
    pages.insert(page);
  }
  Query roots(db, "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0");
  while (roots.step()) {
    pages.erase(roots.integer(0));
  }
  return pages;
}

}  // namespace

void repair_header(const fs::path& copy) {
  std::string content = read(copy);
  // A piece of a page at the end is what a truncation left.
  content.resize(std::max(content.size() / k_page, std::size_t{1}) * k_page);
  std::string header = content.substr(0, k_header);
  header.replace(0, 16, std::string_view("SQLite format 3\0", 16));
  header.replace(16, 2, std::string_view("\x10\0", 2));  // 4096
  for (const std::size_t version : {18U, 19U}) {
    header[version] = header[version] == 1 ? '\1' : '\2';  // 2: it may have a write-ahead log
  }
  header.replace(20, 4, std::string_view("\0\x40\x20\x20", 4));
  header.replace(92, 4, header.substr(24, 4));  // the count of pages counts
  put(header, 28, static_cast<std::uint32_t>(content.size() / k_page));
  put(header, 32, 0);  // no list of free pages: nothing is written
  put(header, 36, 0);
  put(header, 44, 4);
  put(header, 56, 1);
  content.replace(0, k_header, header);
  write(copy, content);
}

void replace_schema(const fs::path& copy, const fs::path& workshop) {
  const fs::path fresh = workshop / "fresh.db";
  std::set<std::int64_t> pages;
  {
    Database db(fresh.string(), Database::Mode::create);
    migrate(db, fresh.string());
    db.checkpoint();
    pages = schema_pages(db);
  }
  const std::string source = read(fresh);
  std::string content = read(copy);
  for (const std::int64_t page : pages) {
    const std::size_t at = static_cast<std::size_t>(page - 1) * k_page;
    if (at + k_page <= source.size() && at + k_page <= content.size()) {
      content.replace(at, k_page, source.substr(at, k_page));
    }
  }
  write(copy, content);
  repair_header(copy);
}

}  // namespace sched::store
