// SPDX-License-Identifier: Apache-2.0
// A stage for one partition: what was, what comes in, what must follow.
//
//   stage<onboarding::workflow> s{clinic};
//   s.when(submission(paper)).then(verdict::approve);
//   s.advance(std::chrono::days{31});
//   CHECK(s.decision().verdict() == verdict::suspend);
//   CHECK(s.sent<wire::desk::open_task>().size() == 1);
//
// Every verb commits what it did as one batch of a log. When a stage ends, the books balance, a second engine rebuilt
// from the log has the same state and, unless `given` put events in that nobody decided, re-executing the log gives it
// again to the byte.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>

#include <doctest/doctest.h>

#include "actors/partition/engine.hpp"
#include "storage/memory_content.hpp"
#include "tests/testkit/body.hpp"
#include "tests/testkit/shelf.hpp"

namespace zhili::testkit {

using partition::stream_kind;

/// A command on its way in. `T` is a command of the workflow or a shared message.
template <class T>
struct input {
  flat<T> body;
  wire::origin origin = wire::origin::submission;
  /// Default: the home of the stage.
  std::optional<account_id> account{};
  /// Default for submissions: the account.
  std::optional<subject_id> subject{};
  /// Default: now.
  std::optional<instant> event_time{};
  /// Default: one that was never used.
  std::optional<std::uint64_t> key_number{};
  std::string with_text{};
  partition_id source{30, 0};
  stream_kind stream = stream_kind::across_accounts;
  std::optional<std::uint64_t> number{};
  std::uint32_t incarnation = 1;
  /// partition::message_mark.
  std::uint64_t marks = 0;

  input&& to(account_id a) && { return account = a, std::move(*this); }
  input&& about(subject_id s) && { return subject = s, std::move(*this); }
  input&& claimed_at(instant t) && { return event_time = t, std::move(*this); }
  input&& key(std::uint64_t n) && { return key_number = n, std::move(*this); }
  /// Kept in the content store and handed along; the body carries its hash.
  input&& text(std::string t) && { return with_text = std::move(t), std::move(*this); }
  input&& from(partition_id p, stream_kind k = stream_kind::across_accounts) && {
    return source = p, stream = k, std::move(*this);
  }
  input&& marked(std::uint64_t m) && { return marks = m, std::move(*this); }
  /// Default: the next of its stream.
  input&& numbered(std::uint64_t n, std::uint32_t in_incarnation = 1) && {
    return number = n, incarnation = in_incarnation, std::move(*this);
  }
};

template <class T>
input<T> submission(flat<T> body) {
  return {.body = std::move(body)};
}
template <class T>
  requires(!is_table<T>)
input<T> message(const T& body) {
  return {.body = body, .origin = wire::origin::message};
}
template <class T>
input<T> message(flat<T> body) {
  return {.body = std::move(body), .origin = wire::origin::message};
}

/// An event of that type, whatever it says, or one of which `holds` is true.
template <class T>
struct some {
  std::function<bool(const T&)> holds = {};
};

/// What a verb sent to another partition.
struct sent_message {
  partition_id to;
  stream_kind stream{};
  account_id account;
  std::uint64_t number = 0;
  type_no type = 0;
  std::vector<std::byte> body;
};

/// What a verb asked of the platform outside.
struct asked_effect {
  account_id account;
  subject_id effect;
  type_no type = 0;
  std::vector<std::byte> body;

  template <class T>
  const T& as() const {
    return view_body<T>(body);
  }
};

struct seen_event {
  type_no type = 0;
  std::vector<std::byte> body;
};

struct stage_options {
  /// Empty: the partition gets no pack.
  std::string pack = "tests/testkit/packs/plain";
  /// 2021-07-18T09:00 in China.
  instant begin{1'626'570'000'000};
};

/// All that does not depend on the workflow's types.
class stage_base {
 public:
  stage_base(const partition::workflow_descriptor& workflow, account_id home, const stage_options& options);
  stage_base(const stage_base&) = delete;
  stage_base& operator=(const stage_base&) = delete;
  ~stage_base();

