// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/decision/follow_up.hpp"
#include "actors/takedown/workflow.hpp"
#include "policy/fields/takedown.hpp"

namespace zhili::takedown {

namespace {

template <class Command>
constexpr type_no own_type() {
  return position_in<Command>(workflow::commands{});
}

// Contents that are told in one command: their messages fill a good part of a batch and no more.
constexpr row_no cascade_part = 4096;

// By hash, so that a visit draws the same contents wherever and whenever it is run again, and another visit others.
bool drawn(const mention& m, std::uint32_t visit, std::uint16_t per_mille) {
  const std::uint64_t word[2] = {m.key(), visit};
  return xxh3_64(std::as_bytes(std::span{word})) % 1000 < per_mille;
}

/// To a content of somebody else, on behalf of the institution that it names.
template <class Message>
void tell(shard_no shard, account_id institution, const Message& m, react_sink& out) {
  out.send_to_shard(workflow_numbers::content, shard, institution, shared_type<Message>(), body_of(m));
}

void tell_origin(const measure& m, std::uint64_t by, react_sink& out) {
  out.send_shared(m.workflow, m.owner, wire::reversal(to_wire(m.id), by, m.origin_row, m.number));
}

}  // namespace

void react(const state& s, const wire::decided& e, const context&, react_sink& out) {
  const wire::decision_head& head = *e.head();
  const bool stood = head.before() != verdict::none;
  if (head.verdict() == verdict::approve && stood) tell_origin(s.measures[head.row()], head.decided_by(), out);
}

void react(const state& s, const msg::measure_changed& e, const context& cx, react_sink& out) {
  const measure& m = s.measures[e.row()];
  const bool ends_by_itself = e.verdict() == verdict::label || e.verdict() == verdict::demote;
  if (e.state() == measure_state::ordered && ends_by_itself) {
    const msg::term_ends timer(e.row(), e.serial());
    const duration term{cx.pack->setting(fields::takedown::setting::measure_term)};
    out.timer(m.owner, cx.now + term, own_type<msg::term_ends>(), body_of(timer));
  }
  // The term of a measure is over: the deciding workflow frees the subject, nobody has to ask.
  if (e.state() == measure_state::lifting && cx.origin == wire::origin::timer) tell_origin(m, 0, out);
}

void react(const state& s, const msg::order_issued& e, const context& cx, react_sink& out) {
  const measure& m = s.measures[e.row()];
  out.effect(m.owner, effect_id(m.id, e.serial()), position_in<msg::order_issued>(workflow::events{}), out.event_body());
  const msg::resend timer(e.row(), e.serial());
  const duration patience{cx.pack->setting(fields::takedown::setting::ack_resend)};
  out.timer(m.owner, cx.now + patience, own_type<msg::resend>(), body_of(timer));
}

void react(const state&, const msg::acknowledged&, const context&, react_sink&) {}

void react(const state& s, const msg::appealed& e, const context& cx, react_sink& out) {
  const measure& m = s.measures[e.row()];
  decision::ask_desk(
      cx, out, m.owner, m.id, m.ref, e.row(), m.kind,
      {.queue = "appeal",
       .purpose = wire::desk::purpose::appeal,
       .priority = std::uint8_t{m.verdict == verdict::suspend ? std::uint8_t{3} : std::uint8_t{2}},
       .not_by = m.decided_by,
       .nor_by = m.appeal_by,
       .occasion = appeal_occasion(m)});
}

void react(const state& s, const msg::mention_changed& e, const context&, react_sink& out) {
  const auto& named = *s.find_named(from_wire(e.institution()));
  if (named.offline == 0 || e.live() == 0) return;
  tell(shard_of(from_wire(e.author())), named.id, wire::mention_label(e.institution(), e.content_row(), 1, 0, 0), out);
}

// Users' contents are labelled, never removed, because an institution went offline. What is shown asks for the
// institution's own status too, so that nothing hangs on the last label.
void react(const state& s, const msg::cascade& e, const context& cx, react_sink& out) {
  const account_id institution = from_wire(e.institution());
  const auto& named = *s.find_named(institution);
  const row_no end = std::min(named.contents.size(), e.from() + cascade_part);
  for (row_no n = e.from(); n < end; ++n) {
    const mention& m = named.contents[n];
    if (m.live == 0) continue;
    tell(m.shard, institution, wire::mention_label(e.institution(), m.row, e.offline(), 0, 0), out);
  }
  if (end == named.contents.size()) return;
  out.timer(institution, cx.now, own_type<msg::cascade_on>(), body_of(msg::cascade_on(named.cascades, end)));
}

// A visit reads again a sample of what others wrote about the institution.
void react(const state& s, const msg::inspected_mentions& e, const context&, react_sink& out) {
  const auto& named = *s.find_named(from_wire(e.institution()));
  for (const mention& m : named.contents) {
    if (m.live == 0 || !drawn(m, e.visit(), e.sample_per_mille())) continue;
    tell(m.shard, named.id, wire::inspect_one(e.institution(), m.row, e.visit()), out);
  }
}

}  // namespace zhili::takedown
