#include "exec/log_files.hpp"

#include "base/text.hpp"
#include "exec/log_writer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

namespace sched::exec {
namespace {

namespace fs = std::filesystem;

std::optional<std::int64_t> positive(std::string_view text) {
  const auto number = base::parse_int(text);
  return number && *number > 0 && std::to_string(*number) == text ? number : std::nullopt;
}

/// "17.2.out", "17.2.err.t3".
std::optional<LogFile> read_name(const std::string& name) {
  const auto words = base::split(name, '.');
  if (words.size() != 3 && words.size() != 4) {
    return std::nullopt;
  }
  const auto run = positive(words[0]);
  const auto attempt = positive(words[1]);
  const bool is_stream = words[2] == "out" || words[2] == "err";
  const bool is_piece = words.size() == 3 || (words[3].starts_with('t') &&
                                              positive(std::string_view(words[3]).substr(1)));
  if (!run || !attempt || !is_stream || !is_piece) {
    return std::nullopt;
  }
  return LogFile{model::RunId(*run), static_cast<int>(*attempt), {}, 0};
}

}  // namespace

std::vector<LogFile> list_log_files(const fs::path& logs, std::vector<fs::path>* foreign) {
  std::vector<LogFile> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(logs, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (entry->symlink_status(gone).type() == fs::file_type::directory) {
      continue;
    }
    auto file = read_name(entry->path().filename());
    if (file && entry->path().parent_path() == log_directory(logs, file->run)) {
      file->path = entry->path();
      const auto bytes = entry->file_size(gone);
      file->bytes = gone ? 0 : bytes;
      files.push_back(std::move(*file));
    } else if (foreign != nullptr) {
      foreign->push_back(entry->path());
    }
  }
  std::sort(files.begin(), files.end(), [](const LogFile& left, const LogFile& right) {
    return std::tie(left.run, left.attempt, left.path) <
           std::tie(right.run, right.attempt, right.path);
  });
  return files;
}

}  // namespace sched::exec
