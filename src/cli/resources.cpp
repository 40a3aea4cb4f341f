#include "cli/resources.hpp"

#include "base/text.hpp"
#include "os/host.hpp"

#include <fmt/format.h>

#include <optional>

namespace sched::cli {
namespace {

std::optional<std::int64_t> own_capacity(const std::string& name) {
  if (name == "cpu") {
    return os::available_cores() * model::k_one;
  }
  if (name == "memory") {
    // To the megabyte: nobody asks for the last bytes, and the figure can be read.
    constexpr std::uint64_t k_megabyte = 1U << 20U;
    return static_cast<std::int64_t>(os::memory_bytes() / k_megabyte * k_megabyte) * model::k_one;
  }
  return std::nullopt;
}

base::Error no_such(store::Store& store, const std::string& name) {
  std::vector<std::string> names = {"cpu", "memory"};
  for (const model::Resource& resource : store.resources().all()) {
    names.push_back(resource.name);
  }
  return base::bad_input(
      fmt::format("there is no resource {}", base::quote(name)),
      base::did_you_mean(name, names, fmt::format("make it: sched resource add {} N", name)));
}

void settle_amounts(store::Store& store, const std::vector<model::Need>& amounts,
                    const char* option, time::Instant now) {
  for (const model::Need& need : amounts) {
    auto resource = store.resources().find(need.resource);
    if (!resource) {
      const auto own = own_capacity(need.resource);
      if (!own) {
        throw no_such(store, need.resource);
      }
      resource = model::Resource{need.resource, *own, now};
      store.resources().add(*resource);
    }
    if (need.amount > resource->capacity) {
      throw base::bad_input(
          fmt::format("{} {}={}: there are {} in all", option, need.resource,
                      model::amount_to_string(need.amount),
                      model::amount_to_string(resource->capacity)),
          fmt::format("ask for less, or say that there are more: sched resource edit {} N",
                      need.resource));
    }
  }
}

}  // namespace

void settle_needs(store::Store& store, const model::Needs& needs, time::Instant now) {
  if (!needs.others.empty() && needs.amounts.empty()) {
    throw base::bad_input("--or-need without --need", "it is what does in the place of that");
  }
  settle_amounts(store, needs.amounts, "--need", now);
  for (const std::vector<model::Need>& other : needs.others) {
    settle_amounts(store, other, "--or-need", now);
  }
}

}  // namespace sched::cli
