#include "rules/deadline.hpp"

#include "rules/rank.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::RunState;

namespace {

const time::Instant k_noon = time::from_ms(1'800'000'000'000);
using Moment = std::optional<time::Instant>;

}  // namespace

TEST_CASE("what follows from deadlines, and when to look again") {
  struct Row {
    const char* what;
    rules::DeadlineFacts facts;
    bool is_late;
    const char* missed;  ///< What the reason begins with; "": it is not.
    Moment look_at;
  };
  const model::RunDeadlines soft{k_noon, {}};
  const model::RunDeadlines hard{{}, k_noon};
  const auto in = [](time::Duration duration) { return k_noon + duration; };
  for (const Row& row : {
           Row{"none", {{}, RunState::queued, false, {}}, false, "", {}},
           Row{"soft, now", {soft, RunState::queued, false, {}}, false, "", in(1ms)},
           Row{"soft, to come",
               {{in(1h), {}}, RunState::running, false, 2h},
               false,
               "",
               in(1h + 1ms)},
           Row{"soft, passed", {{in(-1ms), {}}, RunState::running, false, {}}, true, "", {}},
           Row{"soft, told", {{in(-1ms), {}}, RunState::queued, true, {}}, false, "", {}},
           Row{"hard, now", {hard, RunState::queued, false, {}}, false, "", in(1ms)},
           Row{"hard, passed",
               {{{}, in(-1ms)}, RunState::waiting, false, {}},
               false,
               "its hard deadline ",
               {}},
           Row{"hard, time enough",
               {{{}, in(1h)}, RunState::queued, false, 10min},
               false,
               "",
               in(50min + 1ms)},
           Row{"hard, just enough",
               {{{}, in(10min)}, RunState::queued, false, 10min},
               false,
               "",
               in(1ms)},
           Row{"hard, too little",
               {{{}, in(9min)}, RunState::queued, false, 10min},
               false,
               "its hard deadline ",
               {}},
           Row{"hard, it runs", {{{}, in(-1ms)}, RunState::running, false, {}}, false, "", {}},
           Row{"both",
               {{in(1h), in(2h)}, RunState::queued, false, 90min},
               false,
               "",
               in(30min + 1ms)},
           Row{"both, one passed",
               {{in(-1s), in(2h)}, RunState::queued, false, {}},
               true,
               "",
               in(2h + 1ms)},
           Row{"over", {{in(-2h), in(-1h)}, RunState::finished, false, {}}, false, "", {}},
       }) {
    CAPTURE(row.what);
    const auto verdict = rules::judge_deadlines(row.facts, k_noon);
    CHECK(verdict.is_late == row.is_late);
    CHECK(verdict.missed.empty() == std::string(row.missed).empty());
    CHECK(verdict.missed.starts_with(row.missed));
    CHECK(verdict.look_at == row.look_at);
    CHECK((!verdict.look_at || *verdict.look_at > k_noon));  // Nobody looks twice at one moment.
  }
}

TEST_CASE("the reason says what is missing") {
  const rules::DeadlineFacts facts{{{}, k_noon + 90s}, RunState::queued, false, 10min};
  const std::string reason = rules::judge_deadlines(facts, k_noon).missed;
  CHECK(reason.ends_with(" can't be met: it usually takes 10m, and 1m30s are left"));
}

TEST_CASE("an attempt may take its time limit, or what is left until its hard deadline") {
  struct Row {
    time::Duration timeout;
    Moment hard;
    time::Duration expected;
  };
  for (const Row& row :
       {Row{0s, {}, 0s}, Row{5s, {}, 5s}, Row{0s, k_noon + 3s, 3s}, Row{5s, k_noon + 3s, 3s},
        Row{5s, k_noon + 7s, 5s}, Row{0s, k_noon, 1ms}, Row{5s, k_noon - 1h, 1ms}}) {
    CHECK(rules::attempt_limit(row.timeout, row.hard, k_noon) == row.expected);
  }
}

TEST_CASE("the earliest deadline first meets all of any set that can be met in one slot") {
  std::mt19937_64 random(5);
  const auto below = [&](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  model::Queue queue;
  queue.policy = model::parse_queue_policy("deadline").value();
  struct Job {
    time::Duration length;
    time::Instant deadline;
    std::int64_t rank = 0;
  };
  for (int round = 0; round < 5'000; ++round) {
    // Some order meets them all, for each deadline is drawn behind its end in that order.
    std::vector<Job> jobs;
    time::Instant end = k_noon;
    for (int i = 1 + below(30); i > 0; --i) {
      const time::Duration length = std::chrono::milliseconds(1 + below(10'000));
      end += length;
      const int slack = below(3) == 0 ? 0 : below(60'000);
      jobs.push_back({length, end + std::chrono::milliseconds(slack)});
    }
    std::shuffle(jobs.begin(), jobs.end(), random);
    for (Job& job : jobs) {
      job.rank = rules::rank(queue, {k_noon, below(3), job.length, job.deadline});
    }
    std::stable_sort(jobs.begin(), jobs.end(),
                     [](const Job& a, const Job& b) { return a.rank < b.rank; });
    time::Instant now = k_noon;
    for (const Job& job : jobs) {
      now += job.length;
      CHECK(now <= job.deadline);
    }
  }
}
