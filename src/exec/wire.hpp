#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exec {

/// Puts values into a frame. Numbers are little-endian and of fixed width, text has its length
/// before it.
class Writer {
 public:
  void put_u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void put_u32(std::uint32_t value);
  void put_u64(std::uint64_t value);
  void put_i64(std::int64_t value) { put_u64(static_cast<std::uint64_t>(value)); }
  void put_text(std::string_view text);
  void put_numbers(const std::vector<int>& numbers);
  void put_list(const std::vector<std::string>& texts);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Takes them out again. Whatever is wrong with the bytes, a value comes back (zero or empty) and
/// ok() is false from then on; nothing is allocated that the bytes do not hold.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t take_u8();
  std::uint32_t take_u32();
  std::uint64_t take_u64();
  std::int64_t take_i64() { return static_cast<std::int64_t>(take_u64()); }
  std::string take_text();
  std::vector<int> take_numbers();
  std::vector<std::string> take_list();
  /// How many elements of at least `least_size` bytes follow.
  std::size_t take_count(std::size_t least_size);
  void fail() { ok_ = false; }
  bool ok() const { return ok_; }
  /// ok, and nothing is left.
  bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size);

  std::string_view rest_;
  bool ok_ = true;
};

/// Cuts a byte stream into frames: a length of four bytes, then that many bytes.
class FrameBuffer {
 public:
  void append(std::string_view bytes) { bytes_.append(bytes); }
  /// The next whole frame; empty when more bytes are needed. A length beyond `k_max_frame` breaks
  /// the stream for good.
  std::optional<std::string> next();
  bool broken() const { return broken_; }

 private:
  std::string bytes_;
  std::size_t start_ = 0;
  bool broken_ = false;
};

/// Longest frame: an argument list and a text for stdin, with room to spare.
inline constexpr std::uint32_t k_max_frame = 256U << 20U;

/// The frame with its length before it.
std::string framed(std::string_view frame);

}  // namespace sched::exec
