// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "actors/partition/engine.hpp"

namespace zhili::partition {

flatbuffers::FlatBufferBuilder& decide_sink::building() { return owner_.around_.work->builder; }

flatbuffers::FlatBufferBuilder& decide_sink::builder() {
  owner_.around_.work->builder.Clear();
  return owner_.around_.work->builder;
}

void decide_sink::put(type_no type, bytes_view body) {
  // Events are read in place and need their alignment.
  bench& work = *owner_.around_.work;
  const std::size_t at = (work.event_bytes.size() + 7) & ~std::size_t{7};
  work.event_bytes.resize(at + body.size(), boost::container::default_init);
  std::memcpy(work.event_bytes.data() + at, body.data(), body.size());
  work.events.push_back({type, at, body.size()});
}

flatbuffers::FlatBufferBuilder& react_sink::builder() {
  owner_.around_.work->builder.Clear();
  return owner_.around_.work->builder;
}

bytes_view react_sink::event_body() const { return owner_.event_in_hand_; }

void react_sink::act_for(account_id account) { owner_.account_ = account; }

void react_sink::send(workflow_no to, account_id account, type_no type, bytes_view body) {
  const bool inside = account == owner_.account_;
  const shard_no shard = inside ? owner_.id_.shard : shard_of(account);
  owner_.push_send({to, shard}, inside ? stream_kind::inside_account : stream_kind::across_accounts, account, type, body);
}

void react_sink::send_to_shard(workflow_no to, shard_no shard, account_id about, type_no type, bytes_view body) {
  owner_.push_send({to, shard}, stream_kind::across_accounts, about, type, body);
}

void react_sink::publish(type_no type, bytes_view body) {
  for (const workflow_no w : subscribers_of(type)) {
    if (w != owner_.id_.workflow) send(w, owner_.account_, type, body);
  }
}

void react_sink::timer(account_id account, instant due, type_no type, bytes_view body) {
  ZHILI_ASSERT(body.size() <= engine::timer_body_bytes, "a timer carries few bytes");
  engine::timer t{due, ++owner_.timer_ordinal_, account, type, static_cast<std::uint16_t>(body.size()), {}};
  std::memcpy(t.body.data(), body.data(), body.size());
  const wire::timer_header head(to_wire(account), due.ms, t.ordinal);
  owner_.batch_.add(entry_kind::timer, type, body_of(head), body);
  owner_.push_timer(t);
}

void react_sink::effect(account_id account, subject_id effect, type_no type, bytes_view body) {
  const wire::effect_header head(to_wire(account), to_wire(effect));
  owner_.batch_.add(entry_kind::effect, type, body_of(head), body);
}

}  // namespace zhili::partition
