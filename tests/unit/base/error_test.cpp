#include "base/error.hpp"

#include "base/id.hpp"
#include "base/result.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <unordered_set>

using namespace sched;
using base::ErrorKind;

TEST_CASE("every kind of error has its exit code and word") {
  struct Row {
    ErrorKind kind;
    int code;
    std::string word;
  };
  for (const Row& row :
       {Row{ErrorKind::failed, 1, "failed"}, Row{ErrorKind::invalid_input, 2, "invalid_input"},
        Row{ErrorKind::not_found, 3, "not_found"}, Row{ErrorKind::refused, 4, "refused"},
        Row{ErrorKind::store, 5, "store"}, Row{ErrorKind::timed_out, 6, "timed_out"},
        Row{ErrorKind::interrupted, 130, "interrupted"}}) {
    CAPTURE(row.word);
    CHECK(base::exit_code(row.kind) == row.code);
    CHECK(base::to_string(row.kind) == row.word);
  }
}

TEST_CASE("an error within something keeps its kind and hint") {
  const base::Error error(ErrorKind::not_found, "no task 'x'", "see sched list");
  const base::Error outer = error.within("--after");
  CHECK(outer.kind() == ErrorKind::not_found);
  CHECK(outer.message() == "--after: no task 'x'");
  CHECK(outer.hint() == "see sched list");
  CHECK(std::string(outer.what()) == outer.message());
}

TEST_CASE("what an error is about is named once") {
  const base::Error by_parser(ErrorKind::invalid_input, "'a: b': no date", "a hint");
  const base::Error about = by_parser.within("--at 'a: b'");
  CHECK(about.message() == "--at 'a: b': no date");
  CHECK(about.hint() == "a hint");
  CHECK(by_parser.within("--at 'a'").message() == "--at 'a': 'a: b': no date");
  CHECK(by_parser.within("line 3").message() == "line 3: 'a: b': no date");
}

TEST_CASE("a result is a value or an error, and value() throws the error") {
  const base::Result<int> good(7);
  CHECK(good.ok());
  CHECK(*good == 7);
  CHECK(good.value() == 7);

  const base::Result<int> bad(base::Error(ErrorKind::refused, "no"));
  CHECK_FALSE(bad);
  CHECK(bad.error().message() == "no");
  CHECK_THROWS_AS(bad.value(), base::Error);
}

TEST_CASE("a result hands over what can only be moved") {
  base::Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const auto pointer = std::move(result).value();
  CHECK(*pointer == 3);
}

TEST_CASE("ids of two tables are different types, and 0 is no row") {
  using A = base::Id<struct TagA>;
  using B = base::Id<struct TagB>;
  static_assert(!std::is_convertible_v<A, B>);
  static_assert(!std::is_convertible_v<std::int64_t, A>);
  CHECK_FALSE(A());
  CHECK(A(1));
  CHECK(A(1) < A(2));
  const std::unordered_set<A> set = {A(1), A(1), A(2)};
  CHECK(set.size() == 2);
}
