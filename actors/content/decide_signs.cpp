// SPDX-License-Identifier: Apache-2.0
// Signs that no review shows by itself: bursts, texts that several authors share, the author's risk band.
#include <algorithm>

#include "actors/content/burst.hpp"
#include "actors/content/judge.hpp"

namespace zhili::content {

namespace setting = fields::content::setting;
using partition::done;
using partition::refused;
using wire::cause;
using wire::refusal;

namespace {

// What partitions say to each other nobody submits.
outcome not_from_outside() {
  return refused(subject_kind::none, refusal::unknown_type);
}

std::uint32_t burst_window_hours(const policy::pack& pack) {
  const std::int64_t window = pack.setting(setting::burst_window);
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>((window + 3'599'999) / 3'600'000, 1, burst_window_hours_max));
}

void note_signs(const state& s, row_no row, case_facts facts, const context& cx, decide_sink& out) {
  out.emit<workflow>(msg::signs_noted(
      row, static_cast<std::uint16_t>(std::min<std::uint32_t>(facts.burst, 0xffff)),
      static_cast<std::uint8_t>(std::min<std::uint32_t>(facts.shared_authors, 0xff)), 0));
  judge_again(s, row, facts, cause::signal, 0, cx, out);
}

}  // namespace

outcome decide(const state& s, const msg::tally_due&, const context& cx, decide_sink& out) {
  if (cx.origin != wire::origin::timer) return not_from_outside();
  for (const pending_tally& t : s.pending) {
    out.emit<workflow>(msg::tally_made(to_wire(s.institutions[t.institution].id), t.hour, t.count));
  }
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::hour_tally& m, const context& cx, decide_sink& out) {
  if (cx.origin != wire::origin::message) return not_from_outside();
  const subject_id institution = from_wire(m.institution());
  if (institution != cx.account || m.shard() >= shard_count)
    return refused(subject_kind::none, refusal::out_of_range);
  out.emit<workflow>(msg::tally_kept(m.institution(), m.hour(), m.count(), m.shard(), 0, 0, 0));

  const row_no row = s.institutions.find(institution);
  const auto kept = row == no_row ? s.by_hour.end() : s.by_hour.find(row);
  const std::span<const arrivals> known =
      kept == s.by_hour.end() ? std::span<const arrivals>{} : kept->second;
  const burst b = burst_around(
      m.hour(), m.count(), known, burst_window_hours(*cx.pack),
      static_cast<std::uint32_t>(cx.pack->setting(setting::burst_threshold)));
  if (b.count == 0) return done(subject_kind::none);
  std::uint64_t shards = std::uint64_t{1} << m.shard();
  for (const arrivals& a : known) {
    if (a.told == 0 && a.hour >= b.from && a.hour <= b.to) shards |= std::uint64_t{1} << a.shard;
  }
  out.emit<workflow>(msg::burst_noticed(m.institution(), shards, b.from, b.to, b.count, 0));
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::burst_found& m, const context& cx, decide_sink& out) {
  if (cx.origin != wire::origin::message) return not_from_outside();
  const row_no institution = s.institutions.find(from_wire(m.institution()));
  if (institution == no_row) return done(subject_kind::none);
  for (const row_no row : s.recent) {
    const publication& c = s.contents[row];
    const review& r = s.reviews[c.detail];
    if (c.institution != institution || r.hour < m.from() || r.hour > m.to() || r.burst >= m.count())
      continue;
    case_facts facts = facts_of(s, c);
    facts.burst = m.count();
    note_signs(s, row, facts, cx, out);
  }
  return done(subject_kind::none);
}

outcome decide(const state& s, const msg::text_shared& m, const context& cx, decide_sink& out) {
  if (cx.origin != wire::origin::message) return not_from_outside();
  const row_no row = s.contents.find(from_wire(m.subject()));
  if (row == no_row) return refused(subject_kind::none, refusal::unknown_subject);
  const publication& c = s.contents[row];
  if (c.id.kind() != subject_kind::review) return done(subject_kind::none);
  if (s.reviews[c.detail].shared_authors >= m.authors()) return done(subject_kind::none);
  // The review may say something else by now.
  const std::string_view text = c.text == text_name{} ? std::string_view{} : cx.text_of(c.text, c.ref);
  if (text.empty() || fingerprint_of(text, *cx.pack, cx.work->scratch) != from_wire(m.fingerprint()))
    return done(subject_kind::none);
  case_facts facts = facts_of(s, c);
  facts.shared_authors = m.authors();
  note_signs(s, row, facts, cx, out);
  return done(subject_kind::none);
}

// A high user index demotes and labels what the user has published, a fall frees it.
outcome decide(const state& s, const wire::band_changed& f, const context& cx, decide_sink& out) {
  const subject_kind kind = cx.account.kind();
  if (kind != subject_kind::user && kind != subject_kind::institution) return done(subject_kind::none);
  const row_no row = s.authors.find(cx.account);
  if ((row == no_row ? 0 : s.authors[row].band) == f.band()) return done(subject_kind::none);
  out.emit<workflow>(msg::band_noted(to_wire(cx.account), f.version(), f.band(), 0, 0));
  if (row == no_row) return done(subject_kind::none);
  for (row_no n = s.authors[row].newest; n != no_row; n = s.contents[n].older) {
    case_facts facts = facts_of(s, s.contents[n]);
    facts.band = f.band();
    facts.band_version = f.version();
    judge_again(s, n, facts, cause::risk, 0, cx, out);
  }
  return done(subject_kind::none);
}

}  // namespace zhili::content
