// SPDX-License-Identifier: Apache-2.0
// What institutions, the platform's crawler and people at the desk ask for. Changes of facts: facts.cpp.
#include "actors/decision/follow_up.hpp"
#include "actors/product/ruling.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::product {

using decision::draft;
using partition::done;
using partition::refused;
using partition::waits;
using wire::cause;
using wire::refusal;
using wire::desk::purpose;

namespace {

/// Ten million yuan: no treatment costs as much, and every amount below fits a row's 32 bits.
constexpr std::int64_t price_fen_max = 1'000'000'000;

outcome no(refusal why, std::uint16_t field = 0) {
  return refused(subject_kind::product, why, field);
}
outcome no_page(refusal why, std::uint16_t field = 0) {
  return refused(subject_kind::none, why, field);
}

bool is_price(std::int64_t price_fen) {
  return price_fen >= 0 && price_fen <= price_fen_max;
}

/// The text that a body speaks of: what came along, else what is kept; empty where it is neither.
std::string_view text_for(const wire::hash256* hash, std::uint64_t ref, const context& cx) {
  if (hash == nullptr) return {};
  return cx.text.empty() ? cx.text_of(name_of(from_wire(*hash)), ref) : cx.text;
}

account_id named_in(const msg::submit_listing& m) {
  return m.practitioner() == nullptr ? account_id{} : from_wire(*m.practitioner());
}

/// What is wrong with the form of a listing; status none where nothing is.
outcome check_form(const msg::submit_listing& m, std::string_view text, const context& cx) {
  if (cx.account.kind() != subject_kind::institution || cx.subject.kind() != subject_kind::product) {
    return no(refusal::wrong_account);
  }
  const account_id named = named_in(m);
  if (named && named.kind() != subject_kind::practitioner) return no(refusal::out_of_range, 3);
  if (m.approval_number() != nullptr && m.approval_number()->size() > 64) return no(refusal::malformed, 4);
  if (!is_price(m.price_fen())) return no(refusal::out_of_range, 5);
  if (!is_price(m.list_price_fen())) return no(refusal::out_of_range, 6);
  if (m.text_bytes() > limits::text_bytes_max) return no(refusal::too_large, 8);
  if (text.empty()) return no(refusal::malformed, 7);
  if (m.text_bytes() != text.size()) return no(refusal::out_of_range, 8);
  if (cx.pack == nullptr) return no(refusal::not_in_this_state);
  return {wire::status::none, {}, {}, 0, {}};
}

std::uint64_t content_of(const msg::submit_listing& m) {
  const account_id named = named_in(m);
  const std::uint64_t rest[6] = {named.hi,
                                 named.lo,
                                 m.item(),
                                 static_cast<std::uint64_t>(m.list_price_fen()),
                                 m.minors_audience(),
                                 m.consultation()};
  return xxh3_64(std::as_bytes(std::span{rest}), xxh3_64(as_bytes_view(text_of(m.approval_number()))));
}

/// The row as the submission makes it.
listing with(const msg::submit_listing& m, const listing* before, const context& cx) {
  listing l = before == nullptr ? listing{} : *before;
  const credentials::approval number = read_number(text_of(m.approval_number()), cx.event_time);
  l.id = cx.subject;
  l.text = name_of(from_wire(*m.text_hash()));
  l.ref = m.ref();
  l.content = content_of(m);
  l.price_fen = static_cast<std::uint32_t>(m.price_fen());
  l.list_price_fen = static_cast<std::uint32_t>(m.list_price_fen());
  l.item = m.item();
  l.flags = static_cast<std::uint8_t>(
      (m.consultation() ? flag_consultation : 0) | (m.minors_audience() ? flag_minors : 0));
  l.approval_kind = number.kind;
  l.approval_form = approval_form_of(number);
  return l;
}

bool same_content(const listing& a, const listing& b) {
  return a.content == b.content && a.text == b.text && a.price_fen == b.price_fen;
}

void record(
    const listing& l, const wire::hash256& text, account_id institution, account_id practitioner, row_no row, bool must_wait,
    decide_sink& out) {
  out.emit<workflow>(msg::listing_recorded(
      to_wire(l.id), to_wire(institution), to_wire(practitioner), text, l.ref, l.content, row,
      l.price_fen, l.list_price_fen, l.item, static_cast<std::uint8_t>(l.approval_kind), l.approval_form,
      l.flags, must_wait ? std::uint8_t{1} : std::uint8_t{0}, 0, 0));
}

/// Asks onboarding for a practitioner, unless that was done already.
void request(const state& s, account_id practitioner, row_no known, decide_sink& out) {
  if (known != no_row && s.practitioners[known].pending != 0) return;
  const row_no row = known == no_row ? s.practitioners.size() : known;
  out.emit<workflow>(msg::fact_requested(to_wire(practitioner), row, 0));
}

/// The row of a subject of this account; no_row, and why, where there is none.
row_no own_row(const state& s, const context& cx, refusal& why) {
  const row_no row = s.listings.find(cx.subject);
  if (row == no_row) {
    why = refusal::unknown_subject;
  } else if (s.owner_of(s.listings[row]) != cx.account) {
    why = refusal::not_yours;
    return no_row;
  }
  return row;
}

/// What a person said; who 0: nobody did, a term is over.
struct word {
  zhili::verdict verdict{};
  std::uint64_t who = 0;
  std::uint16_t reason = 0;
};

/// A listing has no account of its own that could be suspended.
word word_of(const wire::desk_answer& m) {
  return {m.verdict() == verdict::suspend ? verdict::reject : m.verdict(), m.reviewer(), m.reason()};
}

/// Decides as a person said; but what the law forbids today nobody can approve.
outcome decide_by(
    const state& s, row_no row, const word& said, cause why, const context& cx, decide_sink& out) {
  const listing& l = s.listings[row];
  const facts_at_hand facts = facts_of(s, l);
  const context own = on_behalf(facts.institution->id, cx);
  draft d(own, l.id, l.ref, subject_kind::product, why);
  if (said.who != 0) d.person(said.verdict, said.who, said.reason);
  if (d.verdict() != verdict::reject) hard_gates(l, facts, own, d);
  return done(subject_kind::none, conclude(d, &l, row, out).verdict);
}

}  // namespace

