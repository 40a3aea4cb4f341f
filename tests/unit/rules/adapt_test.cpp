#include "rules/adapt.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using model::StrainKind;

namespace {

const time::Instant k_beginning = time::from_ms(1'800'000'000'000);

/// A rule, its clock, and a worker that runs as many as it may.
struct Machine {
  explicit Machine(model::SlotRange range, int cpus) : rule(range, cpus, k_beginning) {}
  rules::Adaptive rule;
  time::Duration at{};

  int slots() const { return rule.throttle().slots; }
  /// A period with this sample.
  bool heed(const rules::Strained& sample) {
    at += rules::k_adapt_period;
    return rule.heed(sample, at, k_beginning + at);
  }
  bool full(const rules::Strained& sample) {
    rule.note_busy(slots());
    return heed(sample);
  }
};

rules::Strained cpu(double percent) {
  return {percent, 0, 0, std::nullopt};
}

rules::Strained memory(double percent) {
  return {0, percent, 0, std::nullopt};
}

}  // namespace

TEST_CASE("a worker begins with a slot for each CPU, within its range") {
  CHECK(Machine({1, 8}, 2).slots() == 2);
  CHECK(Machine({4, 8}, 2).slots() == 4);
  CHECK(Machine({1, 8}, 64).slots() == 8);
}

TEST_CASE("one period takes a quarter, adds one, or leaves things as they are") {
  struct Row {
    const char* name;
    rules::Strained sample;
    int busy;
    int slots;
    std::optional<StrainKind> strain;
  };
  const auto none = std::optional<StrainKind>();
  for (const Row& row : {
           Row{"calm and full", cpu(0), 8, 9, none},
           Row{"calm, not full", cpu(0), 7, 8, none},
           Row{"just calm", cpu(40), 8, 9, none},
           Row{"neither", cpu(41), 8, 8, none},
           Row{"just enough", cpu(60), 8, 8, none},
           Row{"too much", cpu(61), 8, 6, StrainKind::cpu},
           Row{"by what runs", cpu(61), 4, 3, StrainKind::cpu},
           Row{"of others", cpu(61), 0, 6, StrainKind::cpu},
           Row{"more runs than may", cpu(100), 9, 8, StrainKind::cpu},
           Row{"memory", memory(11), 8, 6, StrainKind::memory},
           Row{"disks", {0, 0, 61, std::nullopt}, 8, 6, StrainKind::io},
           Row{"load", {std::nullopt, std::nullopt, std::nullopt, 151}, 8, 6, StrainKind::load},
           Row{"the worst is told", {90, 90, 90, std::nullopt}, 8, 6, StrainKind::memory},
           Row{"nothing is known", {}, 8, 8, none},
       }) {
    CAPTURE(row.name);
    Machine machine({1, 16}, 8);
    machine.rule.note_busy(row.busy);
    machine.heed(row.sample);
    CHECK(machine.slots() == row.slots);
    const auto& strain = machine.rule.throttle().strain;
    CHECK((strain ? std::optional(strain->kind) : none) == row.strain);
  }
}

TEST_CASE("after a step down the next waits until no more runs than may") {
  Machine machine({1, 16}, 8);
  machine.full(cpu(100));
  CHECK(machine.slots() == 6);
  for (int i = 0; i < 5; ++i) {
    machine.rule.note_busy(8);
    CHECK_FALSE(machine.heed(cpu(100)));
  }
  machine.rule.note_busy(6);
  CHECK(machine.heed(cpu(100)));
  CHECK(machine.slots() == 4);
}

TEST_CASE("after too much nothing grows for a while, and then as long as it is calm") {
  Machine machine({1, 16}, 8);
  machine.full(cpu(100));
  const time::Duration strained = machine.at;
  while (machine.slots() == 6) {
    machine.full(cpu(0));
  }
  CHECK(machine.at - strained == rules::k_settling);
  CHECK_FALSE(machine.rule.throttle().strain);
  CHECK(machine.rule.throttle().since == k_beginning + machine.at);
  machine.full(cpu(0));
  CHECK(machine.slots() == 8);
}

TEST_CASE("the figure that is told is that of the step, until it is over") {
  Machine machine({1, 1}, 8);
  CHECK(machine.full(cpu(70)));
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(machine.full(cpu(80 + i)));
  }
  CHECK(to_string(machine.rule.throttle()) == "1 of 1..1 slots, cpu pressure 70%, above 60%");
  while (!machine.full(cpu(0))) {
  }
  CHECK(to_string(machine.rule.throttle()) == "1 of 1..1 slots");
}

