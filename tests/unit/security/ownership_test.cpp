#include "security/ownership.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using security::FileFacts;
using Kind = FileFacts::Kind;

TEST_CASE("what is private and ours may be used, and nothing else") {
  constexpr std::uint32_t k_us = 1000;
  struct Row {
    const char* what;
    FileFacts facts;
    const char* message;
    const char* hint;
  };
  for (const Row& row : {
           Row{"our directory", {Kind::directory, k_us, 0700, 5}, "", ""},
           Row{"our file", {Kind::file, k_us, 0600, 1}, "", ""},
           Row{"our read-only file", {Kind::file, k_us, 0400, 1}, "", ""},
           Row{"another's file",
               {Kind::file, 0, 0600, 1},
               "belongs to user 0, and we are 1000",
               "run as its owner"},
           Row{"read by the group",
               {Kind::file, k_us, 0640, 1},
               "has mode 0640",
               "chmod 600 'a b'"},
           Row{"entered by others",
               {Kind::directory, k_us, 0701, 2},
               "has mode 0701",
               "chmod 700 'a b'"},
           Row{"sticky and open", {Kind::directory, k_us, 01777, 2}, "has mode 1777", "chmod 700"},
           Row{"two names", {Kind::file, k_us, 0600, 2}, "has 2 hard links", "samefile"},
           Row{"link", {Kind::symlink, k_us, 0777, 1}, "is a symbolic link", "leads to"},
           Row{"device", {Kind::other, k_us, 0600, 1}, "neither", "another path"},
       }) {
    CAPTURE(row.what);
    const auto error = security::check_private("a b", row.facts, k_us);
    CHECK(error.has_value() == (*row.message != '\0'));
    if (error) {
      CHECK(error->kind() == base::ErrorKind::refused);
      CHECK(error->message().find(row.message) != std::string::npos);
      CHECK(error->hint().find(row.hint) != std::string::npos);
    }
  }
}
