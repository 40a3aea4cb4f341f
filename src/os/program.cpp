#include "os/program.hpp"

#include "base/text.hpp"
#include "os/file.hpp"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace sched::os {

Program own_program() {
  Program program;
  // The name that execve was given: what /proc/self/exe says is the file itself, which an upgrade
  // has removed, and argv[0] may be anything.
  const auto name = ::getauxval(AT_EXECFN);
  if (name != 0) {
    program.path = std::filesystem::absolute(reinterpret_cast<const char*>(name));
  }
  constexpr std::size_t k_cap = std::size_t{8} << 20U;
  const auto words = read_file("/proc/self/cmdline", k_cap);
  if (words.ok() && !words->empty()) {
    program.arguments = base::split(std::string_view(*words).substr(0, words->size() - 1), '\0');
  }
  return program;
}

int execute(const Program& program, const std::string& variable, const std::string& value) {
  std::vector<char*> words;
  for (const std::string& word : program.arguments) {
    words.push_back(const_cast<char*>(word.c_str()));  // execve(2) does not write to them
  }
  words.push_back(nullptr);
  ::setenv(variable.c_str(), value.c_str(), 1);
  ::execve(program.path.c_str(), words.data(), environ);
  const int number = errno;
  ::unsetenv(variable.c_str());
  return number;
}

void keep_through_exec(int fd, bool keep) {
  ::fcntl(fd, F_SETFD, keep ? 0 : FD_CLOEXEC);
}

std::string take_variable(const char* name) {
  const char* found = std::getenv(name);
  std::string value = found == nullptr ? std::string() : std::string(found);
  ::unsetenv(name);
  return value;
}

void reap_inherited() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace sched::os
