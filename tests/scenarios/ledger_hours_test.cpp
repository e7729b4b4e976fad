// SPDX-License-Identifier: Apache-2.0
// Hours of harm on either side: how long what is unlawful was shown, how long what is lawful was down.
#include "tests/scenarios/ledger_book.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using enum verdict;

std::int64_t ms(duration d) { return d.count(); }

TEST_SUITE_BEGIN("scenarios/ledger");

TEST_CASE("what is unlawful is exposed from its approval until the platform says that it is down") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::hidden);
  b.decide(ref, b.begin() + hours{1}, {.verdict = approve});
  b.decide(ref, b.begin() + hours{6}, {.verdict = reject, .before = approve, .cause = wire::cause::desk});
  b.order(ref, 3, true, b.begin() + hours{6});
  SUBCASE("with an acknowledgement") {
    b.acknowledge(3, b.begin() + hours{6} + minutes{20});
    CHECK(b.close(b.begin() + hours{50}).of(subject_kind::product).exposure_ms == ms(hours{5} + minutes{20}));
  }
  SUBCASE("without one it is still shown") {
    CHECK(b.close(b.begin() + hours{50}).of(subject_kind::product).exposure_ms == ms(hours{49}));
  }
  SUBCASE("not one of a lifting") {
    b.order(ref, 3, false, b.begin() + hours{7});
    b.acknowledge(3, b.begin() + hours{7} + minutes{1});
    CHECK(b.close(b.begin() + hours{50}).of(subject_kind::product).exposure_ms == ms(hours{49}));
  }
}

TEST_CASE("what was stopped at once was never exposed") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::bait_price);
  b.decide(ref, b.begin() + hours{1}, {.verdict = reject});
  b.order(ref, 3, true, b.begin() + hours{1});
  b.acknowledge(3, b.begin() + hours{2});
  const kind_figures k = b.close(b.begin() + hours{50}).of(subject_kind::product);
  CHECK(k.exposure_ms == 0);
  CHECK(k.wrongful_ms == 0);
}

TEST_CASE("a suspended institution hides its listings and ads, not what users write") {
  struct row {
    subject_kind kind;
    wrong what;
    std::int64_t hidden_hours;
  };
  for (const row r : {row{subject_kind::product, wrong::hidden, 6}, row{subject_kind::ad, wrong::hidden, 6},
                      row{subject_kind::post, wrong::hidden, 0}, row{subject_kind::diary, wrong::hidden, 0}}) {
    CAPTURE(wire::EnumNamesubject_kind(r.kind));
    book b;
    const item_ref ref = b.find(r.kind, r.what);
    const account_id owner = b.world().owner_of(ref);
    b.decide(ref, b.begin() + hours{2}, {.verdict = approve});
    b.stand(owner, wire::standing::suspended, b.begin() + hours{4});
    b.stand(owner, wire::standing::suspended, b.begin() + hours{5});  // for one more reason
    b.stand(owner, wire::standing::admitted, b.begin() + hours{7});
    b.stand(owner, wire::standing::suspended, b.begin() + hours{17});
    CHECK(b.close(b.begin() + hours{20}).of(r.kind).exposure_ms == ms(hours{18 - r.hidden_hours}));
  }
}

TEST_CASE("a suspension of another institution, or before the item was shown, hides nothing") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::hidden);
  const account_id owner = b.world().owner_of(ref);
  b.stand(owner, wire::standing::suspended, b.begin() + hours{1});
  b.stand(owner, wire::standing::admitted, b.begin() + hours{3});
  b.decide(ref, b.begin() + hours{4}, {.verdict = approve});
  for (int n = 0; n < 2; ++n) {
    const account_id other = b.world().people().institution(static_cast<std::uint64_t>(n)).account;
    if (other != owner) b.stand(other, wire::standing::suspended, b.begin() + hours{5});
  }
  CHECK(b.close(b.begin() + hours{10}).of(subject_kind::product).exposure_ms == ms(hours{6}));
}