  instant now() const { return clock_; }
  account_id home() const { return home_; }
  partition::engine& live() { return *engine_; }

  // ---- what goes in ----
  void use_pack(const std::string& folder);
  /// A new snapshot of the registry; licences that it does not name are missing.
  void use_registry(const written_registry::entries& by_licence_number);
  /// Time passes; timers that fall due fire, each when it is due.
  void advance(duration by);

  // ---- what the last verb did ----
  const partition::receipt& receipt() const { return receipt_; }
  const partition::outcome& outcome() const { return receipt_.outcome; }
  const std::vector<sent_message>& sent() const { return sent_; }
  const std::vector<asked_effect>& effects() const { return effects_; }
  /// The last decision. REQUIRES: there was one.
  const wire::decided& decision_event() const;
  const wire::decision_head& decision() const { return *decision_event().head(); }
  bool decided_anything() const;
  /// The gates among its findings, in order.
  std::vector<wire::gate> gates() const;

  // ---- the log ----
  const std::vector<std::vector<std::byte>>& batches() const { return batches_; }
  /// A second engine, rebuilt from the first `count` batches.
  std::unique_ptr<partition::engine> restored(std::size_t count = ~std::size_t{0});
  /// Re-executes the whole log; the error names what differs.
  status verified();
  /// Empty where the books agree with the rows.
  std::string books_balance() const { return engine_->check(); }
  /// The platform and all other partitions acknowledge whatever was sent to them.
  void acknowledge_all();
  /// Commits what a test did to `live()` with its own hands.
  void commit();

 protected:
  struct expected_event {
    type_no type = 0;
    std::optional<std::vector<std::byte>> bytes;
    std::function<bool(bytes_view)> holds;
  };

  void begin_verb(std::source_location where);
  void put(partition::command c, std::optional<std::uint64_t> key_number, std::string_view text);
  void put_events(const std::vector<seen_event>& events);
  std::uint64_t next_number(partition_id source, stream_kind stream, std::optional<std::uint64_t> asked);
  void expect_refusal(wire::refusal why, std::optional<std::uint16_t> field);
  void expect_status(wire::status status, std::optional<verdict> v);
  void expect_events(const std::vector<expected_event>& expected);
  std::string told() const;

  std::vector<seen_event> events_;
  instant clock_;
  account_id home_;

 private:
  std::unique_ptr<partition::engine> fresh();
  void control(type_no type, bytes_view body);
  void complain(const std::string& what) const;

  const partition::workflow_descriptor* workflow_;
  shelf shelf_;
  storage::memory_content texts_;
  partition::bench bench_;
  std::unique_ptr<partition::engine> engine_;
  std::vector<std::vector<std::byte>> batches_;
  std::map<partition::stream_key, std::uint64_t> numbers_;
  std::uint64_t keys_ = 0;
  std::uint32_t registries_ = 0;
  bool given_ = false;
  std::source_location where_ = std::source_location::current();

  partition::receipt receipt_;
  std::vector<sent_message> sent_;
  std::vector<asked_effect> effects_;
};

template <class W>
class stage : public stage_base {
 public:
  /// The partition of W in the shard of `home`.
  explicit stage(account_id home, const stage_options& options = {})
      : stage_base(descriptor(), home, options) {}

  /// What has already happened: events that go straight into the log and through apply.
  template <class... Events>
  stage& given(const Events&... events) {
    std::vector<seen_event> list;
    (list.push_back(event_of(events)), ...);
    put_events(list);
    return *this;
  }

  template <class T>
  stage& when(const input<T>& in, std::source_location where = std::source_location::current()) {
    begin_verb(where);
    const account_id account = in.account.value_or(home());
    const bool submitted = in.origin == wire::origin::submission;
    const subject_id about = submitted ? in.subject.value_or(account) : subject_id{};
    const std::uint64_t number = submitted ? 0 : next_number(in.source, in.stream, in.number);
    partition::command c;
    c.head = wire::command_header(
        to_wire(account), 0, in.event_time.value_or(now()).ms, wire::id(0, in.marks), to_wire(about), number,
        submitted ? 0 : in.incarnation, submitted ? std::uint16_t{0} : in.source.packed(),
        submitted ? std::uint8_t{0} : static_cast<std::uint8_t>(in.stream), in.origin);
    c.type = command_type<T>();
    c.body = in.body.bytes();
    put(c, in.key_number, in.with_text);
    return *this;
  }

