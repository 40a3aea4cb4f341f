#pragma once

#include <string>
#include <vector>

namespace sched::cli {

struct ManualPage {
  std::string name;  ///< "sched-add"
  int section = 1;
  std::string summary;  ///< For the NAME line.
  std::string command;  ///< The subcommand it is about; "" for sched itself and for formats.
};

/// sched(1), one a subcommand, then the pages about formats.
std::vector<ManualPage> manual_pages();

/// The page in man(7) markup: prose by hand (man/prose), options from the definitions that --help
/// prints.
std::string manual_text(const ManualPage& page);

/// Every key of every object that --json prints, in markup.
std::string json_sections();

}  // namespace sched::cli
