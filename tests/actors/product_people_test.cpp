// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/product_form.hpp"

namespace zhili::product::tests {
namespace {

using wire::standing;
using wire::desk::purpose;

const subject_id other = subject(subject_kind::product, "other");

wire::reversal upheld(const product_stage& s, std::uint64_t by = 900, std::uint32_t number = 0) {
  const listing& l = row_of(s);
  return wire::reversal(to_wire(eyelids), by, 0, number == 0 ? l.decisions : number);
}

}  // namespace

TEST_SUITE("actors/product") {
  TEST_CASE("the desk's answer is the verdict") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
    CHECK(s.sent<wire::desk::open_task>()[0]->kind() == subject_kind::product);
    CHECK(s.sent()[0].account == decision::queue_account("product"));
    struct row {
      verdict said;
      verdict given;
    };
    for (const row& r :
         {row{verdict::approve, verdict::approve}, row{verdict::label, verdict::label},
          row{verdict::reject, verdict::reject}, row{verdict::suspend, verdict::reject}}) {
      product_stage again{clinic, {.pack = pack}};
      admit(again);
      again.when(listed({.text = "神秘项目"}));
      again.when(message(answer(again, r.said)));
      CHECK(again.decision().verdict() == r.given);
      CHECK(again.decision().decided_by() == 501);
      CHECK(again.decision().cause() == wire::cause::desk);
      CHECK(again.decision().settles() == 1);
      CHECK(again.state().waiting() == 0);
      again.when(listed({.text = "神秘项目"})).then(r.given).then_nothing();
      // A person's word stands, whatever changes about the institution.
      admit(again, {.version = 2});
      again.when(listed({.text = "神秘项目"})).then(r.given).then_nothing();
    }
  }

