#include "exec/output_log.hpp"

#include "base/text.hpp"
#include "exec/log_writer.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

namespace sched::exec {

namespace {

struct Piece {
  std::int64_t number = 0;
  std::filesystem::path path;
};

/// The tail pieces that lie beside a head, oldest first.
std::vector<Piece> tail_pieces(const std::filesystem::path& head) {
  std::vector<Piece> pieces;
  const std::string prefix = head.filename().string() + ".t";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(head.parent_path(), error)) {
    const std::string name = entry.path().filename();
    if (name.compare(0, prefix.size(), prefix) != 0) {
      continue;
    }
    if (const auto number = base::parse_int(std::string_view(name).substr(prefix.size()))) {
      pieces.push_back({*number, entry.path()});
    }
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& left, const Piece& right) { return left.number < right.number; });
  return pieces;
}

}  // namespace

std::filesystem::path log_directory(const std::filesystem::path& logs, model::RunId run) {
  return logs / std::to_string(run.value / 1000);
}

std::filesystem::path log_head(const std::filesystem::path& logs, model::RunId run, int attempt,
                               Stream stream) {
  return log_directory(logs, run) / (std::to_string(run.value) + "." + std::to_string(attempt) +
                                     (stream == Stream::out ? ".out" : ".err"));
}

LogPieces log_pieces(const std::filesystem::path& logs, model::RunId run, int attempt,
                     Stream stream) {
  LogPieces result;
  const std::filesystem::path head = log_head(logs, run, attempt, stream);
  std::error_code error;
  if (!std::filesystem::exists(head, error)) {
    return result;
  }
  result.head.push_back(head);
  for (const Piece& piece : tail_pieces(head)) {
    result.tail.push_back(piece.path);
  }
  return result;
}

void remove_logs(const std::filesystem::path& logs, model::RunId run, int attempts) {
  std::error_code error;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    for (const Stream stream : {Stream::out, Stream::err}) {
      const LogPieces pieces = log_pieces(logs, run, attempt, stream);
      for (const auto& path : pieces.tail) {
        std::filesystem::remove(path, error);
      }
      for (const auto& path : pieces.head) {
        std::filesystem::remove(path, error);
      }
    }
  }
}

}  // namespace sched::exec
