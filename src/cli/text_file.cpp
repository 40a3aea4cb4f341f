#include "cli/text_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

namespace sched::cli {
namespace {

constexpr std::size_t k_longest = 64U << 20U;

base::Error bad(const std::string& path, const char* what) {
  return {base::ErrorKind::invalid_input, fmt::format("{}: {}", base::quote(path), what)};
}

}  // namespace

std::string read_text_file(const std::string& path) {
  std::error_code failure;
  std::ifstream file;
  if (path != "-") {
    if (std::filesystem::is_directory(path, failure)) {
      throw bad(path, "is a directory");
    }
    file.open(path, std::ios::binary);
    if (!file && !std::filesystem::exists(path, failure)) {
      throw bad(path, "there is no such file");
    }
    if (!file) {
      throw bad(path, "the file can't be read");
    }
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string text;
  std::string piece(std::size_t{1} << 16U, '\0');
  while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         input.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(input.gcount()));
    if (text.size() > k_longest) {
      throw bad(path, "the file has more than 64 MiB");
    }
  }
  if (input.bad()) {
    throw bad(path, "the file can't be read");
  }
  return text;
}

}  // namespace sched::cli
