#include "simulation/operation.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <random>
#include <sstream>

namespace sched::simulation {
namespace {

using Kind = Operation::Kind;

struct Word {
  Kind kind;
  const char* text;
  unsigned usual;  ///< How often, in any schedule.
  unsigned rough;  ///< How often besides, in those with faults.
};

constexpr Word k_words[] = {
    {Kind::pass, "pass", 120, 0},
    {Kind::jump, "jump", 0, 8},
    {Kind::work, "work", 320, 0},
    {Kind::kill, "kill", 4, 20},
    {Kind::kill_within, "kill-within", 2, 20},
    {Kind::kill_at, "kill-at", 2, 15},
    {Kind::slots, "slots", 6, 0},
    {Kind::shed, "shed", 8, 0},
    {Kind::drain, "drain", 2, 3},
    {Kind::stop, "stop", 1, 1},
    {Kind::serve, "serve", 150, 0},
    {Kind::end, "end", 190, 0},
    {Kind::kill_launcher, "kill-launcher", 0, 8},
    {Kind::refuse_starts, "refuse-starts", 1, 6},
    {Kind::stale_word, "stale-word", 4, 12},
    {Kind::power_cut, "power-cut", 0, 3},
    {Kind::disk_full, "disk-full", 0, 8},
    {Kind::fail_write, "fail-write", 0, 10},
    {Kind::fail_sync, "fail-sync", 0, 10},
    {Kind::spoil, "spoil", 0, 6},
    {Kind::interrupt, "interrupt", 0, 15},
    {Kind::take_lock, "take-lock", 0, 6},
    {Kind::free_lock, "free-lock", 0, 12},
    {Kind::checkpoint, "checkpoint", 2, 6},
    {Kind::add, "add", 60, 0},
    {Kind::change, "change", 14, 0},
    {Kind::start, "start", 14, 0},
    {Kind::suspend, "suspend", 6, 0},
    {Kind::resume, "resume", 12, 0},
    {Kind::cancel, "cancel", 14, 0},
    {Kind::hold, "hold", 8, 0},
    {Kind::release, "release", 16, 0},
    {Kind::retry, "retry", 14, 0},
    {Kind::remove, "remove", 6, 0},
    {Kind::handle, "handle", 20, 0},
};

const Word& word_of(Kind kind) {
  for (const Word& word : k_words) {
    if (word.kind == kind) {
      return word;
    }
  }
  return k_words[0];
}

std::optional<Operation> parse_operation(const std::string& line) {
  std::istringstream words(line);
  std::string name;
  Operation operation;
  words >> name;
  for (const Word& word : k_words) {
    if (name == word.text) {
      operation.kind = word.kind;
      words >> operation.a >> operation.b;
      return operation;
    }
  }
  return std::nullopt;
}

}  // namespace

Schedule draw_schedule(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  Schedule schedule;
  schedule.workers = 1 + (below(3) == 0 ? 1 : 0) + (below(8) == 0 ? 1 : 0);
  schedule.slots = 1 + below(4);
  const bool rough = below(4) != 0;
  unsigned weights[std::size(k_words)] = {};
  unsigned total = 0;
  for (std::size_t i = 0; i < std::size(k_words); ++i) {
    // Each schedule likes some things more than others.
    const unsigned liking = 1 + below(3);
    weights[i] = (k_words[i].usual + (rough ? k_words[i].rough : 0)) * liking;
    total += weights[i];
  }
  constexpr unsigned k_first_adds = 4;
  const unsigned length = 60 + below(240);
  for (unsigned i = 0; i < length; ++i) {
    Operation operation;
    if (i < k_first_adds) {
      operation.kind = Kind::add;
    } else {
      unsigned drawn = below(total);
      std::size_t which = 0;
      while (drawn >= weights[which]) {
        drawn -= weights[which++];
      }
      operation.kind = k_words[which].kind;
    }
    operation.a = below(1'000'000);
    operation.b = below(1000);
    schedule.operations.push_back(operation);
  }
  return schedule;
}

std::string to_string(const Operation& operation) {
  return fmt::format("{} {} {}", word_of(operation.kind).text, operation.a, operation.b);
}

std::string to_string(const Schedule& schedule) {
  std::string text = fmt::format("workers {} slots {}\n", schedule.workers, schedule.slots);
  for (const Operation& operation : schedule.operations) {
    text += to_string(operation) + "\n";
  }
  return text;
}

std::optional<Schedule> parse_schedule(std::string_view text) {
  Schedule schedule;
  for (const std::string& whole : base::split(text, '\n')) {
    const std::string line(base::trim(std::string_view(whole).substr(0, whole.find('#'))));
    if (line.empty()) {
      continue;
    }
    if (line.starts_with("workers ")) {
      std::istringstream words(line);
      std::string ignored;
      words >> ignored >> schedule.workers >> ignored >> schedule.slots;
      continue;
    }
    const auto operation = parse_operation(line);
    if (!operation) {
      return std::nullopt;
    }
    schedule.operations.push_back(*operation);
  }
  return schedule;
}

}  // namespace sched::simulation
