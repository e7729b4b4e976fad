// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/content/workflow.hpp"
#include "actors/decision/counts.hpp"

namespace zhili::content {

namespace {

// An ad names its own institution to nobody.
bool names_somebody(const state& s, const publication& c) {
  return c.institution != no_row &&
         (c.id.kind() != subject_kind::ad || s.institutions[c.institution].id != s.authors[c.author].id);
}

void settle_mention(const state& s, publication& c) {
  const bool now = live(c) && names_somebody(s, c);
  c.set(flag_mention_changed, now != c.has(flag_mentioned));
  c.set(flag_mentioned, now);
  // Takedown tells only of live mentions; what it said before is void.
  if (!now) c.set(flag_institution_offline, false);
}

void add_publication(state& s, const msg::content_recorded& e) {
  publication fresh{};
  fresh.id = from_wire(e.subject());
  fresh.author = s.authors.find_or_add(from_wire(e.author()));
  author& a = s.authors[fresh.author];
  fresh.older = a.newest;
  a.newest = e.row();
  if (fresh.id.kind() == subject_kind::review) {
    fresh.detail = static_cast<std::uint32_t>(s.reviews.size());
    s.reviews.push_back({});
    s.reviews.back().hour = e.at_s() / 3600;
  }
  s.contents.add(fresh);
}

std::uint32_t version_used(const wire::decided& e, std::uint16_t fact) {
  if (e.facts() == nullptr) return 0;
  for (const wire::fact_version* f : *e.facts()) {
    if (f->fact() == fact) return f->version();
  }
  return 0;
}

}  // namespace

void apply(state& s, const wire::decided& e) {
  const wire::decision_head& head = *e.head();
  publication& c = s.contents[head.row()];
  c.set(flag_task_stale, c.verdict == verdict::escalate && head.decided_by() == 0);
  c.set(flag_by_person, head.decided_by() != 0);
  c.waiting = static_cast<std::uint8_t>(c.waiting - head.settles());
  c.decisions = head.number() & decisions_max;
  // Taken back while it waited: what was in force before stays so.
  if (head.verdict() == verdict::none) {
    c.verdict = c.in_force;
    return;
  }
  c.verdict = head.verdict();
  c.pack = s.packs.of(static_cast<std::uint32_t>(head.pack()));
  if (c.on_text < 0xff) ++c.on_text;
  if (c.verdict != verdict::escalate) {
    c.in_force = c.verdict;
  } else if (head.cause() == wire::cause::submission) {
    ++c.waiting;
  }
  if (c.id.kind() == subject_kind::ad) c.set_judged_version(version_used(e, shared_type<wire::institution_status>()));
  settle_mention(s, c);
}

void apply(state& s, const msg::content_recorded& e) {
  if (e.row() == s.contents.size()) add_publication(s, e);
  const subject_id named = from_wire(e.institution());
  const row_no institution = named ? s.institutions.find_or_add(named) : no_row;
  publication& c = s.contents[e.row()];
  const bool same_institution = c.institution == institution;
  c.text = name_of(from_wire(e.text_hash()));
  c.ref = e.ref();
  c.institution = institution;
  c.on_text = 0;
  c.set(flag_withdrawn, false);
  if (c.id.kind() == subject_kind::review) {
    review& r = s.reviews[c.detail];
    r.at_s = e.at_s();
    r.order_at_s = e.order_at_s();
    r.stars = e.stars();
    r.shared_authors = 0;
    if (!same_institution) r.burst = 0;
  } else if (c.id.kind() == subject_kind::ad) {
    c.set(flag_minors_audience, e.minors_audience() != 0);
    c.set_flags((c.flags & ~certificate_mask) | e.ad_certificate() << certificate_shift);
  }
}

void apply(state& s, const msg::details_noted& e) {
  publication& c = s.contents[e.row()];
  if (c.id.kind() == subject_kind::ad) c.declare(e.placement(), e.audience());
  if (e.recognised() == msg::recognition::none) {
    s.recognised_parts.erase(e.row());
  } else {
    s.recognised_parts[e.row()] = {e.recognised(), e.confidence()};
  }
}

void apply(state& s, const msg::review_noted& e) {
  if (e.counted() == 0) return;
  const publication& c = s.contents[e.row()];
  const std::uint32_t hour = s.reviews[c.detail].hour;
  s.recent.push_back(e.row());
  while (s.reviews[s.contents[s.recent.front()].detail].hour + burst_hours_kept < hour) s.recent.pop_front();
  const auto same = std::find_if(s.pending.begin(), s.pending.end(), [&](const pending_tally& t) {
    return t.institution == c.institution && t.hour == hour;
  });
  if (same != s.pending.end()) {
    ++same->count;
  } else {
    s.pending.push_back({c.institution, hour, 1});
  }
}

void apply(state& s, const msg::signs_noted& e) {
  review& r = s.reviews[s.contents[e.row()].detail];
  r.burst = e.burst();
  r.shared_authors = e.shared_authors();
}

void apply(state& s, const msg::looked_again& e) {
  publication& c = s.contents[e.row()];
  c.pack = s.packs.of(e.pack());
  if (c.id.kind() == subject_kind::ad) c.set_judged_version(e.version());
}

void apply(state&, const msg::reading_asked&) {}
void apply(state&, const msg::page_asked&) {}

void apply(state& s, const msg::page_noted& e) {
  publication& c = s.contents[e.row()];
  c.text = name_of(from_wire(e.text_hash()));
  c.on_text = 0;
}

void apply(state& s, const msg::withdrawn& e) {
  publication& c = s.contents[e.row()];
  c.set(flag_withdrawn, true);
  settle_mention(s, c);
}

void apply(state& s, const msg::mention_dropped& e) {
  publication& c = s.contents[e.row()];
  c.set(flag_mentioned, false);
  c.set(flag_institution_offline, false);
}

void apply(state& s, const msg::label_changed& e) {
  s.contents[e.row()].set(flag_institution_offline, e.offline() != 0);
}

void apply(state& s, const msg::band_noted& e) {
  const row_no row = s.authors.find_or_add(from_wire(e.author()));
  s.authors[row].band = e.band();
  if (e.band() == 0) {
    s.band_versions.erase(row);
  } else {
    s.band_versions[row] = e.version();
  }
}

void apply(state& s, const msg::status_noted& e) {
  institution& i = s.institutions[s.institutions.find_or_add(from_wire(e.institution()))];
  i.version = e.version();
  i.standing = e.standing();
}

void apply(state& s, const msg::tally_made& e) {
  const row_no row = s.institutions.find(from_wire(e.institution()));
  std::erase_if(
      s.pending, [&](const pending_tally& t) { return t.institution == row && t.hour == e.hour(); });
}

void apply(state& s, const msg::tally_kept& e) {
  auto& hours = s.by_hour[s.institutions.find_or_add(from_wire(e.institution()))];
  const auto same = std::find_if(hours.begin(), hours.end(), [&](const arrivals& a) {
    return a.hour == e.hour() && a.shard == e.shard();
  });
  arrivals& a = same != hours.end() ? *same : hours.emplace_back(arrivals{e.hour(), 0, e.shard(), 0});
  a.count = static_cast<std::uint16_t>(std::min<std::uint32_t>(a.count + e.count(), 0xffff));
  a.told = 0;
  std::uint32_t newest = 0;
  for (const arrivals& each : hours) newest = std::max(newest, each.hour);
  std::erase_if(hours, [&](const arrivals& each) { return each.hour + burst_hours_kept < newest; });
}

void apply(state& s, const msg::burst_noticed& e) {
  for (arrivals& a : s.by_hour[s.institutions.find(from_wire(e.institution()))]) {
    if (a.hour >= e.from() && a.hour <= e.to() && (e.shards() >> a.shard & 1) != 0) a.told = 1;
  }
}

void apply(state& s, const wire::count_noted& e) {
  decision::apply_to(s.counts, e);
}

}  // namespace zhili::content
