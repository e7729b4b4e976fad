// SPDX-License-Identifier: Apache-2.0
#include "actors/content/workflow.hpp"
#include "actors/decision/follow_up.hpp"
#include "protocols/schema/signal_generated.h"
#include "protocols/schema/takedown_generated.h"

namespace zhili::content {

namespace {

namespace numbers = workflow_numbers;

template <class Command>
constexpr type_no own_type() {
  return position_in<Command>(workflow::commands{});
}

// Names one look at a page: asked again, it is the same look.
subject_id page_effect(subject_id subject, std::uint32_t visit) {
  return derive_id(subject_kind::measure, subject, 2, visit);
}

void tell_mention(
    subject_id institution, const publication& c, account_id author, row_no row, bool is_live,
    react_sink& out) {
  const wire::takedown::mentioned m(
      to_wire(institution), to_wire(c.id), to_wire(author), c.ref, row, is_live ? 1 : 0, 0, 0);
  constexpr auto type = wire::takedown::takedown_commandTraits<wire::takedown::mentioned>::enum_value;
  out.send(numbers::takedown, institution, static_cast<type_no>(type), body_of(m));
}

void tell_mention_if_changed(const state& s, row_no row, react_sink& out) {
  const publication& c = s.contents[row];
  if (!c.has(flag_mention_changed)) return;
  tell_mention(s.institutions[c.institution].id, c, s.authors[c.author].id, row, c.has(flag_mentioned), out);
}

}  // namespace

void react(const state& s, const wire::decided& e, const context& cx, react_sink& out) {
  const wire::decision_head& head = *e.head();
  const publication& c = s.contents[head.row()];
  // Taken back while it waited: no sanction follows, and none is lifted.
  const bool taken_back = head.verdict() == verdict::none;
  if (!taken_back) decision::follow_up(e, s.authors[c.author].id, cx, out, "content");
  if (c.has(flag_task_stale)) {
    const auto task = decision::task_id(c.id, wire::desk::purpose::submission, head.number() - 1);
    const wire::desk::withdraw_task withdraw(to_wire(task));
    constexpr auto type = wire::desk::desk_commandTraits<wire::desk::withdraw_task>::enum_value;
    out.send(
        numbers::desk, decision::queue_account("content"), static_cast<type_no>(type), body_of(withdraw));
  }
  if (taken_back) return;
  tell_mention_if_changed(s, head.row(), out);
}

void react(const state& s, const msg::review_noted& e, const context& cx, react_sink& out) {
  const publication& c = s.contents[e.row()];
  const account_id author = s.authors[c.author].id;
  if (const account_id fingerprint = from_wire(e.fingerprint())) {
    const wire::signal::seen seen(
        to_wire(author), to_wire(c.id), e.row(), wire::signal::key_kind::text, 0, 0);
    constexpr auto type = wire::signal::signal_commandTraits<wire::signal::seen>::enum_value;
    out.send(numbers::signal, fingerprint, static_cast<type_no>(type), body_of(seen));
  }
  // One timer serves all institutions that are reviewed here within the hour; hours without reviews set none.
  const bool first_of_hour = e.counted() != 0 && s.pending.size() == 1 && s.pending.front().count == 1;
  if (!first_of_hour) return;
  const std::uint32_t next = hour_of(cx.now) + 1;
  const msg::tally_due timer(next, 0);
  out.timer(author, {std::int64_t{next} * 3'600'000}, own_type<msg::tally_due>(), body_of(timer));
}

void react(const state& s, const msg::reading_asked& e, const context& cx, react_sink& out) {
  const publication& c = s.contents[e.row()];
  const account_id author = s.authors[c.author].id;
  out.act_for(author);
  // One question a decision: what a person has read since is not read again at the next visit.
  decision::ask_desk(
      cx, out, author, c.id, c.ref, e.row(), c.id.kind(),
      {.queue = "inspection", .purpose = wire::desk::purpose::inspection, .occasion = c.decisions});
}

void react(const state& s, const msg::page_asked& e, const context& cx, react_sink& out) {
  const publication& c = s.contents[e.row()];
  const wire::page_requested page(to_wire(c.id), c.ref, e.row(), e.visit());
  out.effect(cx.account, page_effect(c.id, e.visit()), shared_type<wire::page_requested>(), body_of(page));
}

void react(const state& s, const msg::withdrawn& e, const context&, react_sink& out) {
  tell_mention_if_changed(s, e.row(), out);
}

void react(const state& s, const msg::mention_dropped& e, const context& cx, react_sink& out) {
  tell_mention(from_wire(e.institution()), s.contents[e.row()], cx.account, e.row(), false, out);
}

void react(const state&, const msg::tally_made& e, const context& cx, react_sink& out) {
  const msg::hour_tally tally(e.institution(), e.hour(), e.count(), cx.self.shard, 0, 0, 0);
  out.send(numbers::content, from_wire(e.institution()), own_type<msg::hour_tally>(), body_of(tally));
}

void react(const state&, const msg::burst_noticed& e, const context&, react_sink& out) {
  const msg::burst_found found(e.institution(), e.from(), e.to(), e.count(), 0);
  for (shard_no shard = 0; shard < shard_count; ++shard) {
    if ((e.shards() >> shard & 1) == 0) continue;
    out.send_to_shard(
        numbers::content, shard, from_wire(e.institution()), own_type<msg::burst_found>(), body_of(found));
  }
}

void react(const state&, const msg::details_noted&, const context&, react_sink&) {}
void react(const state&, const msg::content_recorded&, const context&, react_sink&) {}
void react(const state&, const msg::signs_noted&, const context&, react_sink&) {}
void react(const state&, const msg::looked_again&, const context&, react_sink&) {}
void react(const state&, const msg::page_noted&, const context&, react_sink&) {}
void react(const state&, const msg::label_changed&, const context&, react_sink&) {}
void react(const state&, const msg::band_noted&, const context&, react_sink&) {}
void react(const state&, const msg::status_noted&, const context&, react_sink&) {}
void react(const state&, const msg::tally_kept&, const context&, react_sink&) {}

void react(const state&, const wire::count_noted&, const context&, react_sink&) {}

}  // namespace zhili::content
