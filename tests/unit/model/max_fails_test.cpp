#include "model/max_fails.hpp"

#include <doctest/doctest.h>

using namespace sched;
using model::MaxFails;
using model::parse_max_fails;

TEST_CASE("bounds on failures are read back as they are written") {
  const MaxFails all =
      parse_max_fails("a=1", parse_max_fails("b-2=1000000", parse_max_fails("3").value()).value())
          .value();
  CHECK(all == MaxFails{3, {{"a", 1}, {"b-2", 1'000'000}}});
  CHECK(model::to_words(all) == std::vector<std::string>{"3", "a=1", "b-2=1000000"});
  MaxFails again;
  for (const std::string& word : model::to_words(all)) {
    again = parse_max_fails(word, again).value();
  }
  CHECK(again == all);
  CHECK(model::to_words({}).empty());
}

TEST_CASE("what is no bound on failures is refused, and so is a second one") {
  for (const char* bad :
       {"", "0", "-1", "1.5", "x", "1000001", "a=", "a=0", "a=x", "=1", "a=1=2"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_max_fails(bad));
  }
  const MaxFails known{3, {{"a", 1}}};
  CHECK_FALSE(parse_max_fails("4", known));
  CHECK_FALSE(parse_max_fails("a=4", known));
  CHECK(parse_max_fails("b=4", known));
}
