// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/policy/expressions.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/expression");

TEST_CASE("compares by type and joins as CEL does") {
  slots f;
  f.set_money(product::slot::price, fen{990});
  f.set_int(product::slot::level, 2);
  f.set_int(product::slot::level_max, 1);
  f.set_bool(product::slot::consultation, false);
  f.set_enum(product::slot::approval, product::approval::wrong_kind);
  struct row {
    const char* when;
    outcome expected;
  };
  const row rows[] = {
      {"price < 10元", outcome::yes},
      {"price < 9.9元", outcome::no},
      {"price <= 9.9元", outcome::yes},
      {"price == 9.90元", outcome::yes},
      {"0.1万元 > price", outcome::yes},
      {"price >= -1元", outcome::yes},
      {"level > level_max", outcome::yes},
      {"level != 2", outcome::no},
      {"level == -2", outcome::no},
      {"level in [1, 2, 3]", outcome::yes},
      {"level in [1, 3]", outcome::no},
      {"price in [9.9元, 1元]", outcome::yes},
      {"!consultation", outcome::yes},
      {"!!consultation", outcome::no},
      {"consultation == false", outcome::yes},
      {"approval == \"wrong_kind\"", outcome::yes},
      {"\"good\" != approval", outcome::yes},
      {"approval in [\"malformed\", \"wrong_kind\"]", outcome::yes},
      {"approval in [\"good\"]", outcome::no},
      {"true", outcome::yes},
      // && binds tighter than ||
      {"true || false && false", outcome::yes},
      {"(true || false) && false", outcome::no},
      {"!(level > 1 && price < 1元) && level > 0", outcome::yes},
      {"hits(absolutes) > 0", outcome::no},
      {"hits(absolutes) == 0", outcome::yes},
      {"has(price) && !has(reference_price)", outcome::yes},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    CHECK(eval(r.when, listing, f) == r.expected);
  }
  CHECK(eval("hits(toxic) >= 2 && hits(absolutes) < hits(toxic)", listing, f, {}, {1, 2}) == outcome::yes);
}

TEST_CASE("compares texts, spans and dates") {
  slots f;
  f.set_text(onboarding::slot::category, "D216");
  CHECK(eval("category == \"D216\"", institution, f) == outcome::yes);
  CHECK(eval("category in ['A529', 'D154']", institution, f) == outcome::no);
  CHECK(eval("category in ['A529', 'D216']", institution, f) == outcome::yes);
  CHECK(eval("category > \"D21\" && category < \"E\"", institution, f) == outcome::yes);
  CHECK(eval("category != 'a \\'quoted\\' text'", institution, f) == outcome::yes);
  CHECK(eval("2021-07-18 < 2021-11-02", institution, f) == outcome::yes);
  slots r;
  r.set_duration(content::slot::order_to_review, std::chrono::minutes{59});
  CHECK(eval("order_to_review < 1h", review, r) == outcome::yes);
  CHECK(eval("order_to_review < 59m", review, r) == outcome::no);
  CHECK(eval("order_to_review in [3540s]", review, r) == outcome::yes);
}

TEST_CASE("a missing fact is an error that && and || absorb on either side") {
  const slots none;
  slots some;
  some.set_int(product::slot::level, 1);
  struct row {
    const char* when;
    outcome expected;
  };
  const row rows[] = {
      {"price > 1元", outcome::error},
      {"!(price > 1元)", outcome::error},
      {"price in [1元]", outcome::error},
      {"price > 1元 && level == 2", outcome::no},
      {"level == 2 && price > 1元", outcome::no},
      {"price > 1元 && level == 1", outcome::error},
      {"price > 1元 || level == 1", outcome::yes},
      {"level == 1 || price > 1元", outcome::yes},
      {"price > 1元 || level == 2", outcome::error},
      {"level == 2 || price > 1元", outcome::error},
      {"has(price) && price > 1元", outcome::no},
      {"!has(price) || price > 1元", outcome::yes},
      {"has(level)", outcome::yes},
      {"(price > 1元 || level == 1) && (consultation || level == 1)", outcome::yes},
      {"approval == \"none\" && level == 1", outcome::error},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    CHECK(eval(r.when, listing, some) == r.expected);
  }
  CHECK(eval("category == \"D216\"", institution, none) == outcome::error);
  CHECK(eval("category in [\"D216\"]", institution, none) == outcome::error);
  CHECK(eval("category == \"D216\" || true", institution, none) == outcome::yes);
}

