// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/plan.hpp"
#include "actors/inspection/workflow.hpp"
#include "policy/fields/inspection.hpp"

namespace zhili::inspection {

namespace setting = fields::inspection::setting;
using partition::done;
using partition::refused;
using wire::refusal;

namespace {

// Plans are made before the day begins to be busy, a minute apart, so that 64 shards do not wake at once.
constexpr std::chrono::hours plan_hour{3};

instant next_plan_after(instant now, shard_no shard) {
  const duration into_day = plan_hour + std::chrono::minutes{shard};
  const instant today = start_of_china_day(china_day(now)) + into_day;
  return today > now ? today : start_of_china_day(china_day(now) + 1) + into_day;
}

std::int32_t days(const policy::pack& pack, std::uint16_t which) {
  return static_cast<std::int32_t>(pack.setting(which));
}

intervals intervals_of(const policy::pack& pack) {
  return {{days(pack, setting::interval_days_tier_a), days(pack, setting::interval_days_tier_b),
           days(pack, setting::interval_days_tier_c)}};
}

void visit(const state& s, const place& at, std::int32_t today, std::uint16_t per_mille, decide_sink& out) {
  const institution& i = s.institutions[at.row];
  out.emit<workflow>(msg::visited(
      to_wire(i.id), at.row, i.visits + 1, today, today - i.since, per_mille, static_cast<std::uint8_t>(i.tier()),
      at.bound < today ? std::uint8_t{1} : std::uint8_t{0}, 0));
}

}  // namespace

outcome decide(const state& s, const msg::plan_day& c, const context& cx, decide_sink& out) {
  if (c.due() != s.next_plan) return done(subject_kind::none);
  const policy::pack& pack = *cx.pack;
  const auto sample = static_cast<std::uint16_t>(pack.setting(setting::content_sample_per_mille));
  const std::int32_t capacity = days(pack, setting::visits_per_day);
  const std::int32_t today = china_day(cx.now);

  const std::vector<place> stalest_first = schedule(s, intervals_of(pack));
  const day_plan planned = plan(stalest_first, today, capacity);
  std::uint32_t late = 0;
  for (std::size_t n = 0; n < planned.visits; ++n) {
    if (stalest_first[n].bound < today) ++late;
    visit(s, stalest_first[n], today, sample, out);
  }
  const auto live = static_cast<std::uint32_t>(stalest_first.size());
  const auto visits = static_cast<std::uint32_t>(planned.visits);
  const std::uint32_t room = static_cast<std::uint32_t>(capacity);
  out.emit<workflow>(msg::day_planned(
      today, live, static_cast<std::uint32_t>(planned.due), visits, late, visits > room ? visits - room : 0));
  if (live > 0) out.emit<workflow>(msg::patrol_set(next_plan_after(cx.now, cx.self.shard).ms));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::institution_status& f, const context& cx, decide_sink& out) {
  const row_no found = s.institutions.find(from_wire(f.institution()));
  const bool known = found != no_row;
  if (known && f.version() <= s.institutions[found].status_version) return done(subject_kind::none);
  const bool was_live = known && s.institutions[found].live != 0;
  const bool live = f.standing() == wire::standing::admitted;
  if (live == was_live) return done(subject_kind::none);
  if (!live) {
    out.emit<workflow>(msg::unscheduled(f.institution(), found, f.version()));
    return done(subject_kind::none);
  }
  const row_no row = known ? found : s.institutions.size();
  out.emit<workflow>(msg::scheduled(f.institution(), row, china_day(cx.now), f.version(), 0));
  if (s.next_plan == 0) out.emit<workflow>(msg::patrol_set(next_plan_after(cx.now, cx.self.shard).ms));
  return done(subject_kind::none);
}

outcome decide(const state& s, const wire::band_changed& f, const context& cx, decide_sink& out) {
  // Users have bands too.
  if (cx.account.kind() != subject_kind::institution) return done(subject_kind::none);
  if (f.band() > 2) return refused(subject_kind::none, refusal::out_of_range);
  const row_no found = s.institutions.find(cx.account);
  if (found != no_row && f.version() <= s.institutions[found].band_version) return done(subject_kind::none);
  const row_no row = found == no_row ? s.institutions.size() : found;
  const std::int32_t today = china_day(cx.now);
  std::int32_t visit_by = 0;
  if (found != no_row && s.institutions[found].live != 0) {
    const institution& i = s.institutions[found];
    const tier after = tier_of(f.band(), i.raised);
    if (after > i.tier()) visit_by = visit_by_after(i, after, today, intervals_of(*cx.pack));
  }
  out.emit<workflow>(
      msg::band_noted(to_wire(cx.account), row, today, f.version(), f.band(), 0, 0, visit_by, 0));
  return done(subject_kind::none);
}

}  // namespace zhili::inspection
