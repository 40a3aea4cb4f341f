#include "cli/unit_files.hpp"

#include "cli/text_file.hpp"

#include <map>

namespace sched::cli {
namespace {

/// "backup@.timer" of "backup@db.timer", or "".
std::string template_of(const std::string& unit) {
  const std::size_t at = unit.find('@');
  const std::size_t dot = unit.rfind('.');
  if (at == std::string::npos || dot == std::string::npos || dot < at) {
    return "";
  }
  return unit.substr(0, at + 1) + unit.substr(dot);
}

}  // namespace

std::vector<std::filesystem::path> unit_directories(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> directories;
  for (const char* place :
       {"etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system",
        "lib/systemd/system", "usr/lib/systemd/system"}) {
    directories.push_back(root / place);
  }
  return directories;
}

std::filesystem::path find_unit(const std::vector<std::filesystem::path>& directories,
                                const std::string& unit) {
  std::error_code failure;
  for (const std::string& name : {unit, template_of(unit)}) {
    for (const std::filesystem::path& directory : directories) {
      if (!name.empty() && std::filesystem::is_regular_file(directory / name, failure)) {
        return directory / name;
      }
    }
  }
  return {};
}

std::vector<exchange::UnitText> read_unit(const std::vector<std::filesystem::path>& directories,
                                          const std::string& unit,
                                          const std::filesystem::path& file) {
  std::vector<exchange::UnitText> texts = {{file.string(), read_text_file(file.string())}};
  // By name, whichever directory they are in; of one name the first directory's hides the others.
  std::map<std::string, std::filesystem::path> drop_ins;
  std::error_code failure;
  for (const std::string& name : {unit, template_of(unit)}) {
    if (name.empty()) {
      continue;
    }
    for (const std::filesystem::path& directory : directories) {
      for (const auto& entry :
           std::filesystem::directory_iterator(directory / (name + ".d"), failure)) {
        if (entry.path().extension() == ".conf") {
          drop_ins.emplace(entry.path().filename().string(), entry.path());
        }
      }
    }
  }
  for (const auto& [name, path] : drop_ins) {
    texts.push_back({path.string(), read_text_file(path.string())});
  }
  return texts;
}

}  // namespace sched::cli
