// SPDX-License-Identifier: Apache-2.0
// Ground truth and what follows from it: pure functions of scenario, seed and handle.
#include <cmath>
#include <map>
#include <set>

#include "actors/credentials/ad_certificate.hpp"
#include "actors/credentials/uscc.hpp"
#include "scenarios/world/registry.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using credentials::product_need;

constexpr std::uint64_t seed = 7;

/// `smoke`, and more of everything that is wrong with it.
scenario wicked_world() {
  scenario s = scaled(load("smoke"), 4);
  s.rogue_times = 1;
  for (const subject_kind k : submitted_kinds) {
    std::uint64_t all = 0;
    for (const wrong_share& w : s.of(k).wrongs) all += w.ppm;
    s.of(k).factor_ppm = static_cast<std::uint32_t>(600'000'000'000 / all);
  }
  s.of(subject_kind::institution).per_day.value = 300;
  s.of(subject_kind::practitioner).per_day.value = 300;
  return s;
}

const model& wicked() {
  static const model world(wicked_world(), seed);
  return world;
}

constexpr subject_kind with_text[] = {subject_kind::product, subject_kind::diary, subject_kind::post, subject_kind::ad,
                                      subject_kind::review};

/// `count` items of a kind, spread over the shards that have somebody to make them.
std::vector<item_ref> items(const model& world, subject_kind kind, std::uint64_t count) {
  std::vector<item_ref> out;
  const bool listed = kind == subject_kind::product || kind == subject_kind::ad;
  for (std::uint64_t n = 0; out.size() < count; ++n) {
    const auto shard = static_cast<shard_no>(n % shard_count);
    if (listed && world.rate(kind, shard, china_day(world.about().begin), 12) == 0) continue;
    out.push_back({kind, shard, variant::original, n / shard_count + 1});
  }
  return out;
}

std::string text_of(const model& world, item_ref ref) {
  std::string out;
  world.text(ref, out);
  return out;
}

TEST_SUITE_BEGIN("scenarios/world");

TEST_CASE("the truth of an item is the same whoever asks, and whenever") {
  const scenario s = wicked_world();
  const model first(s, seed), second(s, seed), other(s, seed + 1);
  int differ = 0;
  for (const subject_kind kind : with_text) {
    std::vector<item_ref> all = items(first, kind, 400);
    std::vector<truth> forward;
    for (const item_ref ref : all) forward.push_back(first.truth_of(ref));
    // Backwards, from another model of the same world.
    for (std::size_t n = all.size(); n-- > 0;) {
      const truth t = second.truth_of(all[n]);
      CHECK(t.wrong == forward[n].wrong);
      CHECK(t.violation == forward[n].violation);
      CHECK(t.evasion == forward[n].evasion);
      CHECK(t.lookalike == forward[n].lookalike);
      CHECK(t.changes_after == forward[n].changes_after);
      CHECK(text_of(second, all[n]) == text_of(first, all[n]));
      CHECK(second.subject_of(all[n]) == first.subject_of(all[n]));
      differ += other.truth_of(all[n]).wrong != t.wrong ? 1 : 0;
    }
  }
  CHECK(differ > 400);
}

TEST_CASE("shares come out as the scenario says") {
  const model& world = wicked();
  for (const subject_kind kind : with_text) {
    CAPTURE(wire::EnumNamesubject_kind(kind));
    constexpr std::uint64_t count = 6'000;
    std::map<wrong, std::uint64_t> seen;
    for (const item_ref ref : items(world, kind, count)) ++seen[world.truth_of(ref).wrong];
    const kind_model& k = world.about().of(kind);
    for (const wrong_share& w : k.wrongs) {
      CAPTURE(name(w.what));
      const double wanted = static_cast<double>(count) * w.ppm * k.factor_ppm / 1e12;
      // Where an institution cannot be wrong in this way it is not; else as chance has it.
      const bool may_lack = w.what == wrong::above_level || w.what == wrong::department_missing;
      CHECK(static_cast<double>(seen[w.what]) < wanted + 5 * std::sqrt(wanted));
      CHECK(static_cast<double>(seen[w.what]) > wanted * (may_lack ? 0.8 : 1) - 5 * std::sqrt(wanted));
    }
  }
}

TEST_CASE("what an author corrects is lawful, what they spell another way is not") {
  const model& world = wicked();
  std::uint64_t unlawful = 0;
  for (const subject_kind kind : with_text) {
    for (const item_ref ref : items(world, kind, 500)) {
      const truth t = world.truth_of(ref);
      const truth corrected = world.truth_of(ref.as(variant::corrected));
      CHECK_FALSE(corrected.unlawful());
      CHECK(corrected.violation == violation::none);
      CHECK_FALSE(corrected.lookalike);
      CHECK(world.subject_of(ref.as(variant::corrected)) == world.subject_of(ref));
      CHECK(world.owner_of(ref.as(variant::respelled)) == world.owner_of(ref));
      if (!t.unlawful()) continue;
      ++unlawful;
      const truth respelled = world.truth_of(ref.as(variant::respelled));
      CHECK(respelled.wrong == t.wrong);
      CHECK(respelled.violation == t.violation);
      if (t.wrong != wrong::text) continue;
      CHECK(respelled.evasion != evasion::none);
      CHECK(text_of(world, ref.as(variant::corrected)) != text_of(world, ref));
    }
  }
  CHECK(unlawful > 1000);
  // A page that is changed after approval always says something that it must not.
  for (const item_ref ref : items(world, subject_kind::product, 100)) {
    const truth t = world.truth_of(ref.as(variant::changed));
    CHECK(t.wrong == wrong::text);
    CHECK(t.violation != violation::none);
    if (!world.truth_of(ref).unlawful()) CHECK(text_of(world, ref.as(variant::changed)) != text_of(world, ref));
  }
}

/// What is wrong with a listing, from the law alone.
std::set<wrong> faults_of(const model& world, item_ref ref) {
  std::set<wrong> out;
  listing_facts l;
  world.listing(ref, l);
  const institution_profile& at = world.people().institution(l.institution);
  const credentials::item* item = credentials::find(l.item);
  const practitioner_profile* by = nullptr;
  for (const std::uint32_t n : world.people().staff_of(l.institution)) {
    if (world.people().practitioner(n).account == l.practitioner) by = &world.people().practitioner(n);
  }
  if (by == nullptr) out.insert(wrong::unadmitted_practitioner);
  if (item == nullptr) {
    out.insert(wrong::not_in_catalogue);
    return out;
  }
  if (item->level > at.level_max) out.insert(wrong::above_level);
  if ((credentials::departments_for(item->subject) & at.departments) == 0) out.insert(wrong::department_missing);
  if (by != nullptr && (credentials::scopes_for(item->subject) & by->scopes) == 0) out.insert(wrong::out_of_scope);
  const auto need = credentials::need_at(*item, world.about().begin);
  const auto fit = credentials::fits(need, credentials::read_approval(l.approval_number, 2021));
  const bool missing_is_wrong = fit == credentials::approval_fit::missing && item->number_required;
  if (fit != credentials::approval_fit::fits && (fit != credentials::approval_fit::missing || missing_is_wrong)) {
    out.insert(wrong::approval_wrong);
  }
  if (l.price_fen * 100 < item->reference_price_fen * 10) out.insert(wrong::bait_price);
  return out;
}

TEST_CASE("a listing breaks the law exactly where its truth says so") {
  const model& world = wicked();
  std::map<wrong, int> seen;
  for (const item_ref ref : items(world, subject_kind::product, 6'000)) {
    const truth t = world.truth_of(ref);
    ++seen[t.wrong];
    const std::set<wrong> faults = faults_of(world, ref);
    CAPTURE(name(t.wrong));
    CAPTURE(ref.packed());
    switch (t.wrong) {
      case wrong::none:
        // A clearance sale only looks like bait.
        CHECK(faults == (t.lookalike ? std::set{wrong::bait_price} : std::set<wrong>{}));
        break;
      case wrong::text:
      case wrong::hidden: CHECK(faults.empty()); break;
      default:
        CHECK(faults.contains(t.wrong));
        CHECK_FALSE(faults.contains(t.wrong == wrong::bait_price ? wrong::approval_wrong : wrong::bait_price));
    }
    CHECK(faults_of(world, ref.as(variant::corrected)).empty());
  }
  for (const wrong_share& w : world.about().of(subject_kind::product).wrongs) {
    CAPTURE(name(w.what));
    CHECK(seen[w.what] > 50);
  }
}

TEST_CASE("an ad lacks its certificate, or runs before minors, exactly where its truth says so") {
  const model& world = wicked();
  for (const item_ref ref : items(world, subject_kind::ad, 2'000)) {
    const truth t = world.truth_of(ref);
    content_facts c;
    world.content(ref, c);
    CHECK(bool(credentials::read_ad_certificate(c.ad_certificate, 2021)) == (t.wrong != wrong::no_certificate));
    CHECK(c.minors_audience == (t.wrong == wrong::to_minors));
    CHECK(c.institution == c.owner);
    CHECK(c.owner.kind() == subject_kind::institution);
  }
}

TEST_CASE("a review lacks its order, or comes too soon, exactly where its truth says so") {
  const model& world = wicked();
  for (const item_ref ref : items(world, subject_kind::review, 4'000)) {
    const truth t = world.truth_of(ref);
    content_facts c;
    world.content(ref, c);
    CHECK((c.order_before.count() == 0) == (t.wrong == wrong::no_order));
    const bool soon = c.order_before.count() != 0 && c.order_before < std::chrono::hours{1};
    CHECK(soon == (t.wrong == wrong::quick || t.lookalike));
    CHECK(c.stars >= 1);
    CHECK(c.stars <= 5);
    if (t.unlawful()) CHECK(c.stars == 5);
    CHECK(c.names_institution);
    CHECK(c.owner.kind() == subject_kind::user);
  }
}

TEST_CASE("the members of a ring post one text about one institution, and nobody else does") {
  const model& world = wicked();
  struct group {
    std::set<account_id> authors, institutions;
    int reviews = 0;
  };
  std::map<std::string, group> rings;
  std::set<std::string> others;
  for (const item_ref ref : items(world, subject_kind::review, 20'000)) {
    const truth t = world.truth_of(ref);
    if (t.wrong != wrong::ring) {
      others.insert(text_of(world, ref));
      continue;
    }
    content_facts c;
    world.content(ref, c);
    group& g = rings[text_of(world, ref)];
    ++g.reviews;
    g.authors.insert(c.owner);
    g.institutions.insert(c.institution);
  }
  std::size_t shared = 0, authors = 0, alone = 0;
  for (const auto& [text, g] : rings) {
    CHECK(g.institutions.size() == 1);
    CHECK_FALSE(others.contains(text));
    shared += g.reviews > 1 ? 1u : 0u;
    authors += g.authors.size();
    alone += g.authors.size() == 1 ? 1u : 0u;
  }
  REQUIRE(rings.size() > 20);
  CHECK(shared > rings.size() * 9 / 10);
  // About as many authors as the scenario says.
  const double mean = static_cast<double>(authors) / static_cast<double>(rings.size());
  CHECK(mean > world.about().ring_size / 2.0);
  CHECK(mean < world.about().ring_size * 3.0);
}

TEST_CASE("time makes unlawful what ends, is revoked or is changed") {
  const model& world = wicked();
  const instant begin = world.about().begin;
  const instant end = world.about().end;
  int ending = 0, revoked = 0, changing = 0;
  for (std::uint64_t n = 0; n < world.people().established(); ++n) {
    const item_ref ref{subject_kind::institution, world.people().institution(n).shard, variant::original, n};
    const truth t = world.truth_of(ref);
    CHECK_FALSE(t.unlawful());
    const instant ends = world.valid_to(ref);
    if (ends > begin && ends < end) {
      ++ending;
      CHECK(world.unlawful_at(ref, t, ends, never));
      if (world.people().institution(n).revoked_at == 0) {
        CHECK_FALSE(world.unlawful_at(ref, t, ends - duration{1}, never));
        CHECK_FALSE(world.unlawful_at(ref.as(variant::renewed), t, ends, never));
      }
    }
    const institution_profile& profile = world.people().institution(n);
    if (profile.revoked_at == 0 || ends <= end) continue;
    ++revoked;
    const instant at{profile.revoked_at};
    CHECK(world.lapses_at(ref) == at);
    CHECK_FALSE(world.unlawful_at(ref, t, at - duration{1}, never));
    CHECK(world.unlawful_at(ref, t, at, never));
    // The register's own page says so at once, the snapshot days later or not any more in this run.
    using entry = partition::registry::entry;
    CHECK(looked_up(world, ref, at - duration{1}) == entry::listed);
    CHECK(looked_up(world, ref, at) == entry::revoked);
    CHECK((profile.revoked_in == 0 || world.snapshot_at(profile.revoked_in) >= at));
  }
  for (const item_ref ref : items(world, subject_kind::product, 3'000)) {
    const truth t = world.truth_of(ref);
    if (t.changes_after.count() == 0) continue;
    ++changing;
    CHECK_FALSE(t.unlawful());
    CHECK_FALSE(world.unlawful_at(ref, t, end, never));
    CHECK_FALSE(world.unlawful_at(ref, t, begin + t.changes_after - duration{1}, begin));
    CHECK(world.unlawful_at(ref, t, begin + t.changes_after, begin));
  }
  CHECK(ending + revoked > 0);
  CHECK(changing > 5);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