TEST_CASE("calculates, chooses and goes over lists with the types of the fields") {
  slots f;
  f.set_money(product::slot::price, fen{990});
  f.set_money(product::slot::reference_price, fen{10000});
  f.set_int(product::slot::level, 2);
  f.set_bool(product::slot::consultation, false);
  f.set_enum(product::slot::approval, product::approval::wrong_kind);
  struct row {
    const char* when;
    outcome expected;
  };
  const row rows[] = {
      {"price * 10 < reference_price", outcome::yes},
      {"reference_price - price == 90.1元", outcome::yes},
      {"reference_price / 4 in [25元, 30元]", outcome::yes},
      {"level + 1 > 2 && level % 2 == 0", outcome::yes},
      {"consultation ? price == 0元 : price > 0元", outcome::yes},
      {"(level > 1 ? 1元 : 2元) == 1元", outcome::yes},
      {"[1元, 9.9元].exists(p, p == price)", outcome::yes},
      {"level in [level_max, 2]", outcome::error},
      {"level in []", outcome::no},
      {"level in [1, level]", outcome::yes},
      {"string(level) == \"2\" && size(string(price)) == 5", outcome::yes},
      {"approval in [\"good\", string(level)]", outcome::no},
      {"{\"a\": 1}.a == level - 1", outcome::yes},
      {"text.contains(\"一元\") && size(text) == 4", outcome::yes},
      {"text.matches(\"[一二]元\")", outcome::yes},
      {"normalised(text) == \"1元体验\"", outcome::yes},
      {"level * 9223372036854775807 > 0", outcome::error},
      {"level * 9223372036854775807 > 0 || true", outcome::yes},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    CHECK(eval(r.when, listing, f, {}, {0, 0}, "一元体驗") == r.expected);
  }
  slots r;
  CHECK(eval("order_to_review + 30m >= 1h", review, r) == outcome::error);
  r.set_duration(content::slot::order_to_review, std::chrono::minutes{30});
  CHECK(eval("order_to_review + 30m == 1h", review, r) == outcome::yes);
  CHECK(eval("order_to_review in [30m, verified_order ? 1h : 2h]", review, r) == outcome::error);
  CHECK(eval("order_to_review in [30m, true ? 1h : 2h]", review, r) == outcome::yes);
  CHECK(eval("order_to_review.getMinutes() == 30", review, r) == outcome::yes);
}

TEST_CASE("scope_allows() and licence_valid() say what the facts of their stage say together") {
  slots f;
  CHECK(eval("scope_allows()", listing, f) == outcome::error);
  f.set_bool(product::slot::scope_matches, true);
  f.set_bool(product::slot::department_licensed, true);
  f.set_int(product::slot::level, 2);
  f.set_int(product::slot::level_max, 2);
  CHECK(eval("scope_allows()", listing, f) == outcome::yes);
  f.set_int(product::slot::level, 3);
  CHECK(eval("!scope_allows()", listing, f) == outcome::yes);
  slots i;
  i.set_int(onboarding::slot::licence_days_left, -1);
  CHECK(eval("licence_valid()", institution, i) == outcome::no);
  CHECK(
      first_error("licence_valid()", listing) ==
      "0: licence_valid() asks facts that are at onboarding.institution, onboarding.practitioner alone");
}

TEST_CASE("parts under let are computed in the order that they need, errors and all") {
  slots f;
  f.set_int(product::slot::level, 2);
  const lets parts = {{"late", "cheap || high"}, {"high", "level > 1"}, {"cheap", "price < 10元"}};
  CHECK(eval("late", listing, f, parts) == outcome::yes);
  CHECK(eval("cheap", listing, f, parts) == outcome::error);
  CHECK(eval("!cheap && !high", listing, f, parts) == outcome::no);
  f.set_money(product::slot::price, fen{100});
  CHECK(eval("cheap && high", listing, f, parts) == outcome::yes);
  CHECK(eval("kind == \"good\"", listing, f, {{"kind", "approval"}}) == outcome::error);
  f.set_enum(product::slot::approval, product::approval::good);
  CHECK(eval("kind == \"good\"", listing, f, {{"kind", "approval"}}) == outcome::yes);
}

