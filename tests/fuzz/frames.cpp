#include "exec/wire.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace {

/// All frames, when the bytes come in pieces of this size.
std::vector<std::string> frames(std::string_view bytes, std::size_t piece, bool& broken) {
  sched::exec::FrameBuffer buffer;
  std::vector<std::string> found;
  while (!bytes.empty()) {
    buffer.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (auto frame = buffer.next()) {
      found.push_back(std::move(*frame));
    }
  }
  broken = buffer.broken();
  return found;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text(data, size);
  bool broken = false;
  const auto whole = frames(bytes, size + 1, broken);
  std::string written;
  for (const std::string& frame : whole) {
    written += sched::exec::framed(frame);
  }
  fuzz::require(bytes.starts_with(written));
  // Where the stream was cut makes no difference.
  for (const std::size_t piece : {1U, 3U, 4U, 7U}) {
    bool broken_too = false;
    fuzz::require(frames(bytes, piece, broken_too) == whole);
    fuzz::require(broken_too == broken);
  }
  return 0;
}
