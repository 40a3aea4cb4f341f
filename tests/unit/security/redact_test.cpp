#include "security/redact.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using Words = std::vector<std::string>;

TEST_CASE("a name tells whether it holds a secret") {
  for (const char* name :
       {"TOKEN", "API_TOKEN", "github-token", "GITHUBTOKEN", "PGPASSWORD", "DB_PASSWD",
        "dbPassword", "SSH_PASSPHRASE", "CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "api-key", "OPENAI_API_KEY", "APIKEY", "PRIVATE_KEY",
        "GOOGLE_CREDENTIALS", "MYSQL_PWD", "accessToken"}) {
    CAPTURE(name);
    CHECK(security::looks_secret(name));
  }
  for (const char* name :
       {"", "PATH", "PWD", "KEY", "KEYBOARD", "MONKEY", "TOKENIZER", "max-tokens",
        "DB_PASSWORD_FILE", "token-path", "PUBLIC_KEY", "COMPASS", "AUTHOR"}) {
    CAPTURE(name);
    CHECK_FALSE(security::looks_secret(name));
  }
}

TEST_CASE("a secret value is not shown, an empty one is") {
  CHECK(security::redact_value("API_TOKEN", "abc") == "***");
  CHECK(security::redact_value("API_TOKEN", "").empty());
  CHECK(security::redact_value("HOME", "/home/me") == "/home/me");
  CHECK(security::redact_value("DATABASE_URL", "postgres://me:pw@host/db") ==
        "postgres://me:***@host/db");
}

TEST_CASE("the password of a URL is not shown") {
  struct Row {
    const char* text;
    const char* shown;
  };
  for (const Row& row : {Row{"https://me:pw@host:80/x?a=b:c@d", "https://me:***@host:80/x?a=b:c@d"},
                         Row{"https://me:p@w:x@host", "https://me:***@host"},
                         Row{"https://:pw@host", "https://:***@host"},
                         Row{"https://me@host:80", "https://me@host:80"},
                         Row{"https://host:80/a@b", "https://host:80/a@b"},
                         Row{"https://me:@host", "https://me:@host"},
                         Row{"a://b:c@d and e://f:g@h", "a://b:***@d and e://f:***@h"},
                         Row{"://", "://"}, Row{"me:pw@host", "me:pw@host"}, Row{"", ""}}) {
    CAPTURE(row.text);
    CHECK(security::redact_urls(row.text) == row.shown);
  }
}

TEST_CASE("secrets among the arguments of a command are not shown") {
  struct Row {
    Words arguments;
    Words shown;
  };
  for (const Row& row : {
           Row{{"curl", "--token=abc", "x"}, {"curl", "--token=***", "x"}},
           Row{{"curl", "--token", "abc", "x"}, {"curl", "--token", "***", "x"}},
           Row{{"curl", "--token", "--verbose"}, {"curl", "--token", "--verbose"}},
           Row{{"java", "-password", "abc"}, {"java", "-password", "***"}},
           Row{{"env", "API_KEY=abc", "run"}, {"env", "API_KEY=***", "run"}},
           Row{{"tool", "--token="}, {"tool", "--token="}},
           Row{{"tool", "a b token=c"}, {"tool", "a b token=c"}},
           Row{{"curl", "-H", "Authorization: Bearer abc"}, {"curl", "-H", "Authorization: ***"}},
           Row{{"git", "clone", "https://me:pw@host/r"}, {"git", "clone", "https://me:***@host/r"}},
           Row{{"tool", "--password-file", "/etc/pw"}, {"tool", "--password-file", "/etc/pw"}},
           Row{{"tool", "-p", "80"}, {"tool", "-p", "80"}},
           Row{{}, {}},
       }) {
    CHECK(security::redact_arguments(row.arguments) == row.shown);
  }
}

TEST_CASE("secrets in the text of a shell are not shown, and the rest stays as it is") {
  struct Row {
    const char* text;
    const char* shown;
  };
  for (const Row& row :
       {Row{"TOKEN=abc ./run  --fast", "TOKEN=*** ./run  --fast"},
        Row{"TOKEN='a b' ./run", "TOKEN=*** ./run"}, Row{"x --token \"a b\" c", "x --token *** c"},
        Row{"x --token; echo hi", "x --token; echo hi"},
        Row{"curl -H 'Authorization: Bearer abc' u", "curl -H 'Authorization: ***' u"},
        Row{"curl https://a:b@c|cat", "curl https://a:***@c|cat"}, Row{"echo 'it", "echo 'it"},
        Row{"", ""}, Row{"a\\ b=c", "a\\ b=c"}}) {
    CAPTURE(row.text);
    CHECK(security::redact_shell(row.text) == row.shown);
  }
}