TEST_CASE("a page that is changed after approval is unlawful from the change on") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::none, 0, true);
  const duration after = b.world().truth_of(ref).changes_after;
  const instant shown = b.begin() + hours{1};
  const instant changed = shown + after;
  b.decide(ref, shown, {.verdict = approve});
  SUBCASE("until the patrol finds it") {
    const instant found = changed + hours{30};
    b.decide(ref, found, {.verdict = reject, .before = approve, .cause = wire::cause::inspection, .gate = wire::gate::page_changed});
    b.order(ref, 3, true, found);
    b.acknowledge(3, found + hours{1});
    const figures f = b.close(found + hours{10});
    CHECK(f.of(subject_kind::product).exposure_ms == ms(hours{31}));
    CHECK(f.of(subject_kind::product).caught == 1);
    CHECK(f.of(subject_kind::product).wrongful == 0);
    CHECK(f.inspection.changed_pages.count == 1);
    CHECK(f.inspection.wrongful == 0);
    CHECK(f.inspection.changed_pages.age_ms == ms(hours{30}));
  }
  SUBCASE("and lawful before it") {
    const instant early = changed - hours{1};
    b.decide(ref, early, {.verdict = reject, .before = approve, .cause = wire::cause::inspection});
    const figures f = b.close(early + hours{3});
    CHECK(f.of(subject_kind::product).caught == 0);
    CHECK(f.of(subject_kind::product).wrongful == 1);
    CHECK(f.inspection.wrongful == 1);
  }
  SUBCASE("or to the end") {
    CHECK(b.close(changed + hours{8}).of(subject_kind::product).exposure_ms == ms(hours{8}));
  }
  SUBCASE("which may come first") {
    CHECK(b.close(changed - duration{1}).of(subject_kind::product).exposure_ms == 0);
  }
}

TEST_CASE("what a visit left to the desk is the visit's find, as old as it was then") {
  book b;
  const item_ref ref = b.find(subject_kind::ad, wrong::none, 0, true);
  const instant changed = b.begin() + hours{1} + b.world().truth_of(ref).changes_after;
  const instant seen = changed + hours{30};
  b.decide(ref, b.begin() + hours{1}, {.verdict = approve});
  b.decide(ref, seen, {.verdict = verdict::escalate, .before = approve, .cause = wire::cause::inspection, .gate = wire::gate::page_changed});
  SUBCASE("where the desk stops it") {
    b.decide(ref, seen + hours{9}, {.verdict = reject, .before = approve, .cause = wire::cause::desk});
    const figures f = b.close(seen + hours{10});
    CHECK(f.inspection.changed_pages.count == 1);
    CHECK(f.inspection.changed_pages.age_ms == ms(hours{30}));
  }
  SUBCASE("not where it lets it pass, whatever becomes of it later") {
    b.decide(ref, seen + hours{9}, {.verdict = approve, .before = approve, .cause = wire::cause::desk});
    b.decide(ref, seen + hours{20}, {.verdict = reject, .before = approve, .cause = wire::cause::desk});
    CHECK(b.close(seen + hours{30}).inspection.changed_pages.count == 0);
  }
}

TEST_CASE("a licence that was revoked unseen is exposed until the visit, and its find is a lapse of that age") {
  book b;
  const item_ref ref = b.revoked_institution();
  const instant revoked = b.world().lapses_at(ref);
  b.decide(ref, b.begin() - hours{5}, {.verdict = approve});
  SUBCASE("found") {
    b.decide(ref, revoked + hours{40}, {.verdict = verdict::suspend, .before = approve, .cause = wire::cause::inspection, .gate = wire::gate::registry_revoked});
    b.order(ref, 3, true, revoked + hours{40});
    b.acknowledge(3, revoked + hours{41});
    const figures f = b.close(revoked + hours{90});
    CHECK(f.inspection.lapses.count == 1);
    CHECK(f.inspection.lapses.age_ms == ms(hours{40}));
    CHECK(f.of(subject_kind::institution).caught == 1);
    CHECK(f.of(subject_kind::institution).exposure_ms == ms(hours{41}));
  }
  SUBCASE("never found") {
    CHECK(b.close(revoked + hours{8}).of(subject_kind::institution).exposure_ms == ms(hours{8}));
  }
}

