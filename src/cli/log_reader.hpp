#pragma once

#include "exec/output_log.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace sched::cli {

/// Where the bytes of a log go.
using LogSink = std::function<void(std::string_view)>;
/// Told where bytes of a log were dropped.
using GapSink = std::function<void()>;

/// Reads one stream of one attempt from its beginning, also while it is being written: each read()
/// gives what is new. The pieces of a log that passed its cap follow each other; one that went
/// before it was read is a gap.
class LogReader {
 public:
  LogReader(std::filesystem::path logs, model::RunId run, int attempt, exec::Stream stream);

  /// Passes on everything that is there; true when there was something.
  bool read(const LogSink& bytes, const GapSink& gap);
  /// Leaves out all but the last lines of what is there now.
  void skip_to_last(std::int64_t lines);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  struct Next {
    std::int64_t number = 0;
    File file;
  };

  std::optional<Next> find_next() const;
  bool drain(const LogSink& bytes);

  std::filesystem::path logs_;
  model::RunId run_;
  int attempt_;
  exec::Stream stream_;
  File file_;  ///< Of the piece that is read; stays readable when it is removed meanwhile.
  std::int64_t piece_ = -1;  ///< Its number, 0 is the head; -1: none was there yet.
};

}  // namespace sched::cli