TEST_CASE("far too much memory pressure stops all, until it has halved") {
  Machine machine({2, 4}, 4);
  CHECK(machine.full(memory(31)));
  CHECK(machine.rule.throttle().stopped);
  CHECK(to_string(*machine.rule.throttle().strain) == "memory pressure 31%, above 30%");
  machine.rule.note_busy(0);
  machine.heed(memory(16));
  CHECK(machine.rule.throttle().stopped);
  CHECK(machine.heed(memory(15)));
  CHECK_FALSE(machine.rule.throttle().stopped);
  CHECK(machine.rule.throttle().strain->bound == 10);
}

TEST_CASE("that there is none to shed is news once, until starts go on or one is found") {
  Machine machine({1, 16}, 8);
  machine.heed(memory(31));
  CHECK(machine.rule.note_none_to_shed());
  CHECK_FALSE(machine.rule.note_none_to_shed());
  machine.heed(memory(16));
  CHECK_FALSE(machine.rule.note_none_to_shed());
  CHECK(machine.rule.throttle().none_to_shed);
  machine.heed(memory(15));
  CHECK_FALSE(machine.rule.throttle().none_to_shed);
  machine.heed(memory(31));
  CHECK(machine.rule.note_none_to_shed());
  machine.rule.note_shed(model::RunId(7));
  CHECK_FALSE(machine.rule.throttle().none_to_shed);
  CHECK(machine.rule.note_none_to_shed());
}

TEST_CASE(
    "a program that takes the place of another goes on with its slots, and settles as it did") {
  const model::Throttle before{{1, 16},
                               5,
                               model::Strain{StrainKind::cpu, 70, 60},
                               false,
                               k_beginning - 1min,
                               model::Shed::any,
                               3,
                               model::RunId(17),
                               true};
  Machine machine({1, 16}, 8);
  machine.rule.set_shed(model::Shed::any);
  machine.rule.go_on_from(before, machine.at);
  CHECK(machine.rule.throttle() == before);
  while (machine.slots() == 5) {
    machine.full(cpu(0));
  }
  CHECK(machine.at == rules::k_settling);
  Machine narrower({1, 4}, 2);
  narrower.rule.go_on_from(before, narrower.at);
  CHECK(narrower.slots() == 4);
  CHECK(narrower.rule.throttle().range == model::SlotRange{1, 4});
  CHECK(narrower.rule.throttle().shed == model::Shed::never);
}

TEST_CASE(
    "what the kernel tells by itself is looked at before its time, and nothing grows upon it") {
  Machine machine({1, 16}, 8);
  machine.full(cpu(50));
  CHECK_FALSE(machine.rule.is_due(machine.at + 100ms));
  machine.at += 100ms;
  machine.rule.hasten(machine.at);
  CHECK(machine.rule.is_due(machine.at));
  const time::Duration told = machine.at;
  while (machine.slots() == 8) {
    machine.full(cpu(0));
  }
  CHECK(machine.at - told == rules::k_settling);
}

TEST_CASE("what the kernel does not tell is measured by the load, which is slow") {
  Machine machine({1, 8}, 4);
  machine.full({std::nullopt, std::nullopt, std::nullopt, 300});
  CHECK_FALSE(machine.rule.is_due(machine.at + rules::k_load_period - 1ms));
  CHECK(machine.rule.is_due(machine.at + rules::k_load_period));
  CHECK(to_string(*machine.rule.throttle().strain) == "load 3.00 for each CPU, above 1.50");
}

TEST_CASE("whatever is measured, slots stay in their range and take their time to come back") {
  std::mt19937 random(1);
  const auto draw = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most + 1));
  };
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    const int least = 1 + draw(5);
    Machine machine({least, least + draw(60)}, 1 + draw(70));
    std::optional<time::Duration> last_down;
    for (int i = 0; i < 200; ++i) {
      const int before = machine.slots();
      machine.rule.note_busy(draw(2 * before));
      machine.heed({draw(100) * 1.0, draw(40) * 1.0, draw(100) * 0.7, std::nullopt});
      CHECK_FALSE(machine.rule.is_due(machine.at));  // At most one step in a period.
      CHECK(machine.rule.is_due(machine.at + rules::k_adapt_period));
      REQUIRE(machine.slots() >= least);
      REQUIRE(machine.slots() <= machine.rule.throttle().range.most);
      REQUIRE(machine.slots() <= before + 1);
      if (machine.slots() > before && last_down) {
        REQUIRE(machine.at - *last_down >= rules::k_settling);
      }
      if (machine.slots() < before) {
        last_down = machine.at;
      }
    }
    // It comes down under lasting pressure, and up again when that is over.
    for (int i = 0; i < 20; ++i) {
      machine.full(cpu(90));
    }
    CHECK(machine.slots() == least);
    for (int i = 0; i < 80; ++i) {
      machine.full(cpu(5));
    }
    CHECK(machine.slots() == machine.rule.throttle().range.most);
    CHECK_FALSE(machine.rule.throttle().stopped);
  }
}
