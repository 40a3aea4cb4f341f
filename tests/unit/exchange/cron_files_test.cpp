#include "exchange/cron_files.hpp"

#include <doctest/doctest.h>

using namespace sched::exchange;

TEST_CASE("names that cron passes over in cron.d are told apart") {
  for (const char* name : {"sysstat", "e2scrub_all", "php", "0-first", "A_b-1"}) {
    CAPTURE(name);
    CHECK_FALSE(cron_d_name_complaint(name).has_value());
  }
  struct Row {
    const char* name;
    const char* reason;
  };
  for (const Row& row : {Row{"job.sh", "with a dot"}, Row{".placeholder", "hidden"},
                         Row{"php~", "backup"}, Row{"php.dpkg-old", "dpkg"}, Row{"", "name"},
                         Row{"php.ucf-dist", "ucf"}, Row{"a b", "' b'"}, Row{"#x#", "'#x#'"}}) {
    CAPTURE(row.name);
    const auto complaint = cron_d_name_complaint(row.name);
    REQUIRE(complaint.has_value());
    CHECK(complaint->find(row.reason) != std::string::npos);
  }
}

TEST_CASE("a file that cron would not trust is told why") {
  const FileFacts good{0, 0644, true, 1};
  CHECK_FALSE(cron_d_complaint(good).has_value());
  struct Row {
    FileFacts file;
    const char* reason;
  };
  for (const Row& row : {Row{{1000, 0644, true, 1}, "user 1000"}, Row{{0, 0664, true, 1}, "0664"},
                         Row{{0, 0646, true, 1}, "0646"}, Row{{0, 0644, false, 1}, "regular"},
                         Row{{0, 0644, true, 2}, "2 hard links"}}) {
    CAPTURE(row.reason);
    const auto complaint = cron_d_complaint(row.file);
    REQUIRE(complaint.has_value());
    CHECK(complaint->find(row.reason) != std::string::npos);
  }
}
