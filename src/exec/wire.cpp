#include "exec/wire.hpp"

namespace sched::exec {

namespace {

template <typename Unsigned>
void append_number(std::string& bytes, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
  }
}

template <typename Unsigned>
Unsigned to_number(std::string_view bytes) {
  Unsigned value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]));
    value = static_cast<Unsigned>(value | byte << (8 * i));
  }
  return value;
}

}  // namespace

void Writer::put_u32(std::uint32_t value) {
  append_number(bytes_, value);
}
void Writer::put_u64(std::uint64_t value) {
  append_number(bytes_, value);
}

void Writer::put_text(std::string_view text) {
  put_u32(static_cast<std::uint32_t>(text.size()));
  bytes_.append(text);
}

void Writer::put_numbers(const std::vector<int>& numbers) {
  put_u32(static_cast<std::uint32_t>(numbers.size()));
  for (const int number : numbers) {
    put_u32(static_cast<std::uint32_t>(number));
  }
}

void Writer::put_list(const std::vector<std::string>& texts) {
  put_u32(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) {
    put_text(text);
  }
}

std::string_view Reader::take(std::size_t size) {
  if (!ok_ || rest_.size() < size) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint8_t Reader::take_u8() {
  return to_number<std::uint8_t>(take(1));
}
std::uint32_t Reader::take_u32() {
  return to_number<std::uint32_t>(take(4));
}
std::uint64_t Reader::take_u64() {
  return to_number<std::uint64_t>(take(8));
}

std::string Reader::take_text() {
  const std::uint32_t size = take_u32();
  return std::string(take(size));
}

std::size_t Reader::take_count(std::size_t least_size) {
  const std::size_t count = take_u32();
  if (!ok_ || count > rest_.size() / least_size) {
    ok_ = false;
    return 0;
  }
  return count;
}

std::vector<int> Reader::take_numbers() {
  std::vector<int> numbers(take_count(4));
  for (int& number : numbers) {
    number = static_cast<int>(take_u32());
  }
  return numbers;
}

std::vector<std::string> Reader::take_list() {
  std::vector<std::string> texts;
  const std::size_t count = take_count(4);
  texts.reserve(count);
  for (std::size_t i = 0; i < count && ok_; ++i) {
    texts.push_back(take_text());
  }
  return texts;
}

std::optional<std::string> FrameBuffer::next() {
  const std::size_t available = bytes_.size() - start_;
  if (broken_ || available < 4) {
    return std::nullopt;
  }
  const auto size = to_number<std::uint32_t>(std::string_view(bytes_).substr(start_, 4));
  if (size > k_max_frame) {
    broken_ = true;
    return std::nullopt;
  }
  if (available < std::size_t{4} + size) {
    return std::nullopt;
  }
  std::string frame = bytes_.substr(start_ + 4, size);
  start_ += std::size_t{4} + size;
  // Moved to the front only now and then, so that many small frames cost little.
  if (start_ == bytes_.size() || start_ > std::size_t{1} << 20U) {
    bytes_.erase(0, start_);
    start_ = 0;
  }
  return frame;
}

std::string framed(std::string_view frame) {
  std::string bytes;
  bytes.reserve(frame.size() + 4);
  append_number(bytes, static_cast<std::uint32_t>(frame.size()));
  bytes.append(frame);
  return bytes;
}

}  // namespace sched::exec
