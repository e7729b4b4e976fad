// SPDX-License-Identifier: Apache-2.0
// What a patrol reads: an institution's ads, users' contents that name it, and pages as they look now.
#include "actors/content/judge.hpp"

namespace zhili::content {

using decision::draft;
using partition::done;
using partition::refused;
using wire::cause;
using wire::gate;
using wire::refusal;

namespace {

// The same visit draws the same ads whoever asks.
bool drawn(subject_id ad, std::uint32_t visit, std::uint16_t per_mille) {
  const std::uint64_t word[2] = {ad.lo, visit};
  return xxh3_64(std::as_bytes(std::span{word})) % 1000 < per_mille;
}

}  // namespace

outcome decide(const state& s, const wire::inspect& m, const context& cx, decide_sink& out) {
  const row_no owner = s.institutions.find(cx.account);
  const row_no account = s.authors.find(cx.account);
  if (owner == no_row || account == no_row) return done(subject_kind::none);
  // An offline institution shows no ad. Judging them now would take what its return must give back.
  if (s.institutions[owner].standing != wire::standing::admitted) return done(subject_kind::none);
  for (row_no n = s.authors[account].newest; n != no_row; n = s.contents[n].older) {
    const publication& c = s.contents[n];
    if (c.id.kind() != subject_kind::ad || !live(c)) continue;
    verdict now = c.verdict;
    if (judged_long_ago(s, c, cx))
      now = judge_again(s, n, facts_of(s, c), cause::inspection, m.visit(), cx, out).verdict;
    if (stands(now) && drawn(c.id, m.visit(), m.sample_per_mille()))
      out.emit<workflow>(msg::page_asked(n, m.visit()));
  }
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::inspect_one& m, const context& cx, decide_sink& out) {
  const row_no row = m.row();
  if (row >= s.contents.size()) return refused(subject_kind::none, refusal::unknown_subject);
  const publication& c = s.contents[row];
  // It may name somebody else by now.
  const bool names = c.institution != no_row && s.institutions[c.institution].id == from_wire(m.institution());
  if (!live(c) || !names) return done(subject_kind::none);
  second_judgement now{c.verdict};
  if (judged_long_ago(s, c, cx))
    now = judge_again(s, row, facts_of(s, c), cause::inspection, m.visit(), cx, out);
  if (stands(now.verdict) && !now.person_asked) out.emit<workflow>(msg::reading_asked(row, m.visit()));
  return done(subject_kind::none, now.verdict);
}

// Not a content that somebody submits: it counts under no kind of subject. Fields are numbered as in
// page_seen.
outcome decide(const state& s, const msg::page_seen& m, const context& cx, decide_sink& out) {
  const auto no = [](refusal why, std::uint16_t field = 0) {
    return refused(subject_kind::none, why, field);
  };
  const row_no row = s.contents.find(cx.subject);
  if (row == no_row) return no(refusal::unknown_subject);
  const publication& c = s.contents[row];
  if (s.authors[c.author].id != cx.account) return no(refusal::not_yours);
  if (m.text_bytes() > limits::text_bytes_max) return no(refusal::too_large, 4);
  if (m.text_bytes() > 0 && m.text_hash() == nullptr) return no(refusal::malformed, 3);
  if (m.text_bytes() == 0 || !live(c)) return done(subject_kind::none, c.verdict);
  const text_name seen = name_of(from_wire(*m.text_hash()));
  if (seen == c.text) return done(subject_kind::none, c.verdict);
  const std::string_view text = cx.text.empty() ? cx.text_of(seen, m.ref()) : cx.text;
  if (text.size() != m.text_bytes()) return no(refusal::malformed, 3);

  const context own = on_behalf(cx.account, cx);
  // The page goes by the handle under which the platform shows it now.
  draft d(own, c.id, m.ref(), c.id.kind(), cause::inspection);
  // Nobody has reviewed this text (广告法 art. 46 wants an ad reviewed before it runs): a person looks before
  // it is shown again, however harmless it reads.
  d.gate(gate::page_changed, verdict::escalate);
  judge(s, facts_of(s, c), text, false, own, d);
  out.emit<workflow>(msg::page_noted(*m.text_hash(), row, m.visit()));
  d.place(row, c.decisions + 1, c.in_force);
  d.emit<workflow>(out);
  return done(subject_kind::none, d.verdict());
}

outcome decide(const state& s, const wire::institution_status& f, const context&, decide_sink& out) {
  const row_no row = s.institutions.find(from_wire(f.institution()));
  if (row != no_row && s.institutions[row].version >= f.version()) return done(subject_kind::none);
  out.emit<workflow>(msg::status_noted(f.institution(), f.version(), f.standing(), 0, 0));
  return done(subject_kind::none);
}

}  // namespace zhili::content