outcome decide(const state& s, const msg::submit_listing& m, const context& cx, decide_sink& out) {
  const std::string_view text = text_for(m.text_hash(), m.ref(), cx);
  if (const outcome wrong = check_form(m, text, cx); wrong.status == wire::status::refused) return wrong;
  const row_no found = s.listings.find(cx.subject);
  const listing* before = found == no_row ? nullptr : &s.listings[found];
  if (before != nullptr && s.owner_of(*before) != cx.account) return no(refusal::not_yours);
  const row_no row = before == nullptr ? s.listings.size() : found;
  const listing next = with(m, before, cx);

  if (before != nullptr && same_content(*before, next)) {
    const bool answered = before->mode == mode::judged || before->mode == mode::at_desk;
    // A person's word stands until the listing changes; the program's until a fact or the pack does.
    const bool stands = before->has(flag_by_person) || judged_with(*before, facts_of(s, *before), cx);
    if (answered && stands) {
      return done(subject_kind::product, before->mode == mode::at_desk ? verdict::escalate : before->verdict);
    }
  }
  if (before != nullptr && (before->waiting == waiting_max || before->decisions == decisions_max)) {
    return no(refusal::not_in_this_state);
  }
  if (before != nullptr) drop_task(*before, row, out);

  const account_id named = named_in(m);
  const row_no who = named ? s.practitioners.find(named) : no_row;
  const bool must_wait = named && (who == no_row || s.practitioners[who].answered == 0);
  record(next, *m.text_hash(), cx.account, named, row, must_wait, out);
  if (must_wait) {
    request(s, named, who, out);
    return waits(subject_kind::product);
  }
  // Nothing is known of an institution that onboarding has never spoken of: it is not admitted.
  institution_copy unheard_of;
  unheard_of.id = cx.account;
  const row_no where = s.institutions.find(cx.account);
  const facts_at_hand facts{
      s.packs, s.counts, where == no_row ? &unheard_of : &s.institutions[where], named ? &s.practitioners[who] : nullptr};
  draft d(cx, cx.subject, m.ref(), subject_kind::product, cause::submission);
  judge(next, facts, {.first = true}, text, cx, d);
  return conclude(d, before, row, out);
}

