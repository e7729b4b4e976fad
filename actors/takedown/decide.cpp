// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/draft.hpp"
#include "actors/decision/follow_up.hpp"
#include "actors/takedown/workflow.hpp"

namespace zhili::takedown {

using decision::draft;
using partition::done;
using partition::no_row;
using partition::refused;
using partition::waits;
using wire::refusal;

namespace {

// Two chances: the appeal, and one more when something new has come up.
constexpr std::uint32_t appeals_max = 2;

bool holds(const measure& m) { return m.state == measure_state::ordered || m.state == measure_state::in_force; }

subject_id appeal_task(const measure& m) {
  return decision::task_id(m.id, wire::desk::purpose::appeal, appeal_occasion(m));
}

struct reasons_view {
  const wire::finding* data = nullptr;
  std::size_t size = 0;
};

/// Changes the measure and tells the platform, with the reasons where there are any.
void issue(decide_sink& out, const msg::measure_changed& change, std::uint64_t pack, reasons_view reasons) {
  out.emit<workflow>(change);
  auto& b = out.builder();
  const auto findings = reasons.size == 0 ? 0 : b.CreateVectorOfStructs(reasons.data, reasons.size);
  const bool imposed = change.state() == measure_state::ordered;
  out.emit<workflow, msg::order_issued>(msg::Createorder_issued(
      b, &change.subject(), change.ref(), change.verdict(), imposed, change.decided_by(), pack, findings, change.serial(),
      change.row(), change.kind()));
}

msg::measure_changed lifted(const measure& m, row_no row) {
  return msg::measure_changed(
      to_wire(m.id), to_wire(m.owner), m.ref, m.decided_by, m.serial + 1, row, m.origin_row, m.number, m.verdict,
      measure_state::lifting, m.workflow, m.kind, 0);
}

}  // namespace

outcome decide(const state& s, const msg::impose& c, const context& cx, decide_sink& out) {
  if (c.head() == nullptr) return refused(subject_kind::none, refusal::malformed, 1);
  const wire::decision_head& head = *c.head();
  const row_no found = s.measures.find(from_wire(head.subject()));
  const row_no row = found == no_row ? s.measures.size() : found;
  const std::uint32_t serial = found == no_row ? 1 : s.measures[found].serial + 1;
  const auto* findings = c.findings();
  const reasons_view reasons =
      findings == nullptr ? reasons_view{}
                          : reasons_view{reinterpret_cast<const wire::finding*>(findings->Data()), findings->size()};
  issue(out,
        msg::measure_changed(
            head.subject(), to_wire(cx.account), head.ref(), head.decided_by(), serial, row, head.row(), head.number(),
            head.verdict(), measure_state::ordered, c.workflow(), head.kind(), 0),
        head.pack(), reasons);
  return done(subject_kind::none, head.verdict());
}

outcome decide(const state& s, const msg::lift& c, const context& cx, decide_sink& out) {
  const row_no row = s.measures.find(from_wire(c.subject()));
  if (row != no_row && holds(s.measures[row])) issue(out, lifted(s.measures[row], row), cx.pack_tag, {});
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::acknowledge& c, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::measure, why, field); };
  if (c.effect() == nullptr) return no(refusal::malformed, 1);
  const row_no row = s.measures.find(cx.subject);
  if (row == no_row) return no(refusal::unknown_subject, 0);
  const measure& m = s.measures[row];
  if (m.owner != cx.account) return no(refusal::not_yours, 0);
  if (c.serial() == 0 || c.serial() > m.serial) return no(refusal::out_of_range, 2);
  if (from_wire(*c.effect()) != effect_id(cx.subject, c.serial())) return no(refusal::out_of_range, 1);
  if (c.serial() > m.acknowledged) out.emit<workflow>(msg::acknowledged(cx.now.ms, row, c.serial()));
  return done(subject_kind::measure);
}

