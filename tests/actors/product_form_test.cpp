// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/product_form.hpp"

#include "actors/credentials/make.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::product::tests {

TEST_SUITE("actors/product") {
  TEST_CASE("refuses a listing that is not one, and names the field") {
    struct row {
      const char* what;
      listing_form form;
      refusal why;
      std::uint16_t field;
    };
    const row table[] = {
        {"an institution as practitioner", {.practitioner = clinic}, refusal::out_of_range, 3},
        {"a long number", {.number = std::string(65, '9')}, refusal::malformed, 4},
        {"a negative price", {.price_fen = -1}, refusal::out_of_range, 5},
        {"more than ten million yuan", {.price_fen = 1'000'000'001}, refusal::out_of_range, 5},
        {"a negative list price", {.list_price_fen = -1}, refusal::out_of_range, 6},
        {"a huge list price", {.list_price_fen = 1'000'000'001}, refusal::out_of_range, 6},
        {"no text", {.text = ""}, refusal::malformed, 7},
        {"a huge text", {.text = std::string(limits::text_bytes_max + 1, 'a')}, refusal::too_large, 8},
    };
    product_stage s{clinic};
    admit(s);
    for (const row& r : table) {
      CAPTURE(r.what);
      s.when(listed(r.form)).then(r.why, r.field);
    }
    s.when(listed({.price_fen = 0})).then(verdict::approve);
    CHECK(s.live().books()[static_cast<std::size_t>(subject_kind::product)].refused == std::size(table));
  }

  TEST_CASE("refuses a listing whose text nobody has") {
    product_stage s{clinic};
    s.when(submission(paper({})).about(eyelids)).then(refusal::malformed, 7);
  }

  TEST_CASE("refuses a listing that does not name its text, or another length") {
    product_stage s{clinic};
    const std::string text = listing_form{}.text;
    const auto say = [&](const wire::hash256* hash, std::uint32_t bytes) {
      const auto body = build<msg::submit_listing>(
          [&](auto& b) { return msg::Createsubmit_listing(b, 1, 5, nullptr, 0, 1, 0, hash, bytes); });
      s.when(submission(body).about(eyelids).text(text));
    };
    const wire::hash256 hash = hash_of(text);
    const auto bytes = static_cast<std::uint32_t>(text.size());
    say(nullptr, bytes);
    s.then(refusal::malformed, 7);
    say(&hash, bytes - 1);
    s.then(refusal::out_of_range, 8);
    say(&hash, bytes);
    s.then(verdict::reject);
  }

  TEST_CASE("takes a text that is kept already") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({}, subject(subject_kind::product, "another")));
    s.when(submission(paper({})).about(eyelids)).then(verdict::approve);
  }

  TEST_CASE("refuses what comes to the wrong account") {
    product_stage s{clinic};
    const account_id user = subject(subject_kind::user, "u");
    s.when(listed({}).to(user)).then(refusal::wrong_account);
    s.when(listed({}, subject(subject_kind::diary, "d"))).then(refusal::wrong_account);
    s.when(listed({})).then(verdict::reject);
    s.when(listed({.price_fen = 1}).to(neighbour())).then(refusal::not_yours);
  }

  TEST_CASE("refuses to judge without a pack") {
    product_stage s{clinic, {.pack = ""}};
    s.when(listed({})).then(refusal::not_in_this_state);
  }

  TEST_CASE("a submission cannot pass for a timer") {
    product_stage s{clinic};
    s.when(submission(flat<msg::request_overdue>{msg::request_overdue(4'000'000'000)}))
        .then(refusal::unknown_type);
  }

  TEST_CASE("answers a repeat of the same content from the row") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    introduce(s);
    const listing_form form{.practitioner = doctor, .number = "国药准字S20120037", .list_price_fen = 700'000};
    s.when(listed(form)).then(verdict::approve);
    s.when(listed(form)).then(verdict::approve).then_nothing();
    s.when(listed({.text = "保证有效"}, subject(subject_kind::product, "2"))).then(verdict::reject);
    s.when(listed({.text = "保证有效"}, subject(subject_kind::product, "2")))
        .then(verdict::reject)
        .then_nothing();

    SUBCASE("but judges whatever is changed") {
      const auto change = [&](auto&& how) {
        s.when(listed(form));
        listing_form f = form;
        how(f);
        s.when(listed(f));
        CHECK(s.decided_anything());
      };
      change([](listing_form& f) { f.item = 3; });
      change([](listing_form& f) { f.practitioner = {}; });
      change([](listing_form& f) { f.number = ""; });
      change([](listing_form& f) { f.price_fen = 1; });
      change([](listing_form& f) { f.list_price_fen = 1; });
      change([](listing_form& f) { f.text = "另一段文字"; });
      change([](listing_form& f) { f.minors = true; });
      change([](listing_form& f) { f.consultation = true; });
    }
    SUBCASE("but judges again what was judged with an older fact") {
      admit(s, {.version = 2});
      s.when(listed(form)).then(verdict::approve);
      CHECK(s.decided_anything());
      s.when(listed(form)).then_nothing();
    }
    SUBCASE("but judges again what was judged by another pack") {
      s.use_pack("tests/testkit/packs/plain");
      s.when(listed({.text = "保证有效"}, subject(subject_kind::product, "2"))).then(verdict::approve);
    }
    SUBCASE("and what lies at the desk still lies there") {
      s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
      s.when(listed({.text = "神秘项目"})).then(verdict::escalate).then_nothing();
    }
  }

  TEST_CASE("a change of a rejected listing that is approved lifts the measure") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "保证有效"})).then(verdict::reject);
    SUBCASE("at once") {
      s.when(listed({})).then(verdict::approve);
    }
    SUBCASE("or once a person has looked") {
      s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
      CHECK(s.sent<wire::takedown::lift>().empty());
      s.when(message(answer(s, verdict::approve)));
    }
    CHECK(s.decision().before() == verdict::reject);
    CHECK(s.sent<wire::takedown::lift>().size() == 1);
  }

  TEST_CASE("the pack is told every field") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    int n = 0;
    const auto told = [&](const listing_form& f) {
      s.when(listed(f, subject(subject_kind::product, "told " + std::to_string(++n))));
      return rules_found(s);
    };
    using ids = std::vector<std::string>;
    const std::string filler =
        credentials::make_device_number(3, credentials::product_origin::domestic, 2021, 13, 1);
    CHECK(told({}) == ids{"f-in-catalogue", "f-department", "f-approval-none"});
    CHECK(
        told({.price_fen = 300'000, .list_price_fen = 1'200'000}) ==
        ids{"f-in-catalogue", "f-department", "f-approval-none", "f-half-price", "f-struck-out"});
    CHECK(
        told({.item = 0, .minors = true, .consultation = true}) ==
        ids{"f-approval-none", "f-consultation", "f-minors"});
    CHECK(
        told({.item = 48, .number = filler}) ==
        ids{"f-in-catalogue", "f-above-level", "f-department", "f-approval-good", "f-needs-approval"});
    CHECK(told({.item = 8}) == ids{"f-in-catalogue", "f-department", "f-approval-none"});
    CHECK(
        told({.item = 8, .number = "国械注准1"}) ==
        ids{"f-in-catalogue", "f-department", "f-approval-malformed", "f-needs-approval"});
    CHECK(
        told({.item = 8, .number = "国药准字S20120037"}) ==
        ids{"f-in-catalogue", "f-department", "f-approval-wrong-kind", "f-needs-approval"});
    // An item that needs none: only the form of the number is told.
    CHECK(told({.number = "国药准字S20120037"}) == ids{"f-in-catalogue", "f-department", "f-approval-good"});
    CHECK(told({.number = "国药准字"}) == ids{"f-in-catalogue", "f-department", "f-approval-malformed"});

    std::uint32_t version = 0;
    const auto doctor_told = [&](certificate_form c) {
      c.version = ++version;
      if (version == 1) introduce(s, c);
      s.when(message(credentials_of(c)));
      return told({.practitioner = doctor});
    };
    CHECK(
        doctor_told({.lead = 1}) ==
        ids{"f-in-catalogue", "f-department", "f-admitted", "f-scope", "f-lead", "f-approval-none"});
    CHECK(
        doctor_told({.scopes = 0}) == ids{"f-in-catalogue", "f-department", "f-admitted", "f-approval-none"});
    CHECK(
        doctor_told({.standing = wire::standing::suspended}) ==
        ids{"f-in-catalogue", "f-department", "f-not-admitted", "f-scope", "f-approval-none"});
    CHECK(
        doctor_told({.registered_at = neighbour()}) ==
        ids{"f-in-catalogue", "f-department", "f-admission-open", "f-scope", "f-approval-none"});

    s.when(message(wire::band_changed(30, 1, 1, 0, 0)));
    CHECK(told({}) == ids{"f-in-catalogue", "f-department", "f-approval-none", "f-band"});
    SUBCASE("an older band is not taken") {
      s.when(message(wire::band_changed(0, 1, 0, 0, 0))).then_nothing();
    }
    SUBCASE("nor a user's") {
      s.when(message(wire::band_changed(99, 9, 2, 0, 0)).to(subject(subject_kind::user, "u"))).then_nothing();
    }
  }
}

}  // namespace zhili::product::tests
