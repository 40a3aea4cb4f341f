#define DOCTEST_CONFIG_IMPLEMENT
#include "exec/launcher.hpp"

#include <doctest/doctest.h>

#include <string_view>

// A LocalExecutor executes its own program again as launcher: here that is the test program.
int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--launcher") {
    return sched::exec::launcher_main(argc, argv);
  }
  doctest::Context context(argc, argv);
  return context.run();
}