outcome decide(const state& s, const msg::file_appeal& c, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field) { return refused(subject_kind::appeal, why, field); };
  if (c.subject() == nullptr) return no(refusal::malformed, 1);
  if (c.ground() > 3) return no(refusal::out_of_range, 2);
  const row_no row = s.measures.find(from_wire(*c.subject()));
  if (row == no_row) return no(refusal::unknown_subject, 1);
  const measure& m = s.measures[row];
  if (m.owner != cx.account) return no(refusal::not_yours, 1);
  if (!holds(m) || m.appealing != 0) return no(refusal::not_in_this_state, 1);
  if (m.appeals >= appeals_max) return no(refusal::appeal_closed, 1);
  out.emit<workflow>(msg::appealed(row, m.appeals + 1));
  return waits(subject_kind::appeal);
}

outcome decide(const state& s, const msg::resend& c, const context&, decide_sink& out) {
  const measure& m = s.measures[c.row()];
  if (m.serial != c.serial() || m.acknowledged >= m.serial) return done(subject_kind::none);
  const reasons_kept& why = s.reasons.at(c.row());
  auto& b = out.builder();
  const auto findings = why.findings.empty() ? 0 : b.CreateVectorOfStructs(why.findings);
  const wire::id subject = to_wire(m.id);
  out.emit<workflow, msg::order_issued>(msg::Createorder_issued(
      b, &subject, m.ref, m.verdict, m.state == measure_state::ordered, m.decided_by, why.pack, findings, m.serial,
      c.row(), m.kind));
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::term_ends& c, const context& cx, decide_sink& out) {
  const measure& m = s.measures[c.row()];
  if (m.serial == c.serial() && holds(m)) issue(out, lifted(m, c.row()), cx.pack_tag, {});
  return done(subject_kind::none);
}

outcome decide(const state&, const msg::mentioned& c, const context&, decide_sink& out) {
  out.emit<workflow>(
      msg::mention_changed(c.institution(), c.content(), c.author(), c.ref(), c.row(), c.live(), 0, 0));
  return done(subject_kind::none);
}

// An appeal comes back from someone who did not decide before (the desk bars who did). Where the sanction that it was
// filed against no longer stands, it is answered all the same, but it moves nothing.
outcome decide(const state& s, const wire::desk_answer& a, const context& cx, decide_sink& out) {
  const row_no row = s.measures.find(from_wire(a.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const measure& m = s.measures[row];
  if (m.appealing == 0) return done(subject_kind::none);
  const bool stands = holds(m) && from_wire(a.task()) == appeal_task(m);
  draft d(cx, m.id, m.ref, subject_kind::appeal, wire::cause::appeal);
  d.person(a.verdict(), a.reviewer(), a.reason());
  d.settles(1);
  d.place(row, m.appeals, stands ? m.verdict : verdict::none);
  d.emit<workflow>(out);
  if (a.verdict() == verdict::approve && stands) issue(out, lifted(m, row), cx.pack_tag, {});
  return done(subject_kind::none, a.verdict());
}

outcome decide(const state& s, const wire::institution_status& f, const context&, decide_sink& out) {
  const state::named* named = s.find_named(from_wire(f.institution()));
  const bool offline = f.standing() == wire::standing::suspended || f.standing() == wire::standing::closed;
  // Remembered before the first mention, so that a content that comes later is labelled too.
  const bool was = named != nullptr && named->offline != 0;
  if (offline != was) out.emit<workflow>(msg::cascade(f.institution(), offline ? std::uint8_t{1} : std::uint8_t{0}, 0, 0, 0));
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::cascade_on& c, const context& cx, decide_sink& out) {
  const state::named* named = s.find_named(cx.account);
  if (named == nullptr || named->cascades != c.serial()) return done(subject_kind::none);
  out.emit<workflow>(msg::cascade(to_wire(cx.account), named->offline, 0, 0, c.from()));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::inspect& m, const context&, decide_sink& out) {
  const state::named* named = s.find_named(from_wire(m.institution()));
  if (named == nullptr || named->contents.empty()) return done(subject_kind::none);
  out.emit<workflow>(msg::inspected_mentions(m.institution(), m.visit(), m.sample_per_mille(), 0));
  return done(subject_kind::none);
}

}  // namespace zhili::takedown
