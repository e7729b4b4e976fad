// SPDX-License-Identifier: Apache-2.0
// Where a workflow puts what it decides (events) and what follows from an event (messages, timers, effects). Both write
// straight into the partition's open batch; nothing leaves before the batch is committed.
#pragma once

#include "actors/partition/context.hpp"
#include "actors/workflow_numbers.hpp"  // generated

namespace zhili::partition {

class engine;

/// What a submission's sender is told; also logged for messages and timers.
struct outcome {
  wire::status status = wire::status::decided;
  zhili::verdict verdict = zhili::verdict::none;
  wire::refusal why = wire::refusal::none;
  /// Number of the field at fault in the schema, from 1.
  std::uint16_t field = 0;
  subject_kind kind = subject_kind::none;
};

inline outcome done(subject_kind kind, verdict v = verdict::none) { return {wire::status::decided, v, {}, 0, kind}; }
inline outcome waits(subject_kind kind) { return {wire::status::waiting, verdict::escalate, {}, 0, kind}; }
inline outcome refused(subject_kind kind, wire::refusal why, std::uint16_t field = 0) {
  return {wire::status::refused, {}, why, field, kind};
}

/// Given to decide: events only.
class decide_sink {
 public:
  explicit decide_sink(engine& owner) : owner_(owner) {}

  template <class Workflow, class Event>
  void emit(const Event& fixed) {
    static_assert(!is_table<Event>);
    put(position_in<Event>(typename Workflow::events{}), body_of(fixed));
  }
  /// For events that are tables: build into `builder()`, which is empty at each call, then emit.
  flatbuffers::FlatBufferBuilder& builder();
  template <class Workflow, class Event>
  void emit(flatbuffers::Offset<Event> root) {
    flatbuffers::FlatBufferBuilder& built = building();
    built.Finish(root);
    put(position_in<Event>(typename Workflow::events{}), body_of(built));
  }

 private:
  flatbuffers::FlatBufferBuilder& building();
  void put(type_no type, bytes_view body);
  engine& owner_;
};

/// Given to react: what follows from an event that was applied.
class react_sink {
 public:
  explicit react_sink(engine& owner) : owner_(owner) {}

  /// From here on this is the account that speaks: needed where one command (a new pack, a new registry snapshot)
  /// touches many accounts of the shard. REQUIRES: the account lives in this partition's shard.
  void act_for(account_id account);

  /// To the account's partition of another workflow: at once inside the account, after the hop delay elsewhere.
  /// `Type` is a command of that workflow; its number is given by the workflow's command list.
  void send(workflow_no to, account_id account, type_no type, bytes_view body);
  template <class Shared>
  void send_shared(workflow_no to, account_id account, const Shared& message) {
    send(to, account, shared_type<Shared>(), body_of(message));
  }
  /// To a partition as such, for what concerns many accounts of a shard.
  void send_to_shard(workflow_no to, shard_no shard, account_id about, type_no type, bytes_view body);

  /// A fact of the account, to every workflow whose descriptor subscribes to it.
  template <class Fact>
  void publish(const Fact& fact) {
    publish(shared_type<Fact>(), body_of(fact));
  }

  /// `type` is a command of this workflow.
  void timer(account_id account, instant due, type_no type, bytes_view body);
  /// To the platform outside; at least once, until it acknowledges `effect`.
  void effect(account_id account, subject_id effect, type_no type, bytes_view body);

  flatbuffers::FlatBufferBuilder& builder();
  /// The bytes of the event at hand, to be passed on as they are.
  bytes_view event_body() const;

 private:
  void publish(type_no type, bytes_view body);
  engine& owner_;
};

}  // namespace zhili::partition
