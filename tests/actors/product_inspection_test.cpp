// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

using wire::standing;

const std::string plain = "tests/testkit/packs/plain";
const std::string sober = listing_form{}.text;

wire::inspect visit(std::uint32_t number, std::uint16_t per_mille) {
  return wire::inspect(to_wire(clinic), number, per_mille, 0);
}
subject_id numbered(int n) {
  return subject(subject_kind::product, "n " + std::to_string(n));
}

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("a visit judges again what was judged by another pack, once") {
    product_stage s{clinic, {.pack = plain}};
    admit(s);
    s.when(listed({.text = "保证有效"})).then(verdict::approve);
    s.when(listed({}, numbered(1))).then(verdict::approve);
    s.when(listed({.text = "神秘项目"}, numbered(2))).then(verdict::approve);
    s.when(message(visit(1, 0))).then_nothing();
    s.use_pack(pack);
    CHECK(!s.decided_anything());
    s.when(message(visit(2, 1000)));
    CHECK(row_of(s).verdict == verdict::reject);
    CHECK(s.decision().cause() == wire::cause::inspection);
    CHECK(s.events<wire::decided>().size() == 2);
    CHECK(s.events<msg::listing_checked>().size() == 1);
    // A doubt leaves it up until a person has looked; neither that nor what fell needs reading.
    CHECK(row_of(s, numbered(2)).live());
    CHECK(row_of(s, numbered(2)).mode == mode::at_desk);
    CHECK(s.effects().size() == 1);
    s.when(message(visit(3, 1000))).then_events(some<msg::page_asked>{});
    s.when(message(visit(4, 0))).then_nothing();
  }

  TEST_CASE("a visit judges again by newer facts, and passes by what is not live") {
    product_stage s{clinic};
    admit(s);
    introduce(s);
    s.when(taken_back(subject(subject_kind::product, "names the doctor first")));
    s.when(listed({.practitioner = doctor}));
    s.when(listed({.item = 9999}, numbered(1))).then(verdict::reject);
    s.when(listed({}, numbered(2)));
    s.when(taken_back(numbered(2)));
    admit(s, {.version = 2});
    s.when(message(visit(1, 1000)));
    s.then_events(some<msg::listing_checked>{}, some<msg::page_asked>{});
    s.when(message(visit(2, 0)).to(neighbour())).then_nothing();
    s.when(message(wire::inspect(to_wire(neighbour()), 1, 1000, 0)).to(neighbour())).then_nothing();
  }

  TEST_CASE("what a person approved is asked again by a new pack only") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "神秘项目"}));
    s.when(message(answer(s, verdict::label)));
    admit(s, {.version = 2});
    s.when(message(visit(1, 0))).then_events(some<msg::listing_checked>{});
    CHECK(row_of(s).verdict == verdict::label);
    SUBCASE("though not beyond the law") {
      admit(s, {.version = 3, .level_max = 0});
      CHECK(row_of(s).verdict == verdict::reject);
    }
    SUBCASE("which may see it otherwise") {
      s.use_pack(plain);
      s.when(message(visit(2, 0)));
      CHECK(row_of(s).verdict == verdict::approve);
    }
  }

  TEST_CASE("a visit asks for a drawn share of the pages, the same at every run") {
    product_stage s{clinic};
    admit(s);
    for (int n = 0; n < 400; ++n) s.when(listed({}, numbered(n)));
    const auto drawn_at = [&](std::uint32_t number) {
      s.when(message(visit(number, 250)));
      std::vector<subject_id> subjects;
      for (const asked_effect& e : s.effects()) {
        const auto& page = e.as<wire::page_requested>();
        subjects.push_back(from_wire(page.subject()));
        CHECK(e.account == clinic);
        CHECK(e.type == shared_type<wire::page_requested>());
        CHECK(e.effect == page_effect_id(subjects.back(), number));
        CHECK(page.ref() == 77);
        CHECK(page.visit() == number);
      }
      return subjects;
    };
    const auto first = drawn_at(1);
    CHECK(first.size() > 60);
    CHECK(first.size() < 140);
    CHECK(drawn_at(1) == first);
    CHECK(drawn_at(2) != first);
    s.when(message(visit(3, 1000)));
    CHECK(s.effects().size() == 400);
    s.when(message(visit(4, 0))).then_nothing();
  }

  TEST_CASE("a page that shows what was approved says nothing") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({}));
    s.when(seen(sober, 600'000)).then(verdict::approve).then_nothing();
    CHECK(s.outcome().kind == subject_kind::none);
    CHECK(s.live().books()[static_cast<std::size_t>(subject_kind::product)].submitted == 1);
  }

  TEST_CASE("a page that was changed is judged as it is now") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({}));
    struct row {
      const char* text;
      std::int64_t price_fen;
      verdict v;
    };
    const row table[] = {
        {"保证有效", 600'000, verdict::reject},
        {"网红同款", 600'000, verdict::label},
        {"神秘项目", 600'000, verdict::escalate},
        {"换了一段无害的话", 600'000, verdict::escalate},
        {sober.c_str(), 600'001, verdict::escalate}};
    int n = 0;
    for (const row& r : table) {
      CAPTURE(r.text);
      const subject_id what = numbered(++n);
      s.when(listed({}, what));
      s.when(seen(r.text, r.price_fen, what)).then(wire::status::decided);
      CHECK(s.decision().verdict() == r.v);
      CHECK(s.decision().cause() == wire::cause::inspection);
      CHECK(s.decision().ref() == shown_handle);
      CHECK(s.gates() == gates_found{gate::page_changed});
      CHECK(row_of(s, what).text == name_of(blake2b_256(as_bytes_view(r.text))));
      CHECK(s.state().waiting() == 0);
      // Submitted as it is shown, it is known already.
      s.when(listed({.price_fen = r.price_fen, .text = r.text}, what)).then_nothing();
    }
    SUBCASE("and once more as approved, it is judged and comes back") {
      s.when(listed({}, numbered(1))).then(verdict::approve);
      CHECK(s.sent<wire::takedown::lift>().size() == 1);
    }
    SUBCASE("and a person at the desk decides") {
      s.when(message(answer(s, verdict::reject, numbered(4))));
      CHECK(row_of(s, numbered(4)).verdict == verdict::reject);
    }
  }

  TEST_CASE("a page is held against the gates of today, but not against a suspension of its institution") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({}));
    admit(s, {.version = 2, .standing = standing::suspended});
    s.when(seen("网红同款", 600'000)).then(verdict::label);
    CHECK(s.gates() == gates_found{gate::page_changed});
  }

  TEST_CASE("passes by the page of what is not live or is being judged") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "保证有效"})).then(verdict::reject);
    s.when(seen(sober, 1)).then_nothing();
    s.when(listed({}, numbered(1)));
    s.when(listed({.text = "神秘项目"}, numbered(1))).then(wire::status::waiting);
    s.when(seen(sober, 600'000, numbered(1))).then_nothing();
    s.when(listed({}, numbered(2)));
    s.when(taken_back(numbered(2)));
    s.when(seen("保证有效", 1, numbered(2))).then_nothing();
  }

  TEST_CASE("refuses a page that is none") {
    product_stage s{clinic};
    admit(s);
    s.when(seen(sober, 1)).then(refusal::unknown_subject);
    s.when(listed({}));
    s.when(seen(sober, 1).to(neighbour())).then(refusal::not_yours);
    s.when(seen(sober, -1)).then(refusal::out_of_range, 5);
    s.when(submission(build<msg::page_seen>([](auto& b) {
             return msg::page_seenBuilder{b}.Finish();
           })).about(eyelids))
        .then(refusal::malformed, 3);
    const wire::hash256 nowhere(1, 2, 3, 4);
    const auto say = [&](const wire::hash256& hash, std::uint32_t bytes) {
      return submission(build<msg::page_seen>(
                            [&](auto& b) { return msg::Createpage_seen(b, 77, 1, &hash, bytes, 1); }))
          .about(eyelids);
    };
    s.when(say(nowhere, 3)).then(refusal::malformed, 3);
    s.when(say(hash_of(sober), 3)).then(refusal::out_of_range, 4);
    CHECK(s.live().books()[static_cast<std::size_t>(subject_kind::none)].refused == 6);
  }
}

}  // namespace zhili::product::tests
