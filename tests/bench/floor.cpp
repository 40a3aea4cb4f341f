// What the machine itself charges: the floors that tests/bench measures beside sched.
//
//   floor spawn COUNT WIDTH [FILE]   bare loop of vfork, exec of /bin/true and wait, WIDTH at once;
//   with
//                                    FILE a line written and synced after each end
//   floor stamp FILE                 appends the moment (CLOCK_MONOTONIC, ns) to FILE
//   floor say null|out               writes one line there
//   floor rows STORE FILE            puts the rows of a store's tasks and runs into a new database
//   floor layers FILE LAYERS WIDTH   walks a graph of full layers by counters
//   floor commits FILE COUNT TABLES  commits a change of a row in each table, COUNT times
//   floor probe FILE                 how long others hold the write lock of a database
//
// Prints seconds, or what it says above.
#include "floor.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

extern char** environ;

namespace floors {

double now() {
  timespec moment{};
  clock_gettime(CLOCK_MONOTONIC, &moment);
  return static_cast<double>(moment.tv_sec) + static_cast<double>(moment.tv_nsec) / 1e9;
}

void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

}  // namespace floors

namespace {

void begin_one() {
  static char program[] = "/bin/true";
  char* const argv[] = {program, nullptr};
  const pid_t child = vfork();
  if (child == 0) {
    execve(program, argv, environ);
    _exit(127);
  }
  if (child < 0) {
    floors::die("vfork");
  }
}

void spawn(int count, int width, const char* synced) {
  int file = -1;
  if (synced != nullptr) {
    file = open(synced, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) {
      floors::die(synced);
    }
  }
  const double begun = floors::now();
  int started = 0;
  int running = 0;
  while (started < count || running > 0) {
    while (started < count && running < width) {
      begin_one();
      ++started;
      ++running;
    }
    int status = 0;
    if (wait(&status) < 0 || status != 0) {
      floors::die("wait");
    }
    --running;
    if (file >= 0 &&
        (write(file, "ended well, and this is told\n", 29) != 29 || fdatasync(file) != 0)) {
      floors::die("fdatasync");
    }
  }
  std::printf("%.6f\n", floors::now() - begun);
}

void stamp(const char* path) {
  char text[32];
  const int length = std::snprintf(text, sizeof text, "%.0f\n", floors::now() * 1e9);
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0 || write(file, text, static_cast<std::size_t>(length)) != length) {
    floors::die(path);
  }
}

void say(const std::string& where) {
  const int to = where == "null" ? open("/dev/null", O_WRONLY) : 1;
  if (write(to, "a line of output\n", 17) != 17) {
    floors::die("write");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  if (what == "spawn" && argc >= 4) {
    spawn(std::atoi(argv[2]), std::atoi(argv[3]), argc > 4 ? argv[4] : nullptr);
  } else if (what == "stamp") {
    stamp(argv[2]);
  } else if (what == "say") {
    say(argv[2]);
  } else if (what == "rows" && argc == 4) {
    floors::rows(argv[2], argv[3]);
  } else if (what == "layers" && argc == 5) {
    floors::layers(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
  } else if (what == "commits" && argc == 5) {
    floors::commits(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
  } else if (what == "probe" && argc == 3) {
    floors::probe(argv[2]);
  } else {
    std::fputs("see the head of floor.cpp\n", stderr);
    return 2;
  }
  return 0;
}
