#include "base/json.hpp"

#include <doctest/doctest.h>

using namespace sched;

TEST_CASE("json keeps the order of its keys and shows any bytes") {
  base::Json json;
  json["zebra"] = 1;
  json["apple"] = "a\xff";
  CHECK(base::to_text(json) == "{\"zebra\":1,\"apple\":\"a\xef\xbf\xbd\"}");
  CHECK(base::to_pretty_text(base::Json::object({{"a", 1}})) == "{\n  \"a\": 1\n}");
}
