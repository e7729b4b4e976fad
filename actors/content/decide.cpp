// SPDX-License-Identifier: Apache-2.0
#include "actors/content/judge.hpp"
#include "actors/credentials/ad_certificate.hpp"
#include "actors/decision/follow_up.hpp"

namespace zhili::content {

using decision::draft;
using partition::done;
using partition::refused;
using partition::waits;
using wire::cause;
using wire::refusal;

namespace {

constexpr std::size_t certificate_bytes_max = 128;
constexpr std::uint32_t recognised_parts_max = 64;

bool is_content(subject_kind kind) {
  return kind == subject_kind::diary || kind == subject_kind::post || kind == subject_kind::ad ||
         kind == subject_kind::review;
}

struct fault {
  refusal why = refusal::none;
  std::uint16_t field = 0;
};

// Fields are numbered as in submit_content, from 1.
fault parts_fault(const msg::submit_content& c) {
  if (c.recognised() == nullptr) return {};
  if (c.recognised()->size() > recognised_parts_max) return {refusal::too_large, 12};
  std::uint32_t end = 0;
  for (const msg::recognised_part* p : *c.recognised()) {
    const bool known = p->source() != msg::recognition::none && p->source() <= msg::recognition::MAX;
    const bool inside = p->begin() >= end && p->length() > 0 && p->begin() < c.text_bytes() &&
                        p->length() <= c.text_bytes() - p->begin();
    if (!known || !inside || p->confidence() > 100) return {refusal::out_of_range, 12};
    end = p->begin() + p->length();
  }
  return {};
}

// What a rule may rest on is no surer than the part that was read worst.
recognised least_sure(const msg::submit_content& c) {
  recognised least;
  if (c.recognised() == nullptr) return least;
  for (const msg::recognised_part* p : *c.recognised()) {
    if (least.source == msg::recognition::none || p->confidence() < least.confidence) {
      least = {p->source(), p->confidence()};
    }
  }
  return least;
}

fault fault_in(const msg::submit_content& c, const context& cx) {
  const subject_kind kind = c.kind();
  if (!is_content(kind) || cx.subject.kind() != kind) return {refusal::out_of_range, 2};
  const subject_kind owner = kind == subject_kind::ad ? subject_kind::institution : subject_kind::user;
  if (cx.account.kind() != owner) return {refusal::wrong_account, 0};
  if (c.institution() != nullptr && from_wire(*c.institution()).kind() != subject_kind::institution) {
    return {refusal::out_of_range, 3};
  }
  if (c.text_bytes() > limits::text_bytes_max) return {refusal::too_large, 5};
  if (c.text_bytes() == 0 && kind != subject_kind::review) return {refusal::out_of_range, 5};
  if (c.text_bytes() > 0 && c.text_hash() == nullptr) return {refusal::malformed, 4};
  // A review cannot come before the visit that it speaks of.
  if (c.order_at() < 0 || c.order_at() > cx.event_time.ms) return {refusal::out_of_range, 6};
  if (c.stars() > 5) return {refusal::out_of_range, 7};
  if (text_of(c.ad_certificate()).size() > certificate_bytes_max) return {refusal::too_large, 8};
  if (c.placement() > msg::ad_placement::MAX) return {refusal::out_of_range, 10};
  if (c.audience() > msg::ad_audience::MAX) return {refusal::out_of_range, 11};
  return parts_fault(c);
}

// The form alone: the number does not tell when the certificate was granted, so not when its year is over.
certificate_form read_certificate(const msg::submit_content& c, instant event_time) {
  const std::string_view number = text_of(c.ad_certificate());
  if (number.empty()) return certificate_form::none;
  const std::chrono::sys_days day{std::chrono::days{china_day(event_time)}};
  const int year = static_cast<int>(std::chrono::year_month_day{day}.year());
  return credentials::read_ad_certificate(number, year) ? certificate_form::good
                                                        : certificate_form::malformed;
}

case_facts facts_in(const msg::submit_content& c, const context& cx) {
  case_facts f;
  f.kind = c.kind();
  f.account = cx.account;
  f.institution_named = c.institution() != nullptr;
  f.recognised = least_sure(c);
  if (f.kind == subject_kind::ad) {
    f.certificate = read_certificate(c, cx.event_time);
    f.placement = c.placement();
    f.audience = c.audience();
    f.minors_audience = c.minors_audience() || f.audience == msg::ad_audience::minors ||
                        f.placement == msg::ad_placement::for_minors;
  } else if (f.kind == subject_kind::review) {
    f.at_s = seconds_of(cx.event_time);
    f.order_at_s = seconds_of({c.order_at()});
    f.stars = c.stars();
  }
  return f;
}

subject_id named_by(const state& s, const publication& c) {
  return c.institution == no_row ? subject_id{} : s.institutions[c.institution].id;
}

// What the row already answers.
bool is_repeat(
    const state& s, const publication& c, const case_facts& f, text_name text,
    subject_id institution) {
  if (facts_of(s, c).recognised != f.recognised) return false;
  if (c.has(flag_withdrawn) || c.text != text || named_by(s, c) != institution) return false;
  if (f.kind == subject_kind::ad) {
    return f.certificate == c.certificate() && f.minors_audience == c.has(flag_minors_audience) &&
           f.placement == c.placement() && f.audience == c.audience();
  }
  if (f.kind != subject_kind::review) return true;
  const review& r = s.reviews[c.detail];
  return r.stars == f.stars && r.order_at_s == f.order_at_s;
}

void note_details(const case_facts& before, const case_facts& now, row_no row, decide_sink& out) {
  if (before.placement == now.placement && before.audience == now.audience && before.recognised == now.recognised) return;
  out.emit<workflow>(
      msg::details_noted(row, now.placement, now.audience, now.recognised.source, now.recognised.confidence));
}

void note_review(
    const msg::submit_content& c, bool first, row_no row, std::string_view text, const context& cx,
    decide_sink& out) {
  const account_id fingerprint = text.empty() ? account_id{} : fingerprint_of(text, *cx.pack, cx.work->scratch);
  const bool counted = first && c.institution() != nullptr;
  if (fingerprint || counted)
    out.emit<workflow>(msg::review_noted(to_wire(fingerprint), row, counted ? 1 : 0, 0, 0));
}

}  // namespace

outcome decide(const state& s, const msg::submit_content& c, const context& cx, decide_sink& out) {
  const subject_kind kind = is_content(c.kind()) ? c.kind() : subject_kind::none;
  if (const fault f = fault_in(c, cx); f.why != refusal::none) return refused(kind, f.why, f.field);
  const digest256 hash = c.text_bytes() == 0 ? digest256{} : from_wire(*c.text_hash());
  const subject_id institution = c.institution() == nullptr ? subject_id{} : from_wire(*c.institution());

  const row_no found = s.contents.find(cx.subject);
  const publication* before = found == no_row ? nullptr : &s.contents[found];
  case_facts facts = facts_in(c, cx);
  if (before != nullptr) {
    if (s.authors[before->author].id != cx.account) return refused(kind, refusal::not_yours);
    if (is_repeat(s, *before, facts, name_of(hash), institution)) return done(kind, before->verdict);
    if (before->waiting == waiting_max || before->decisions == decisions_max) {
      return refused(kind, refusal::not_in_this_state);
    }
  }
  std::string_view text;
  if (c.text_bytes() > 0) {
    text = cx.text.empty() ? cx.text_of(name_of(hash), c.ref()) : cx.text;
    if (text.size() != c.text_bytes()) return refused(kind, refusal::malformed, 4);
  }

  if (const row_no a = before == nullptr ? s.authors.find(cx.account) : before->author; a != no_row) {
    facts.band = s.authors[a].band;
    if (facts.band != 0) facts.band_version = s.band_versions.at(a);
  }
  const bool other_institution = before != nullptr && named_by(s, *before) != institution;
  if (before != nullptr && !other_institution && kind == subject_kind::review) {
    facts.burst = s.reviews[before->detail].burst;
  }
  draft d(cx, cx.subject, c.ref(), kind, cause::submission);
  judge(s, facts, text, true, cx, d);

  const row_no row = before == nullptr ? s.contents.size() : found;
  if (other_institution && before->has(flag_mentioned)) {
    out.emit<workflow>(msg::mention_dropped(to_wire(named_by(s, *before)), row, 0));
  }
  out.emit<workflow>(msg::content_recorded(
      to_wire(cx.subject), to_wire(cx.account), to_wire(institution), to_wire(hash), c.ref(), row, facts.at_s,
      facts.order_at_s, facts.stars, c.placement(), static_cast<std::uint8_t>(facts.certificate),
      facts.minors_audience ? 1 : 0));
  note_details(before == nullptr ? case_facts{} : facts_of(s, *before), facts, row, out);
  if (kind == subject_kind::review) note_review(c, before == nullptr, row, text, cx, out);
  // What waited is decided with the newer text.
  if (before != nullptr && d.verdict() != verdict::escalate) d.settles(before->waiting);
  d.place(
      row, before == nullptr ? 1 : before->decisions + 1,
      before == nullptr ? verdict::none : before->in_force);
  d.emit<workflow>(out);
  return d.verdict() == verdict::escalate ? waits(kind) : done(kind, d.verdict());
}

// Nobody judges what was taken back: a decision without verdict settles what waits, and the desk is not asked any more.
outcome decide(const state& s, const msg::withdraw_content&, const context& cx, decide_sink& out) {
  const subject_kind kind = is_content(cx.subject.kind()) ? cx.subject.kind() : subject_kind::none;
  const row_no row = s.contents.find(cx.subject);
  if (row == no_row) return refused(kind, refusal::unknown_subject);
  const publication& c = s.contents[row];
  if (s.authors[c.author].id != cx.account) return refused(kind, refusal::not_yours);
  if (c.has(flag_withdrawn)) return done(kind);
  if (c.verdict == verdict::escalate) {
    const wire::decision_head head(
        to_wire(c.id), c.ref, cx.pack_tag, 0, cx.event_time.ms, 0, row, c.decisions + 1, c.id.kind(),
        verdict::none, cause::submission, c.in_force, c.waiting, 0, 0, 0);
    out.emit<workflow, wire::decided>(wire::Createdecided(out.builder(), &head));
  }
  out.emit<workflow>(msg::withdrawn(row));
  return done(kind);
}

outcome decide(const state& s, const wire::desk_answer& a, const context& cx, decide_sink& out) {
  using wire::desk::purpose;
  const row_no row = s.contents.find(from_wire(a.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const publication& c = s.contents[row];
  // `suspend` is for accounts.
  const verdict said = a.verdict() == verdict::suspend ? verdict::reject : a.verdict();
  if (c.has(flag_withdrawn)) return done(subject_kind::none);
  if (!stands(said) && said != verdict::reject) return refused(subject_kind::none, refusal::out_of_range);
  const auto what_for = static_cast<purpose>(a.purpose());
  // A question to the desk is settled by its own answer; what a person read is read until the text changes.
  const std::uint32_t count = what_for == purpose::submission ? 1 : c.on_text;
  if (!decision::asks_about(from_wire(a.task()), c.id, what_for, c.decisions, count)) return done(subject_kind::none);

  const bool at_desk = c.verdict == verdict::escalate;
  cause why = cause::desk;
  if (what_for == purpose::submission) {
    if (!at_desk) return done(subject_kind::none);
  } else if (what_for == purpose::second_look || what_for == purpose::inspection) {
    if (at_desk || said == c.verdict) return done(subject_kind::none);
    why = what_for == purpose::inspection ? cause::inspection : cause::quality;
  } else {
    return done(subject_kind::none);
  }
  draft d(cx, c.id, c.ref, c.id.kind(), why);
  d.person(said, a.reviewer(), a.reason());
  d.settles(c.waiting);
  d.place(row, c.decisions + 1, c.in_force);
  d.emit<workflow>(out);
  return done(subject_kind::none, said);
}

// An appeal was upheld, or the term of the measure is over: the content is as if it had never been
// sanctioned.
outcome decide(const state& s, const wire::reversal& m, const context& cx, decide_sink& out) {
  const row_no row = s.contents.find(from_wire(m.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const publication& c = s.contents[row];
  // Decided anew since: the appeal was about another decision.
  if (c.decisions != m.number() || !decision::adverse(c.verdict)) return done(subject_kind::none);
  draft d(cx, c.id, c.ref, c.id.kind(), cause::appeal);
  d.person(verdict::approve, m.by(), 0);
  d.place(row, c.decisions + 1, c.in_force);
  d.emit<workflow>(out);
  return done(subject_kind::none, verdict::approve);
}

outcome decide(const state& s, const wire::mention_label& m, const context&, decide_sink& out) {
  const row_no row = m.row();
  if (row >= s.contents.size()) return refused(subject_kind::none, refusal::unknown_subject);
  const publication& c = s.contents[row];
  // Takedown says it again when the content names the institution again.
  if (!c.has(flag_mentioned) || named_by(s, c) != from_wire(m.institution())) return done(subject_kind::none);
  const bool offline = m.offline() != 0;
  if (offline != c.has(flag_institution_offline)) {
    out.emit<workflow>(msg::label_changed(row, offline ? 1 : 0, 0, 0));
  }
  return done(subject_kind::none);
}

}  // namespace zhili::content