TEST_CASE("refuses circles, double names and too many parts under let") {
  CHECK(
      build("a", listing, {{"a", "b || level > 1"}, {"b", "a"}}).errors ==
      std::vector<std::string>{"b+0: 'b' leans on 'a', which leans on it: no circles"});
  CHECK(
      build("a", listing, {{"a", "a"}}).errors ==
      std::vector<std::string>{"a+0: 'a' leans on 'a', which leans on it: no circles"});
  CHECK(
      build("price > 1元", listing, {{"price", "true"}}).errors[0] ==
      "price+0: 'price' is a field already: choose another name");
  lets many;
  for (int i = 0; i < 25; ++i) many.emplace_back("p" + std::to_string(i), "true");
  CHECK(
      build("p0", listing, many).errors == std::vector<std::string>{"p24+0: more than 24 parts under 'let'"});
}

TEST_CASE("names type errors at their place, with what would be right") {
  struct row {
    const char* when;
    const char* error;
  };
  const row rows[] = {
      {"hits(absolutes)",
       "0: hits(absolutes) is a number, a condition is true or false; did you mean 'hits(absolutes) > 0'?"},
      {"!hits(toxic)",
       "1: hits(toxic) is a number, and '!' turns true and false; did you mean 'hits(toxic) > 0'?"},
      {"level > 1 && hits(toxic)",
       "13: hits(toxic) is a number, and '&&' joins conditions; did you mean 'hits(toxic) > 0'?"},
      {"price", "0: 'price' is an amount of money such as 9.9元, a condition is true or false: compare it"},
      {"level || true", "0: 'level' is a number, and '||' joins conditions: compare it"},
      {"price < 10",
       "8: an amount of money such as 9.9元 cannot be compared with a number: write an amount such as 10元 "
       "or 9.9元"},
      {"10 > price",
       "0: an amount of money such as 9.9元 cannot be compared with a number: write an amount such as 10元 "
       "or 9.9元"},
      {"level == \"2\"", "9: a number cannot be compared with a text in quotes: write a number"},
      {"price == level", "9: an amount of money such as 9.9元 cannot be compared with a number"},
      {"consultation == 1", "16: true or false cannot be compared with a number: write true or false"},
      {"consultation < true", "13: true or false has no order: only == and != compare it"},
      {"approval < \"good\"",
       "9: one of the field's words in quotes has no order: only == and != compare it"},
      {"approval == \"god\"", "12: unknown word \"god\"; did you mean 'good'?"},
      {"approval == good", "12: a word stands in quotes; did you mean \"good\"?"},
      {"approval in [\"malfromed\"]", "13: unknown word \"malfromed\"; did you mean 'malformed'?"},
      {"approval == practitioner_admitted",
       "12: these two fields have different words and cannot be compared"},
      {"level in [1, 2元]",
       "13: an amount of money such as 9.9元 in a list that is compared with a number: write a number"},
      {"pirce < 1元", "0: unknown field 'pirce'; did you mean 'price'?"},
      {"售价 < 1元", "0: unknown field '售价'; did you mean 'price' (售价)?"},
      {"absolutes > 0", "0: unknown field 'absolutes'; a lexicon's hits are counted by hits(absolutes)"},
      {"hits(absolute) > 0", "5: the pack has no lexicon of category 'absolute'; did you mean 'absolutes'?"},
      {"hit(toxic) > 0", "0: unknown function 'hit'; did you mean 'hits'?"},
      {"has(pirce)", "4: unknown field 'pirce'; did you mean 'price'?"},
      {"price + 1 > 2元", "6: '+' does not work on an amount of money such as 9.9元 and a number"},
      {"consultation ? 1 : 2元",
       "19: both sides of ':' must be of one type: a number and an amount of money such as 9.9元"},
      {"contains(text, \"a\")", "0: 'contains' is not called like this; did you mean text.contains(…)?"},
      {"price.contains(\"a\")",
       "6: contains() takes a text in quotes, and not an amount of money such as 9.9元, a text in quotes"},
      {"text.contain(\"a\")", "5: unknown function 'contain'; did you mean 'contains'?"},
      {"text.matches(\"(\")", "13: the pattern cannot be read: missing ): ("},
      {"text.matches(text)", "13: the pattern of matches() stands here as a text in quotes"},
      {"price.all(x, true)", "6: all goes over a list, and this is an amount of money such as 9.9元"},
      {"[1, 2].exists(x, x > 1元)",
       "21: a number cannot be compared with an amount of money such as 9.9元: write a number"},
      {"[1].exists(level, level > 0)", "11: 'level' has a meaning already: choose another name"},
      {"-consultation", "0: '-' turns a number, an amount or a span, and not true or false"},
      {"price.x == 1", "6: an amount of money such as 9.9元 has no member 'x'"},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    CHECK(first_error(r.when, listing) == r.error);
  }
}

