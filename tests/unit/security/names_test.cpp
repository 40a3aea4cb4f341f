#include "security/names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

namespace {

std::string complaint(const std::optional<base::Error>& error) {
  return error ? error->message() + " / " + error->hint() : "";
}

}  // namespace

TEST_CASE("a task name is made of plain characters") {
  for (const std::string& name :
       {std::string("backup"), std::string("db/backup:nightly.v2-1"), std::string("_x"),
        std::string("1a"), std::string("7-days"), std::string("task"), std::string("task-"),
        std::string("task-x"), std::string("lasting"), std::string("run-12b"),
        std::string(128, 'x')}) {
    CAPTURE(name);
    CHECK(complaint(security::check_task_name(name)).empty());
  }
}

TEST_CASE("a bad task name is refused with its first bad byte and the rule") {
  struct Row {
    std::string name;
    const char* message;
  };
  for (const Row& row :
       {Row{"", "the task name is empty"},
        Row{"my task", "the task name 'my task' has ' ' at byte 3"},
        Row{"-x", "the task name '-x' has '-' at byte 1"},
        Row{"über", "the task name 'über' has 'ü' at byte 1"},
        Row{"a\nb", "the task name 'a\\x0ab' has '\\x0a' at byte 2"},
        Row{"a\xff", "the task name 'a\\xff' has '\\xff' at byte 2"},
        Row{std::string("a\0b", 3), "the task name 'a\\x00b' has '\\x00' at byte 2"},
        Row{"a*", "the task name 'a*' has '*' at byte 2"},
        Row{"42", "the task name '42' would be read as an id"},
        Row{"task-7", "the task name 'task-7' is one that sched gives"},
        Row{"run-7", "the task name 'run-7' is one that sched gives"},
        Row{"last", "the task name 'last' stands for the task that was added last"}}) {
    CAPTURE(row.name);
    const auto error = security::check_task_name(row.name);
    REQUIRE(error.has_value());
    CHECK(error->kind() == base::ErrorKind::invalid_input);
    CHECK(error->message() == row.message);
    CHECK_FALSE(error->hint().empty());
  }
  CHECK(complaint(security::check_task_name(std::string(129, 'x'))).find("has 129 bytes") !=
        std::string::npos);
}

TEST_CASE("names that sched gives are known") {
  CHECK(security::is_generated_name("task-1"));
  CHECK(security::is_generated_name("run-99"));
  CHECK_FALSE(security::is_generated_name("task-1a"));
  CHECK_FALSE(security::is_generated_name("task-"));
  CHECK_FALSE(security::is_generated_name("Task-1"));
}

TEST_CASE("a tag is a shorter name without reserved words") {
  for (const char* tag : {"nightly", "42", "last", "team:ops/db"}) {
    CAPTURE(tag);
    CHECK(complaint(security::check_tag(tag)).empty());
  }
  CHECK(security::check_tag(std::string(65, 'x')).has_value());
  CHECK(complaint(security::check_tag("a,b")) ==
        "the tag 'a,b' has ',' at byte 2 / letters, digits and _ . : / - are allowed");
  CHECK(complaint(security::check_label("queue", "")).starts_with("the queue is empty"));
}

TEST_CASE("an environment variable has a name that a shell can read") {
  for (const char* name : {"PATH", "_", "a1", "LC_ALL"}) {
    CAPTURE(name);
    CHECK(complaint(security::check_environment_name(name)).empty());
  }
  struct Row {
    const char* name;
    const char* message;
  };
  for (const Row& row : {Row{"1A", "the environment variable '1A' has '1' at byte 1"},
                         Row{"A-B", "the environment variable 'A-B' has '-' at byte 2"},
                         Row{"A=B", "the environment variable 'A=B' has '=' at byte 2"},
                         Row{"", "the name of the environment variable is empty"}}) {
    CAPTURE(row.name);
    const auto error = security::check_environment_name(row.name);
    REQUIRE(error.has_value());
    CHECK(error->message() == row.message);
  }
}

TEST_CASE("a key is any text without control characters") {
  for (const std::string& key :
       {std::string("order 4711/ä€😀"), std::string("{\"a\": 1}"), std::string(256, 'k')}) {
    CAPTURE(key);
    CHECK(complaint(security::check_key(key)).empty());
  }
  struct Row {
    std::string key;
    const char* message;
  };
  for (const Row& row :
       {Row{"", "the key is empty"}, Row{"a\tb", "the key 'a\\x09b' has '\\x09' at byte 2"},
        Row{"ä\x7f", "the key 'ä\\x7f' has '\\x7f' at byte 3"},
        Row{"a\xc2\x9b", "the key 'a\\xc2\\x9b' has '\\xc2\\x9b' at byte 2"},
        Row{"a\xe2\x82", "the key 'a\\xe2\\x82' has '\\xe2' at byte 2"}}) {
    CAPTURE(row.key);
    const auto error = security::check_key(row.key);
    REQUIRE(error.has_value());
    CHECK(error->message() == row.message);
  }
  CHECK(security::check_key(std::string(257, 'k')).has_value());
}
