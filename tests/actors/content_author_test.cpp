// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

TEST_SUITE("actors/content") {
  TEST_CASE("judges by the author's band") {
    struct row {
      std::uint8_t band;
      verdict v;
    };
    for (const row& r : {row{0, verdict::approve}, row{1, verdict::label}, row{2, verdict::demote}}) {
      content_stage s{author, by_words};
      s.when(message(band(r.band, 9)));
      CHECK(s.state().authors.size() == (r.band == 0 ? 0 : 1));
      s.when(published({})).then(r.v);
      const auto* facts = s.decision_event().facts();
      REQUIRE((facts == nullptr ? 0 : facts->size()) == (r.band == 0 ? 0 : 1));
      if (r.band != 0) CHECK(facts->Get(0)->version() == 9);
      // Somebody else is not touched.
      s.when(published({}, diary("theirs")).to(user_in(shard_of(author)))).then(verdict::approve);
    }
  }

  TEST_CASE("a band that rises demotes what the author has published, and one that falls frees it") {
    content_stage s{author, by_words};
    s.when(published({}, diary("first")));
    s.when(published({.text = "保证有效"}, diary("unlawful"))).then(verdict::reject);
    s.when(published({}, diary("withdrawn")));
    s.when(taken_back(diary("withdrawn")));
    s.when(published({}, diary("theirs")).to(user_in(shard_of(author))));
    s.when(message(band(2)));
    s.then_events(some<msg::band_noted>{}, some<wire::decided>{});
    CHECK(s.decision().cause() == cause::risk);
    CHECK(row_of(s, diary("first")).verdict == verdict::demote);
    CHECK(row_of(s, diary("theirs")).verdict == verdict::approve);
    CHECK(s.sent<impose>().size() == 1);
    s.when(message(band(2, 2))).then_nothing();
    s.when(message(band(0, 3)));
    CHECK(row_of(s, diary("first")).verdict == verdict::approve);
    CHECK(row_of(s, diary("unlawful")).verdict == verdict::reject);
    CHECK(s.sent<lift>().size() == 1);
    CHECK(s.state().band_versions.empty());
  }

  TEST_CASE("an ad needs a certificate that looks like one") {
    struct row {
      const char* what;
      content_form form;
      verdict v;
    };
    const row table[] = {
        {"reviewed", fair_ad(), verdict::approve},
        {"for Chinese medicine",
         {.institution = clinic, .certificate = "(京)中医广【2021】第03-15-02号"},
         verdict::approve},
        {"names nobody and shows none", {}, verdict::approve},
        {"names the clinic and shows none", {.institution = clinic}, verdict::escalate},
        {"a drug's number",
         {.institution = clinic, .certificate = "津药广审(文)第250101-00001号"},
         verdict::reject},
        {"no such province",
         {.institution = clinic, .certificate = "(华)医广【2021】第01-10-07号"},
         verdict::reject},
        {"of a year to come",
         {.institution = clinic, .certificate = "(沪)医广【2022】第01-10-07号"},
         verdict::reject},
        {"before minors",
         {.institution = clinic, .certificate = good_certificate, .minors = true},
         verdict::reject},
        {"for minors, as it says",
         {.institution = clinic, .certificate = good_certificate, .audience = msg::ad_audience::minors},
         verdict::reject},
        {"in a medium for minors",
         {.institution = clinic, .certificate = good_certificate, .placement = msg::ad_placement::for_minors},
         verdict::reject},
        {"for students, in a live room",
         {.institution = clinic,
          .certificate = good_certificate,
          .placement = msg::ad_placement::live_room,
          .audience = msg::ad_audience::students},
         verdict::demote},
        {"by its words",
         {.institution = clinic, .text = "保证有效", .certificate = good_certificate},
         verdict::reject},
    };
    for (const row& r : table) {
      CAPTURE(r.what);
      content_stage s{clinic, by_words};
      s.when(message(status_of(clinic, standing::admitted)));
      s.when(published(r.form, ad()));
      CHECK(s.outcome().status == (r.v == verdict::escalate ? wire::status::waiting : wire::status::decided));
      CHECK(s.decision().verdict() == r.v);
      CHECK(s.gates().empty());
      CHECK(shown(s, ad()) == (r.v == verdict::approve || r.v == verdict::demote));
      s.when(published(r.form, ad())).then_nothing();
      CHECK(s.state().contents[0].placement() == r.form.placement);
      CHECK(s.state().contents[0].audience() == r.form.audience);
    }
  }

  TEST_CASE("rejects an ad of an institution that is not admitted") {
    for (const standing now :
         {standing::unknown, standing::applied, standing::checking, standing::suspended, standing::closed}) {
      content_stage s{clinic, by_words};
      if (now != standing::unknown) s.when(message(status_of(clinic, now, 4)));
      s.when(published(fair_ad(), ad())).then(verdict::reject);
      CHECK(s.gates() == gates_found{gate::institution_not_admitted});
      const auto* facts = s.decision_event().facts();
      CHECK((facts == nullptr ? 0 : facts->Get(0)->version()) == (now == standing::unknown ? 0 : 4));
      // A user may write about whom they like.
      s.when(published({.institution = clinic}).to(user_in(shard_of(clinic)))).then(verdict::approve);
    }
  }

  TEST_CASE("what is shown of an institution follows its standing without a decision") {
    content_stage s{clinic, by_words};
    s.when(message(status_of(clinic, standing::admitted, 1)));
    s.when(published(fair_ad(), ad())).then(verdict::approve);
    s.when(message(status_of(clinic, standing::suspended, 2)));
    s.then_events(some<msg::status_noted>{});
    CHECK(s.sent().empty());
    CHECK(!shown(s, ad()));
    s.when(message(status_of(clinic, standing::admitted, 1))).then_nothing();
    CHECK(!shown(s, ad()));
    s.when(message(status_of(clinic, standing::admitted, 3)));
    CHECK(shown(s, ad()));
    CHECK(row_of(s, ad()).decisions == 1);
  }
}

}  // namespace zhili::content::tests