TEST_CASE("a field must be known at every stage that the rule matches, hits at every stage with a text") {
  CHECK(
      first_error("stars < 3", at_stage("content", {"ad", "review", "diary"})) ==
      "0: field 'stars' is not known at diary, ad; it is at review");
  CHECK(first_error("stars < 3", review).empty());
  CHECK(first_error("hits(toxic) > 0", institution) == "0: hits() needs a text; institution has none");
}

TEST_CASE("slips of the pen get a plain answer, and only one") {
  struct row {
    const char* when;
    const char* error;
  };
  const row rows[] = {
      {"level = 1", "6: '=' is not known; did you mean '=='?"},
      {"level ＞ 1", "6: '＞' is not known; did you mean '>'?"},
      {"level ≥ 1", "6: '≥' is not known; did you mean '>='?"},
      {"level <> 1", "6: '<>' is not known; did you mean '!='?"},
      {"（level > 1)", "0: '（' is not known; did you mean '('?"},
      {"level > 1 and consultation", "10: 'and' is not known; did you mean '&&'?"},
      {"level > 1 或 consultation", "10: '或' is not known; did you mean '||'?"},
      {"level > 1 & consultation", "10: '&' is not known; did you mean '&&'?"},
      {"not consultation", "0: 'not' is not known; did you mean '!'?"},
      {"price < 9.9", "8: 9.9 has decimals and no unit: write an amount such as 9.9元"},
      {"price < 9.999元", "8: '9.999元' is no amount: write 1元 or 9.9元"},
      {"price < 5x", "8: '5x' is no span of time: write 90s, 15m, 36h or 7d"},
      {"2021-02-30 < 2021-03-01", "0: '2021-02-30' is not a date such as 2021-07-18"},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    const compiled c = build(r.when, listing);
    REQUIRE_FALSE(c.errors.empty());
    CHECK(c.errors[0] == r.error);
  }
  CHECK(build("level = 1 and consultation", listing).errors.size() == 2);
}

TEST_CASE("refuses broken grammar at its place") {
  struct row {
    const char* when;
    const char* error;
  };
  const row rows[] = {
      {"", "0: a field, a value or '(' is missing at the end"},
      {"level >", "7: a field, a value or '(' is missing at the end"},
      {"(level > 1", "10: ')' is missing at the end"},
      {"level > 1)", "9: '&&', '||' or the end is expected before ')'"},
      {"level 1", "6: '&&', '||' or the end is expected before '1'"},
      {"1 < level < 3", "10: a comparison has two sides: write 'a < b && b < c' in place of 'a < b < c'"},
      {"level in 1", "9: 'in' looks into a list, [..], or a map, and this is a number"},
      {"level in [\"1\"]", "10: a text in quotes in a list that is compared with a number: write a number"},
      {"level in [price]", "9: an amount of money such as 9.9元 in a list that is compared with a number"},
      {"has(\"price\")", "4: a name without quotes is expected before '\"price\"'"},
      {"hits() > 0", "5: a name without quotes is expected before ')'"},
      {"consultation ? true", "19: ':' (as in a ? b : c) is missing at the end"},
      {"price * price < reference_price",
       "6: '*' does not work on an amount of money such as 9.9元 and an amount of money such as 9.9元"},
      {"category == \"D216", "12: the text that begins here has no closing \""},
      {"category == \"a\\qb\"",
       "14: after '\\' stand n, t, r, \\, \", ', x41, u4e00, 101 and the other escapes of CEL"},
      {"category == “D216”", "12: '“' is not known: texts stand in straight quotes, \"…\""},
      {"level > 1 ; true", "10: ';' is not known here"},
      {"-true", "1: only numbers, amounts and spans can be negative"},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    const compiled c = build(r.when, r.when[0] == 'c' && r.when[1] == 'a' ? institution : listing);
    REQUIRE_FALSE(c.errors.empty());
    CHECK(c.errors[0] == r.error);
  }
}