  TEST_CASE("an answer to what is no longer asked is late") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "神秘项目"}));
    const wire::desk_answer late = answer(s, verdict::approve);
    SUBCASE("the listing was corrected") {
      s.when(listed({})).then(verdict::approve);
    }
    SUBCASE("the listing was changed into another doubt") {
      s.when(listed({.text = "神秘项目，再加一项"})).then(wire::status::waiting);
      CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
      CHECK(s.sent<wire::desk::open_task>().size() == 1);
      CHECK(s.state().waiting() == 2);
    }
    SUBCASE("the listing was changed and waits for a practitioner") {
      s.when(listed({.practitioner = doctor})).then(wire::status::waiting);
      CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    }
    SUBCASE("the listing was withdrawn") {
      s.when(taken_back());
    }
    SUBCASE("it was given before") {
      s.when(message(late));
    }
    s.when(message(late)).then_nothing();
    wire::desk_answer unknown = late;
    unknown.mutable_subject() = to_wire(other);
    s.when(message(unknown)).then(refusal::unknown_subject);
  }

  TEST_CASE("a second look that agrees says nothing, one that disagrees decides") {
    product_stage s{clinic};
    admit(s);
    s.when(listed({}));
    s.when(message(answer(s, verdict::approve, eyelids, purpose::second_look))).then_nothing();
    SUBCASE("quality") {
      s.when(message(answer(s, verdict::demote, eyelids, purpose::second_look)));
      CHECK(s.decision().cause() == wire::cause::quality);
    }
    SUBCASE("inspection") {
      s.when(message(answer(s, verdict::demote, eyelids, purpose::inspection)));
      CHECK(s.decision().cause() == wire::cause::inspection);
    }
    CHECK(s.decision().verdict() == verdict::demote);
    CHECK(s.decision().before() == verdict::approve);
    CHECK(s.sent<wire::takedown::impose>().size() == 1);
    // Another workflow's questions are none of this one's.
    s.when(message(answer(s, verdict::reject, eyelids, purpose::appeal))).then_nothing();
    s.when(message(answer(s, verdict::reject, eyelids, purpose::re_audit))).then_nothing();
  }

  TEST_CASE("a second look comes too late for what is being judged anew") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({}));
    SUBCASE("at the desk") {
      s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
    }
    SUBCASE("for want of facts") {
      s.when(listed({.practitioner = doctor})).then(wire::status::waiting);
    }
    s.when(message(answer(s, verdict::reject, eyelids, purpose::second_look))).then_nothing();
    s.when(message(answer(s, verdict::reject, eyelids, purpose::inspection))).then_nothing();
  }

  TEST_CASE("an opinion on what the listing said before moves nothing of what it says now") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({}));
    SUBCASE("changed by its institution") {
      s.when(listed({.price_fen = 550'000})).then(verdict::approve);
    }
    SUBCASE("changed on the page") {
      s.when(seen("换了一段无害的话", 600'000));
      s.when(message(answer(s, verdict::approve)));
      CHECK(row_of(s).verdict == verdict::approve);
    }
    for (const purpose why : {purpose::second_look, purpose::inspection}) {
      s.when(message(answer(s, verdict::reject, eyelids, why, 1))).then_nothing();
    }
    // Another decision on the same listing does not make an answer stale.
    const std::uint32_t read = row_of(s).decisions;
    s.when(message(answer(s, verdict::label, eyelids, purpose::inspection, read)));
    CHECK(s.decision().verdict() == verdict::label);
    s.when(message(answer(s, verdict::reject, eyelids, purpose::second_look, read)));
    CHECK(s.decision().verdict() == verdict::reject);
  }

  TEST_CASE("nobody can approve what the law forbids") {
    product_stage s{clinic, {.pack = pack}};
    admit(s, {.level_max = 0});
    s.when(listed({})).then(verdict::reject);
    s.when(message(answer(s, verdict::approve, eyelids, purpose::second_look)));
    CHECK(row_of(s).verdict == verdict::reject);
    CHECK(s.gates() == gates_found{gate::item_above_level});
    admit(s, {.version = 2, .level_max = 1});
    CHECK(row_of(s).verdict == verdict::approve);
  }

  TEST_CASE("an appeal that is upheld approves again") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    introduce(s);
    s.when(listed({.practitioner = doctor, .text = "保证有效"})).then(verdict::reject);
    SUBCASE("by a person") {
      s.when(message(upheld(s)));
      CHECK(s.decision().verdict() == verdict::approve);
      CHECK(s.decision().before() == verdict::reject);
      CHECK(s.decision().cause() == wire::cause::appeal);
      CHECK(s.decision().decided_by() == 900);
      s.when(listed({.practitioner = doctor, .text = "保证有效"})).then(verdict::approve).then_nothing();
      s.when(message(upheld(s))).then_nothing();
    }
    SUBCASE("unless a gate of today forbids it") {
      s.when(message(credentials_of({.version = 2, .standing = standing::suspended})));
      s.when(message(upheld(s)));
      CHECK(s.decision().verdict() == verdict::reject);
      CHECK(s.gates() == gates_found{gate::practitioner_not_admitted});
      CHECK(s.sent<wire::takedown::impose>().size() == 1);
    }
    SUBCASE("though the institution is offline: what is shown is both") {
      admit(s, {.version = 2, .standing = standing::suspended});
      s.when(message(upheld(s)));
      CHECK(s.decision().verdict() == verdict::approve);
    }
    SUBCASE("but not against a decision that is gone") {
      s.when(listed({.practitioner = doctor, .text = "保证满意"})).then(verdict::reject);
      s.when(message(upheld(s, 900, 1))).then_nothing();
    }
    SUBCASE("nor while a change of the listing is being judged") {
      const wire::reversal old = upheld(s);
      s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
      s.when(message(old)).then_nothing();
    }
    SUBCASE("and about nothing that is known it is refused") {
      s.when(message(wire::reversal(to_wire(other), 900, 0, 1))).then(refusal::unknown_subject);
    }
  }

  TEST_CASE("a measure whose term is over frees the listing, and nobody has decided that") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "网红同款"})).then(verdict::label);
    s.when(message(upheld(s, 0)));
    CHECK(s.decision().verdict() == verdict::approve);
    CHECK(s.decision().decided_by() == 0);
    CHECK(s.decision().cause() == wire::cause::timer);
    CHECK(s.decision_event().findings() == nullptr);
  }

  TEST_CASE("a listing is withdrawn by whom it belongs to") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(taken_back()).then(refusal::unknown_subject);
    s.when(listed({.text = "保证有效"})).then(verdict::reject);
    s.when(taken_back().to(neighbour())).then(refusal::not_yours);
    s.when(taken_back()).then(wire::status::decided).then_events(some<msg::listing_withdrawn>{});
    // The measure stays: the platform must not show it again for that.
    CHECK(s.sent().empty());
    s.when(taken_back()).then(refusal::not_in_this_state);
    SUBCASE("and judged when it comes again") {
      s.when(listed({.text = "保证有效"})).then(verdict::reject);
      CHECK(s.decision().before() == verdict::reject);
      s.when(listed({})).then(verdict::approve);
      CHECK(s.sent<wire::takedown::lift>().size() == 1);
    }
    SUBCASE("and no change of facts touches it") {
      admit(s, {.version = 2, .level_max = 0});
      s.when(message(upheld(s))).then_nothing();
      CHECK(row_of(s).decisions == 1);
    }
  }

  TEST_CASE("a change that is taken back leaves the measure before it in force") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    s.when(listed({.text = "保证有效"})).then(verdict::reject);
    s.when(listed({.text = "神秘项目"})).then(wire::status::waiting);
    s.when(taken_back());
    CHECK(s.sent<wire::takedown::lift>().empty());
    CHECK(row_of(s).verdict == verdict::reject);
    s.when(listed({})).then(verdict::approve);
    CHECK(s.sent<wire::takedown::lift>().size() == 1);
  }

  TEST_CASE("what waits when it is withdrawn is settled without a verdict") {
    product_stage s{clinic, {.pack = pack}};
    admit(s);
    SUBCASE("at the desk") {
      s.when(listed({.text = "神秘项目"}));
      s.when(taken_back());
      CHECK(s.sent<wire::desk::withdraw_task>().size() == 1);
    }
    SUBCASE("for a practitioner") {
      s.when(listed({.practitioner = doctor}));
      s.when(taken_back());
      CHECK(s.sent().empty());
    }
    CHECK(s.decision().verdict() == verdict::none);
    CHECK(s.decision().settles() == 1);
    CHECK(s.state().waiting() == 0);
    CHECK(row_of(s).mode == mode::withdrawn);
    s.when(message(credentials_of({})));
    CHECK(!s.decided_anything());
    s.advance(hours{7});
    CHECK(!s.decided_anything());
  }
}

}  // namespace zhili::product::tests
