#pragma once

#include "rules/breaker.hpp"
#include "unit/worker/worker_at_hand.hpp"
#include "worker/guards.hpp"

namespace sched::test {

/// Where rates and breakers stand before the runs.
struct Gate : Shop {
  using Shop::Shop;

  model::Guard rule(const char* rate, std::int64_t burst, const char* breaker) {
    model::Guard guard;
    if (rate != nullptr) {
      guard.rate = model::parse_rate(rate).value();
      guard.rate->burst = burst;
    }
    if (breaker != nullptr) {
      guard.breaker = model::parse_breaker(breaker).value();
    }
    return guard;
  }
  void put(const model::Guard& guard) {
    store::Transaction change(store.db());
    store.guards().put(guard);
    worker::line_up_behind(store, guard);
    change.commit();
  }
  /// Of the default queue.
  void on_queue(const char* rate, std::int64_t burst, const char* breaker = nullptr) {
    model::Guard guard = rule(rate, burst, breaker);
    guard.queue = model::k_default_queue;
    put(guard);
  }
  void on_tag(const std::string& tag, const char* rate, std::int64_t burst,
              const char* breaker = nullptr) {
    model::Guard guard = rule(rate, burst, breaker);
    guard.scope = model::GuardScope::tag;
    guard.name = tag;
    put(guard);
  }
  void on_resource(const std::string& name, const char* rate, std::int64_t burst) {
    store.resources().add({name, 100 * model::k_one, {}});
    model::Guard guard = rule(rate, burst, nullptr);
    guard.scope = model::GuardScope::resource;
    guard.name = name;
    put(guard);
  }
  void tagged(const std::string& name, const std::string& tag) {
    model::Task made = task_named(name);
    made.tags = {tag};
    first_run(add(made));
  }
  void broken(const std::string& name, const char* breaker, int retries = 0) {
    model::Task made = task_named(name);
    made.breaker = model::parse_breaker(breaker).value();
    made.retry.retries = retries;
    made.retry.backoff = model::parse_backoff("fixed:1s").value();
    first_run(add(made));
  }
  void many(const std::string& prefix, int number) {
    for (int i = 0; i < number; ++i) {
      once(prefix + std::to_string(i));
    }
  }
  void fail(const std::string& name) {
    end(name, test::exited(1));
    step();
  }
  std::vector<std::string> opened() {
    std::vector<std::string> found;
    for (const worker::Notice& notice : observer.notices) {
      if (notice.kind == worker::Notice::Kind::breaker_opened) {
        found.push_back(notice.task);
      }
    }
    return found;
  }
};

}  // namespace sched::test
