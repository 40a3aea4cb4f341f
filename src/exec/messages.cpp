#include "exec/messages.hpp"

#include "exec/machine_wire.hpp"
#include "exec/wire.hpp"

namespace sched::exec {

namespace {

enum class Tag : std::uint8_t {
  hello = 1,
  launch,
  cancel,
  forget,
  close,
  tally,
  ended,
  stray,
  room,
  halt
};

void put(Writer& out, const model::Claim& claim) {
  out.put_i64(claim.run.value);
  out.put_i64(claim.attempt);
  out.put_i64(claim.token);
}

model::Claim take_claim(Reader& in) {
  model::Claim claim;
  claim.run = model::RunId(in.take_i64());
  claim.attempt = static_cast<int>(in.take_i64());
  claim.token = in.take_i64();
  return claim;
}

template <typename Number>
void put_optional(Writer& out, const std::optional<Number>& value) {
  out.put_u8(value.has_value() ? 1 : 0);
  out.put_i64(static_cast<std::int64_t>(value.value_or(0)));
}

template <typename Number>
std::optional<Number> take_optional(Reader& in) {
  const bool present = in.take_u8() != 0;
  const auto value = static_cast<Number>(in.take_i64());
  return present ? std::optional<Number>(value) : std::nullopt;
}

template <typename Enum>
Enum take_enum(Reader& in, Enum last) {
  const std::uint8_t value = in.take_u8();
  if (value > static_cast<std::uint8_t>(last)) {
    in.fail();
    return Enum{};
  }
  return static_cast<Enum>(value);
}

void put(Writer& out, const Ended& ended) {
  const model::Ending& ending = ended.ending;
  put(out, ended.claim);
  out.put_u8(static_cast<std::uint8_t>(ending.kind));
  out.put_u8(static_cast<std::uint8_t>(ending.cause));
  out.put_u8(static_cast<std::uint8_t>(ending.step));
  out.put_i64(ending.code);
  out.put_i64(time::to_ms(ending.started_at));
  out.put_i64(time::to_ms(ending.ended_at));
  out.put_i64(ending.elapsed.count());
  out.put_i64(ending.usage.user_us);
  out.put_i64(ending.usage.system_us);
  out.put_i64(ending.usage.max_rss_bytes);
  out.put_i64(ending.usage.read_bytes);
  out.put_i64(ending.usage.write_bytes);
  out.put_u64(ending.log_bytes);
  out.put_u64(ending.dropped_bytes);
  out.put_i64(ending.measured);
  out.put_i64(ending.processes);
}

Ended take_ended(Reader& in) {
  Ended ended;
  model::Ending& ending = ended.ending;
  ended.claim = take_claim(in);
  ending.kind = take_enum(in, model::Ending::Kind::lost);
  ending.cause = take_enum(in, model::Ending::Cause::preempted);
  ending.step = take_enum(in, model::Ending::Step::flock);
  ending.code = static_cast<int>(in.take_i64());
  ending.started_at = time::from_ms(in.take_i64());
  ending.ended_at = time::from_ms(in.take_i64());
  ending.elapsed = time::Duration(in.take_i64());
  ending.usage.user_us = in.take_i64();
  ending.usage.system_us = in.take_i64();
  ending.usage.max_rss_bytes = in.take_i64();
  ending.usage.read_bytes = in.take_i64();
  ending.usage.write_bytes = in.take_i64();
  ending.log_bytes = in.take_u64();
  ending.dropped_bytes = in.take_u64();
  ending.measured = in.take_i64();
  ending.processes = in.take_i64();
  return ended;
}

void put(Writer& out, const Launch& launch) {
  put(out, launch.claim);
  out.put_list(launch.argv);
  out.put_list(launch.environment);
  out.put_text(launch.env_file);
  out.put_text(launch.directory);
  out.put_u32(launch.umask);
  out.put_u8(launch.stdin_text.has_value() ? 1 : 0);
  out.put_text(launch.stdin_text.value_or(""));
  out.put_text(launch.stdin_file);
  out.put_u8(launch.split_output ? 1 : 0);
  out.put_u64(launch.log_limit_bytes);
  put_optional(out, launch.limits.cpu_s);
  put_optional(out, launch.limits.memory_bytes);
  put_optional(out, launch.limits.file_size_bytes);
  put_optional(out, launch.limits.open_files);
  put_optional(out, launch.limits.processes);
  put_optional(out, launch.limits.core_bytes);
  put_optional(out, launch.nice);
  put_machine(out, launch);
  out.put_u8(launch.contain ? 1 : 0);
  out.put_i64(launch.timeout.count());
  out.put_i64(launch.idle_timeout.count());
  out.put_i64(launch.grace_kill.count());
  out.put_i64(launch.until_deadline.count());
}

Launch take_launch(Reader& in) {
  Launch launch;
  launch.claim = take_claim(in);
  launch.argv = in.take_list();
  launch.environment = in.take_list();
  launch.env_file = in.take_text();
  launch.directory = in.take_text();
  launch.umask = static_cast<mode_t>(in.take_u32());
  const bool has_text = in.take_u8() != 0;
  std::string text = in.take_text();
  if (has_text) {
    launch.stdin_text = std::move(text);
  }
  launch.stdin_file = in.take_text();
  launch.split_output = in.take_u8() != 0;
  launch.log_limit_bytes = in.take_u64();
  launch.limits.cpu_s = take_optional<std::uint64_t>(in);
  launch.limits.memory_bytes = take_optional<std::uint64_t>(in);
  launch.limits.file_size_bytes = take_optional<std::uint64_t>(in);
  launch.limits.open_files = take_optional<std::uint64_t>(in);
  launch.limits.processes = take_optional<std::uint64_t>(in);
  launch.limits.core_bytes = take_optional<std::uint64_t>(in);
  launch.nice = take_optional<int>(in);
  take_machine(in, launch);
  launch.contain = in.take_u8() != 0;
  launch.timeout = time::Duration(in.take_i64());
  launch.idle_timeout = time::Duration(in.take_i64());
  launch.grace_kill = time::Duration(in.take_i64());
  launch.until_deadline = time::Duration(in.take_i64());
  if (launch.argv.empty()) {
    in.fail();
  }
  return launch;
}

void put(Writer& out, const std::vector<model::Claim>& claims) {
  out.put_u32(static_cast<std::uint32_t>(claims.size()));
  for (const model::Claim& claim : claims) {
    put(out, claim);
  }
}

std::vector<model::Claim> take_claims(Reader& in) {
  std::vector<model::Claim> claims;
  const std::size_t count = in.take_count(24);
  for (std::size_t i = 0; i < count; ++i) {
    claims.push_back(take_claim(in));
  }
  return claims;
}

struct Encoder {
  Writer& out;
  void tag(Tag tag) const { out.put_u8(static_cast<std::uint8_t>(tag)); }
  void operator()(const Hello&) const { tag(Tag::hello); }
  void operator()(const Close&) const { tag(Tag::close); }
  void operator()(const Launch& launch) const {
    tag(Tag::launch);
    put(out, launch);
  }
  void operator()(const Cancel& cancel) const {
    tag(Tag::cancel);
    put(out, cancel.claim);
    out.put_u8(static_cast<std::uint8_t>(cancel.cause));
  }
  void operator()(const Halt& halt) const {
    tag(Tag::halt);
    put(out, halt.claim);
    out.put_u8(halt.still ? 1 : 0);
  }
  void operator()(const Forget& forget) const {
    tag(Tag::forget);
    put(out, forget.claims);
  }
  void operator()(const Tally& tally) const {
    tag(Tag::tally);
    put(out, tally.running);
    out.put_u32(static_cast<std::uint32_t>(tally.ended.size()));
    for (const Ended& ended : tally.ended) {
      put(out, ended);
    }
    out.put_numbers(tally.slots);
  }
  void operator()(const Stray& stray) const {
    tag(Tag::stray);
    put(out, stray.claim);
    out.put_text(stray.processes);
  }
  void operator()(const Room& room) const {
    tag(Tag::room);
    out.put_u32(static_cast<std::uint32_t>(room.width));
    out.put_numbers(room.taken);
  }
  void operator()(const Ended& ended) const {
    tag(Tag::ended);
    put(out, ended);
  }
};

std::optional<Message> take_message(Reader& in) {
  switch (static_cast<Tag>(in.take_u8())) {
    case Tag::hello:
      return Hello{};
    case Tag::close:
      return Close{};
    case Tag::launch:
      return take_launch(in);
    case Tag::cancel: {
      Cancel cancel;
      cancel.claim = take_claim(in);
      cancel.cause = take_enum(in, model::Ending::Cause::preempted);
      return cancel;
    }
    case Tag::halt: {
      Halt halt{take_claim(in)};
      halt.still = in.take_u8() != 0;
      return halt;
    }
    case Tag::forget:
      return Forget{take_claims(in)};
    case Tag::tally: {
      Tally tally;
      tally.running = take_claims(in);
      const std::size_t count = in.take_count(24);
      for (std::size_t i = 0; i < count && in.ok(); ++i) {
        tally.ended.push_back(take_ended(in));
      }
      tally.slots = in.take_numbers();
      return tally;
    }
    case Tag::ended:
      return take_ended(in);
    case Tag::stray: {
      Stray stray;
      stray.claim = take_claim(in);
      stray.processes = in.take_text();
      return stray;
    }
    case Tag::room: {
      Room room;
      room.width = static_cast<int>(in.take_u32());
      room.taken = in.take_numbers();
      return room;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string encode(const Message& message) {
  Writer out;
  std::visit(Encoder{out}, message);
  return out.bytes();
}

std::optional<Message> decode(std::string_view frame) {
  Reader in(frame);
  auto message = take_message(in);
  return message.has_value() && in.complete() ? message : std::nullopt;
}

}  // namespace sched::exec