TEST_CASE("what the patrol finds alone has an age") {
  book b;
  const item_ref missed = b.find(subject_kind::post, wrong::text);
  b.decide(missed, b.begin() + hours{1}, {.verdict = approve});
  b.decide(missed, b.begin() + hours{25}, {.verdict = reject, .before = approve, .cause = wire::cause::inspection});
  const figures f = b.close(b.begin() + hours{26});
  CHECK(f.inspection.passed_misses.count == 1);
  CHECK(f.inspection.passed_misses.age_ms == ms(hours{24}));
  CHECK(f.of(subject_kind::post).missed == 1);
  CHECK(f.of(subject_kind::post).caught == 1);
}

TEST_CASE("what is lawful is down from the stop until the reversal") {
  book b;
  const item_ref ref = b.find(subject_kind::product, wrong::none);
  b.decide(ref, b.begin() + hours{2}, {.verdict = reject});
  SUBCASE("by an appeal") {
    b.decide(ref, b.begin() + hours{14}, {.verdict = approve, .before = reject, .cause = wire::cause::appeal});
    const kind_figures k = b.close(b.begin() + hours{50}).of(subject_kind::product);
    CHECK(k.wrongful == 1);
    CHECK(k.wrongful_ms == ms(hours{12}));
  }
  SUBCASE("by a new submission") {
    b.decide(ref.as(variant::corrected), b.begin() + hours{3}, {.verdict = approve, .before = reject});
    CHECK(b.close(b.begin() + hours{50}).of(subject_kind::product).wrongful_ms == ms(hours{1}));
  }
  SUBCASE("or to the end") {
    b.decide(ref, b.begin() + hours{4}, {.verdict = reject, .before = reject, .cause = wire::cause::quality});
    const kind_figures k = b.close(b.begin() + hours{50}).of(subject_kind::product);
    CHECK(k.wrongful == 1);
    CHECK(k.wrongful_ms == ms(hours{48}));
  }
}

TEST_CASE("hours before the beginning count on neither side") {
  book b;
  const item_ref live = b.find(subject_kind::post, wrong::text);
  const item_ref down = b.find(subject_kind::post, wrong::none);
  b.decide(live, b.begin() - hours{10}, {.verdict = approve});
  b.decide(down, b.begin() - hours{10}, {.verdict = reject});
  b.decide(down, b.begin() + hours{2}, {.verdict = approve, .before = reject, .cause = wire::cause::appeal});
  b.decide(live, b.begin() + hours{3}, {.verdict = reject, .before = approve, .cause = wire::cause::desk});
  b.order(live, 1, true, b.begin() + hours{3});
  b.acknowledge(1, b.begin() + hours{4});
  const kind_figures k = b.close(b.begin() + hours{50}).of(subject_kind::post);
  CHECK(k.exposure_ms == ms(hours{4}));
  CHECK(k.wrongful_ms == ms(hours{2}));
}

TEST_CASE("a correction ends the exposure of what it replaces") {
  book b;
  const item_ref ref = b.find(subject_kind::post, wrong::text);
  b.decide(ref, b.begin() + hours{1}, {.verdict = approve});
  b.decide(ref.as(variant::corrected), b.begin() + hours{5}, {.verdict = approve, .before = approve});
  const kind_figures k = b.close(b.begin() + hours{50}).of(subject_kind::post);
  CHECK(k.exposure_ms == ms(hours{4}));
  CHECK(k.passed == 1);
  CHECK(k.missed == 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