outcome decide(const state& s, const msg::withdraw_listing&, const context& cx, decide_sink& out) {
  refusal why{};
  const row_no row = own_row(s, cx, why);
  if (row == no_row) return no(why);
  const listing& l = s.listings[row];
  if (l.mode == mode::withdrawn) return no(refusal::not_in_this_state);
  drop_task(l, row, out);
  if (l.waiting > 0) {
    // Nobody judges what was taken back: a decision without verdict settles it.
    const wire::decision_head head(
        to_wire(l.id), l.ref, cx.pack_tag, 0, cx.event_time.ms, 0, row, l.decisions + 1,
        subject_kind::product, verdict::none, cause::submission, l.verdict, l.waiting, 0, 0, 0);
    out.emit<workflow, wire::decided>(wire::Createdecided(out.builder(), &head));
  }
  out.emit<workflow>(msg::listing_withdrawn(row));
  return done(subject_kind::product);
}

// Not a listing that somebody submits: it counts under no kind of subject.
outcome decide(const state& s, const msg::page_seen& m, const context& cx, decide_sink& out) {
  refusal why{};
  const row_no row = own_row(s, cx, why);
  if (row == no_row) return no_page(why);
  if (m.text_hash() == nullptr) return no_page(refusal::malformed, 3);
  if (!is_price(m.price_fen())) return no_page(refusal::out_of_range, 5);
  const listing& l = s.listings[row];
  // While a change is being judged the page still shows what was approved before it.
  if (l.mode != mode::judged || !l.live()) return done(subject_kind::none, l.verdict);
  const text_name seen = name_of(from_wire(*m.text_hash()));
  const auto price = static_cast<std::uint32_t>(m.price_fen());
  if (seen == l.text && price == l.price_fen) return done(subject_kind::none, l.verdict);
  const std::string_view text = text_for(m.text_hash(), m.ref(), cx);
  if (text.empty()) return no_page(refusal::malformed, 3);
  if (m.text_bytes() != text.size()) return no_page(refusal::out_of_range, 4);

  out.emit<workflow>(msg::page_recorded(*m.text_hash(), row, price));
  listing shown = l;
  shown.text = seen;
  shown.price_fen = price;
  const facts_at_hand facts = facts_of(s, l);
  // The page goes by the handle under which the platform shows it now.
  draft d(cx, l.id, m.ref(), subject_kind::product, cause::inspection);
  judge(shown, facts, {.standing = false, .page_changed = true}, text, cx, d);
  const outcome answer = conclude(d, &l, row, out);
  return done(subject_kind::none, answer.verdict);
}

outcome decide(const state& s, const wire::desk_answer& m, const context& cx, decide_sink& out) {
  const row_no row = s.listings.find(from_wire(m.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const listing& l = s.listings[row];
  const word said = word_of(m);
  const auto what = static_cast<purpose>(m.purpose());
  if (what == purpose::submission) {
    // Changed, withdrawn or judged again while the task lay at the desk: the newer stands.
    const bool asked = decision::asks_about(from_wire(m.task()), l.id, what, l.decisions);
    if (l.mode != mode::at_desk || !asked) return done(subject_kind::none);
    return decide_by(s, row, said, cause::desk, cx, out);
  }
  // Appeals are takedown's, re-audits onboarding's.
  if (what != purpose::second_look && what != purpose::inspection) return done(subject_kind::none);
  if (l.mode != mode::judged || l.verdict == said.verdict) return done(subject_kind::none);
  // Read before the listing was changed: it says nothing of what is shown now.
  if (!decision::asks_about(from_wire(m.task()), l.id, what, l.decisions, l.on_content)) return done(subject_kind::none);
  return decide_by(s, row, said, what == purpose::inspection ? cause::inspection : cause::quality, cx, out);
}

// An appeal was upheld, or the term of a measure is over (then nobody is named).
outcome decide(const state& s, const wire::reversal& m, const context& cx, decide_sink& out) {
  const row_no row = s.listings.find(from_wire(m.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const listing& l = s.listings[row];
  // A newer decision stands, or a change is being judged: nothing is left of what was fought.
  if (l.mode != mode::judged || l.decisions != m.number() || !decision::adverse(l.verdict)) {
    return done(subject_kind::none);
  }
  const cause why = m.by() == 0 ? cause::timer : cause::appeal;
  return decide_by(s, row, {verdict::approve, m.by(), 0}, why, cx, out);
}

}  // namespace zhili::product
