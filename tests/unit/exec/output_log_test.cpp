#include "exec/output_log.hpp"

#include "exec/log_writer.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

using namespace sched;

namespace {

std::string whole(const exec::LogPieces& pieces) {
  std::string text;
  for (const auto& path : pieces.head) {
    text += test::TempDir::read(path);
  }
  for (const auto& path : pieces.tail) {
    text += test::TempDir::read(path);
  }
  return text;
}

std::string counted(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) {
    text += std::to_string(i) + "\n";
  }
  text.resize(size);
  return text;
}

}  // namespace

TEST_CASE("head and end of an output are kept, in order, within the cap, whatever its pieces") {
  for (const std::uint64_t cap : {0U, 1U, 3U, 4U, 7U, 64U, 1000U, 65536U}) {
    for (const std::size_t size : {0U, 1U, 10U, 63U, 64U, 65U, 500U, 100'000U}) {
      for (const std::size_t step : {1U, 7U, 1000U, 100'000U}) {
        if (size / step > 1000) {
          continue;
        }
        CAPTURE(cap);
        CAPTURE(size);
        CAPTURE(step);
        test::TempDir dir;
        exec::LogWriter log(exec::log_head(dir.path(), model::RunId(1234), 2, exec::Stream::out),
                            cap);
        const std::string text = counted(size);
        for (std::size_t at = 0; at < size; at += step) {
          log.append(std::string_view(text).substr(at, step));
        }
        const auto pieces = exec::log_pieces(dir.path(), model::RunId(1234), 2, exec::Stream::out);
        const std::string kept = whole(pieces);
        CHECK(log.total_bytes() == size);
        CHECK(log.dropped_bytes() == size - kept.size());
        CHECK(kept.size() <= cap);
        const std::size_t head = std::min<std::size_t>(size, cap / 2);
        CHECK(kept.substr(0, head) == text.substr(0, head));
        const std::size_t tail = kept.size() - head;
        CHECK(kept.substr(head) == text.substr(size - tail));
        if (cap >= 4 && size >= cap) {
          CHECK(tail >= cap / 4);
        }
        exec::remove_logs(dir.path(), model::RunId(1234), 2);
        CHECK(std::filesystem::is_empty(dir.path()) == !std::filesystem::exists(dir.path() / "1"));
        if (std::filesystem::exists(dir.path() / "1")) {
          CHECK(std::filesystem::is_empty(dir.path() / "1"));
        }
      }
    }
  }
}

TEST_CASE("what is spliced from a pipe counts and is kept as if it had been read") {
  for (const std::uint64_t cap : {1000U, 65536U, 1'000'000U}) {
    CAPTURE(cap);
    test::TempDir dir;
    exec::LogWriter log(exec::log_head(dir.path(), model::RunId(1), 1, exec::Stream::out), cap);
    os::Pipe pipe = os::make_pipe();
    const std::string text = counted(300'000);
    std::array<char, 777> few{};
    int spliced = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t step = std::min<std::size_t>(30'000, text.size() - at);
      REQUIRE(os::write_all(pipe.write_end.get(), std::string_view(text).substr(at, step)));
      at += step;
      while (true) {
        if (log.splice_from(pipe.read_end.get(), 100'000) > 0) {
          ++spliced;
          continue;
        }
        const ssize_t got = ::read(pipe.read_end.get(), few.data(), few.size());
        if (got <= 0) {
          break;
        }
        log.append({few.data(), static_cast<std::size_t>(got)});
      }
    }
    const std::string kept =
        whole(exec::log_pieces(dir.path(), model::RunId(1), 1, exec::Stream::out));
    CHECK(spliced > 5);
    CHECK(log.total_bytes() == text.size());
    CHECK(log.dropped_bytes() == text.size() - kept.size());
    const std::size_t head = std::min<std::size_t>(text.size(), cap / 2);
    CHECK(kept.substr(0, head) == text.substr(0, head));
    CHECK(kept.substr(head) == text.substr(text.size() - (kept.size() - head)));
    if (cap < text.size()) {
      CHECK(kept.size() >= 3 * cap / 4);
      CHECK(kept.size() <= cap);
    }
  }
}

TEST_CASE("nothing is made for a pipe in which nothing is") {
  test::TempDir dir;
  exec::LogWriter log(exec::log_head(dir.path(), model::RunId(1), 1, exec::Stream::out), 1000);
  os::Pipe pipe = os::make_pipe();
  CHECK(log.splice_from(pipe.read_end.get(), 100) == -1);
  pipe.write_end.reset();
  CHECK(log.splice_from(pipe.read_end.get(), 100) == -1);
  CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("an attempt that said nothing has no files") {
  test::TempDir dir;
  exec::LogWriter log(exec::log_head(dir.path(), model::RunId(1), 1, exec::Stream::out), 100);
  const auto pieces = exec::log_pieces(dir.path(), model::RunId(1), 1, exec::Stream::out);
  CHECK(pieces.head.empty());
  CHECK(pieces.tail.empty());
}

TEST_CASE("a place that takes nothing drops and counts every byte") {
  test::TempDir dir;
  dir.write("0", "a file where a directory should be");
  exec::LogWriter log(exec::log_head(dir.path(), model::RunId(1), 1, exec::Stream::out), 1000);
  log.append(std::string(300, 'x'));
  log.append(std::string(3000, 'x'));
  CHECK(log.total_bytes() == 3300);
  CHECK(log.dropped_bytes() == 3300);
}
