#include "model/needs.hpp"

#include "model/queue.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

TEST_CASE("amounts are read and written back") {
  struct Row {
    const char* text;
    std::int64_t amount;
    const char* back;
  };
  for (const Row& row : {Row{"2", 2000, "2"},
                         {"0.5", 500, "0.5"},
                         {"1.250", 1250, "1.25"},
                         {"4G", 4000LL << 30, "4G"},
                         {"1024", 1024000, "1k"},
                         {"0.001", 1, "0.001"},
                         {"1.5k", 1536000, "1536"}}) {
    CAPTURE(row.text);
    CHECK(model::parse_amount(row.text).value() == row.amount);
    CHECK(model::amount_to_string(row.amount) == row.back);
    CHECK(model::parse_amount(row.back).value() == row.amount);
  }
  for (const char* text : {"", "0", "-1", "0.0", "1.2345", ".5", "1.", "1.-5", "G", "4GB", "1e3",
                           "99999999999999999999", "9000T", " 1", "0.-1"}) {
    CAPTURE(text);
    CHECK_FALSE(model::parse_amount(text).ok());
  }
}

TEST_CASE("needs are equal whatever the order in which they are named") {
  const model::Needs needs = model::parse_needs("memory=4G,cpu=2,licence").value();
  CHECK(needs == model::parse_needs("licence=1,memory=4096M,cpu=2").value());
  CHECK(model::amounts_to_string(needs.amounts) == "cpu=2,licence=1,memory=4G");
  const model::Needs all =
      model::parse_lock("db:shared", model::parse_lock("a", needs).value()).value();
  CHECK(model::write_needs(all) == "cpu=2,licence=1,memory=4G;a,db:shared");
  CHECK(model::read_needs(model::write_needs(all)) == all);
  CHECK(model::read_needs("").empty());
  CHECK(model::read_needs(model::write_needs(model::parse_lock("a").value())).locks.size() == 1);
}

TEST_CASE("needs that make no sense are refused") {
  for (const char* text : {"", "cpu=", "cpu=0", "=2", "a b", "cpu=1,cpu=2", "cpu,", "a:b", "a;b"}) {
    CAPTURE(text);
    CHECK_FALSE(model::parse_needs(text).ok());
  }
  for (const char* text : {"", ":shared", "a:", "a:both", "a,b", "a;b"}) {
    CAPTURE(text);
    CHECK_FALSE(model::parse_lock(text).ok());
  }
  CHECK_FALSE(model::parse_lock("a", model::parse_lock("a:shared").value()).ok());
}

TEST_CASE("policies are read and written back") {
  for (const char* text :
       {"fifo", "priority", "shortest", "deadline", "fair", "fair,priority", "priority,shortest",
        "priority,deadline", "priority,shortest,deadline"}) {
    CAPTURE(text);
    CHECK(model::to_string(model::parse_queue_policy(text).value()) == text);
  }
  CHECK(model::parse_queue_policy("shortest,priority").value() ==
        model::parse_queue_policy("priority,shortest").value());
  for (const char* text : {"", "prio", "priority,priority", "priority,"}) {
    CAPTURE(text);
    CHECK_FALSE(model::parse_queue_policy(text).ok());
  }
}

TEST_CASE("alternatives are kept in their order") {
  model::Needs needs = model::parse_needs("gpu").value();
  needs = model::parse_other_needs("cpu=16", needs).value();
  needs = model::parse_other_needs("cpu=8,memory=4G", needs).value();
  CHECK(model::write_needs(needs) == "gpu=1|cpu=16|cpu=8,memory=4G;");
  CHECK(model::read_needs(model::write_needs(needs)) == needs);
  CHECK(needs.choices() == 3);
  CHECK(model::amounts_to_string(needs.amounts_of(2)) == "cpu=8,memory=4G");
  CHECK_FALSE(model::parse_other_needs("gpu=1", needs).ok());
  CHECK_FALSE(model::parse_other_needs("cpu=16", needs).ok());
  CHECK_FALSE(model::parse_other_needs("", needs).ok());
}
