// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/content_form.hpp"

namespace zhili::content::tests {

namespace {

/// What takedown was told, as 1 and 0 in order.
std::string told(const content_stage& s) {
  std::string list;
  for (const auto& m : s.sent<mentioned>()) list += m->live() != 0 ? '1' : '0';
  return list;
}

}  // namespace

TEST_SUITE("actors/content") {
  TEST_CASE("tells a named institution once, when the content goes live") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic})).then(verdict::approve);
    REQUIRE(told(s) == "1");
    CHECK(s.sent()[0].account == clinic);
    CHECK(s.sent()[0].to == partition_id{workflow_numbers::takedown, shard_of(clinic)});
    const auto m = s.sent<mentioned>()[0];
    CHECK(from_wire(m->institution()) == clinic);
    CHECK(from_wire(m->content()) == diary());
    CHECK(from_wire(m->author()) == author);
    CHECK(m->ref() == 77);
    CHECK(m->row() == 0);
    s.when(published({.institution = clinic}));
    CHECK(told(s).empty());
    s.when(published({.institution = clinic, .text = "神奇的效果"})).then(verdict::label);
    CHECK(told(s).empty());
  }

  TEST_CASE("tells of every way in which a content goes and comes back") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic, .text = "内部渠道拿药"})).then(wire::status::waiting);
    CHECK(told(s).empty());
    s.when(message(answer(s, verdict::approve)));
    CHECK(told(s) == "1");
    s.when(published({.institution = clinic, .text = "保证有效"})).then(verdict::reject);
    CHECK(told(s) == "0");
    s.when(message(upheld(s)));
    CHECK(told(s) == "1");
    s.when(taken_back());
    CHECK(told(s) == "0");
    s.when(published({.institution = clinic, .text = "保证有效"})).then(verdict::reject);
    CHECK(told(s).empty());
    s.when(published({.institution = clinic})).then(verdict::approve);
    CHECK(told(s) == "1");
  }

  TEST_CASE("tells the old and the new institution when an edit names another one") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}));
    s.when(published({.institution = other_clinic})).then(verdict::approve);
    const auto list = s.sent<mentioned>();
    REQUIRE(told(s) == "01");
    CHECK(from_wire(list[0]->institution()) == clinic);
    CHECK(from_wire(list[1]->institution()) == other_clinic);
    s.when(published({}));
    REQUIRE(told(s) == "0");
    CHECK(from_wire(s.sent<mentioned>()[0]->institution()) == other_clinic);
    s.when(taken_back());
    CHECK(told(s).empty());
  }

  TEST_CASE("an ad mentions another institution, never its own") {
    content_stage s{clinic, by_words};
    s.when(message(status_of(clinic, standing::admitted)));
    s.when(published(fair_ad(clinic), ad())).then(verdict::approve);
    CHECK(told(s).empty());
    s.when(published(fair_ad(other_clinic), ad("compares"))).then(verdict::approve);
    CHECK(told(s) == "1");
  }

  TEST_CASE("labels a content while its institution is offline, and decides nothing") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}));
    const publication before = row_of(s);
    s.when(message(label(s, true)));
    s.then_events(msg::label_changed(0, 1, 0, 0));
    CHECK(s.sent().empty());
    CHECK(row_of(s).has(flag_institution_offline));
    CHECK(s.state().labelled() == 1);
    CHECK(shown(s));
    CHECK(row_of(s).verdict == verdict::approve);
    s.when(message(label(s, true))).then_nothing();
    s.when(message(label(s, false)));
    CHECK(s.state().labelled() == 0);
    CHECK(row_of(s).flags == before.flags);
    CHECK(row_of(s).decisions == before.decisions);
  }

  TEST_CASE("heeds a label only for what is live and names that institution") {
    content_stage s{author, by_words};
    s.when(message(label(s, true))).then(refusal::unknown_subject);
    s.when(published({.institution = clinic}));
    s.when(message(label(s, true, diary(), other_clinic))).then_nothing();
    s.when(published({.institution = clinic, .text = "保证有效"})).then(verdict::reject);
    s.when(message(label(s, true))).then_nothing();
    s.when(published({.text = "恢复得不错"})).then(verdict::approve);
    s.when(message(label(s, true))).then_nothing();
  }

  TEST_CASE("a label ends with the mention: takedown says it again when the content is back") {
    content_stage s{author, by_words};
    s.when(published({.institution = clinic}));
    s.when(message(label(s, true)));
    s.when(published({.institution = clinic, .text = "顶级医生"})).then(verdict::demote);
    CHECK(s.state().labelled() == 1);
    s.when(published({.institution = clinic, .text = "保证有效"})).then(verdict::reject);
    CHECK(!row_of(s).has(flag_institution_offline));
    s.when(message(upheld(s)));
    CHECK(told(s) == "1");
    CHECK(s.state().labelled() == 0);
  }
}

}  // namespace zhili::content::tests