  /// Refused for this, at this field (its number in the schema, from 1) where one is named.
  stage& then(wire::refusal why, std::optional<std::uint16_t> field = {}) { return expect_refusal(why, field), *this; }
  /// Decided, with this verdict.
  stage& then(verdict v) { return expect_status(wire::status::decided, v), *this; }
  stage& then(wire::status status) { return expect_status(status, {}), *this; }
  /// Exactly these events in this order: structs to the byte, `some<T>` by type.
  template <class... Events>
    requires(sizeof...(Events) > 0)
  stage& then_events(const Events&... events) {
    std::vector<expected_event> list;
    (list.push_back(expectation_of(events)), ...);
    return expect_events(list), *this;
  }
  stage& then_nothing() { return expect_events({}), *this; }

  const typename W::state& state() const {
    return *static_cast<const typename W::state*>(const_cast<stage*>(this)->live().state().state());
  }

  /// The events of that type in the last verb.
  template <class E>
  std::vector<flat<E>> events() const {
    std::vector<flat<E>> found;
    for (const seen_event& e : events_) {
      if (e.type == event_type<E>()) found.push_back(flat<E>{bytes_view{e.body}});
    }
    return found;
  }

  /// The messages of that type that the last verb sent, to whatever account.
  using stage_base::sent;
  template <class T>
  std::vector<flat<T>> sent() const {
    std::vector<flat<T>> found;
    for (const sent_message& m : sent()) {
      if (is<T>(m)) found.push_back(flat<T>{bytes_view{m.body}});
    }
    return found;
  }
  template <class T>
  static bool is(const sent_message& m) {
    constexpr address a = address_of<T>();
    static_assert(a.type != 0, "no workflow takes this");
    return m.type == a.type && (a.workflow == 0 || m.to.workflow == a.workflow);
  }

  /// That of the program, or for a workflow that only a test knows, its own.
  static const partition::workflow_descriptor& descriptor() {
    if (const auto* known = partition::find_workflow(W::number)) return *known;
    static const auto own = partition::describe<W>([](type_no) -> std::string_view { return "command"; },
                                                   [](type_no) -> std::string_view { return "event"; });
    return own;
  }

 private:
  template <class T>
  static constexpr type_no command_type() {
    constexpr type_no own = position_in<T>(typename W::commands{});
    if constexpr (own != 0) {
      return own;
    } else {
      return shared_type<T>();
    }
  }
  template <class E>
  static constexpr type_no event_type() {
    constexpr type_no n = position_in<E>(typename W::events{});
    static_assert(n != 0, "not an event of this workflow");
    return n;
  }
  template <class E>
  static seen_event event_of(const E& fixed) {
    const bytes_view b = body_of(fixed);
    return {event_type<E>(), {b.begin(), b.end()}};
  }
  template <class E>
  static seen_event event_of(const flat<E>& whole) {
    return {event_type<E>(), {whole.bytes().begin(), whole.bytes().end()}};
  }
  template <class E>
  static expected_event expectation_of(const E& fixed) {
    return {event_type<E>(), event_of(fixed).body, {}};
  }
  template <class E>
  static expected_event expectation_of(const some<E>& s) {
    if (!s.holds) return {event_type<E>(), {}, {}};
    return {event_type<E>(), {}, [holds = s.holds](bytes_view b) { return holds(view_body<E>(b)); }};
  }
};

/// A decision that a test puts into the past; `before` and `number` tell the order.
struct past_decision {
  subject_id subject;
  std::uint32_t row = 0;
  zhili::verdict verdict = zhili::verdict::approve;
  std::uint32_t number = 1;
  zhili::verdict before = zhili::verdict::none;
  wire::cause cause = wire::cause::submission;
  std::uint64_t decided_by = 0;
};
flat<wire::decided> decided(const past_decision& d);

}  // namespace zhili::testkit