TEST_CASE("deep, long and wide expressions are refused in bounded time") {
  const std::string deep = std::string(1000, '(') + "true" + std::string(1000, ')');
  CHECK(first_error(deep, listing) == "64: nested too deeply: name a part of it under 'let'");
  CHECK(
      first_error(std::string(1000, '!') + "true", listing) ==
      "64: nested too deeply: name a part of it under 'let'");
  CHECK(
      first_error(std::string(1'000'000, '('), listing) ==
      "0: longer than 4096 bytes: name parts of it under 'let'");
  std::string wide = "level in [0";
  for (int i = 0; i < 300; ++i) wide += ",1";
  CHECK(first_error(wide + "]", listing).find("more than 256 values in a list") != std::string::npos);
  std::string chain = "true";
  for (int i = 0; i < 450; ++i) chain += "&&true";
  CHECK(first_error(chain, listing).find("too long: make two rules") != std::string::npos);
}

TEST_CASE("a condition that could take too many steps is refused before it ever runs") {
  const std::string list = "[0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9]";
  const std::string once = list + ".exists(a, a == level)";
  CHECK(first_error(once, listing).empty());
  const std::string often = list + ".exists(a, " + list + ".exists(b, " + list + ".exists(c, " + list +
                            ".exists(d, a + b + c + d == level))))";
  CHECK(first_error(often, listing).find("more than the 100000 that a rule is allowed") != std::string::npos);
}

TEST_CASE("the deepest nesting that is allowed runs on the stack that it has") {
  std::string nested = "true";
  for (int i = 0; i < 60; ++i) nested = "consultation || level == 1 && consultation == (" + nested + ")";
  slots f;
  f.set_bool(product::slot::consultation, false);
  f.set_int(product::slot::level, 1);
  // consultation == (consultation == ( ... true)), each turning the one inside: 60 times.
  CHECK(eval(nested, listing, f) == outcome::yes);
}

TEST_CASE("knows without running it that a condition on words is false without hits") {
  struct row {
    const char* when;
    std::uint64_t needs;
  };
  const row rows[] = {
      {"hits(absolutes) > 0", 1},
      {"0 < hits(toxic)", 2},
      {"hits(toxic) >= 3 && price < 1元", 2},
      {"price < 1元 && hits(toxic) != 0", 2},
      {"hits(absolutes) > 0 || hits(toxic) == 2", 3},
      {"(hits(absolutes) > 0 || hits(toxic) > 0) && hits(toxic) > 0", 2},
      {"hits(absolutes) > 0 || price < 1元", 0},
      {"hits(absolutes) >= 0", 0},
      {"hits(absolutes) < 2", 0},
      {"!(hits(absolutes) > 0)", 0},
      {"hits(absolutes) > hits(toxic)", 0},
      {"price < 1元", 0},
  };
  for (const row& r : rows) {
    CAPTURE(r.when);
    CHECK(build(r.when, listing).when.needs == r.needs);
    // What is promised holds: with no hits at all and no fact known, such a condition is false, not an error.
    if (r.needs != 0) CHECK(eval(r.when, listing, slots{}) == outcome::no);
  }
  CHECK(build("listed && level > 1", listing, {{"listed", "hits(toxic) > 0"}}).when.needs == 2);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
