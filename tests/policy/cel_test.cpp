// SPDX-License-Identifier: Apache-2.0
// The language against the meaning that CEL's specification gives it, over facts without declared types.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "policy/expression/dynamic.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/cel");

// Facts that the rows below use.
struct given {
  arena memory{std::size_t{8} << 20};
  std::vector<std::string_view> names{"n", "name", "tags", "person", "a.b", "none"};
  std::vector<value> tags{text_value("新人"), text_value("夏")};
  std::vector<map_entry> person{{text_value("age"), int_value(17)}, {text_value("city"), text_value("上海")}};
  std::vector<value> values{int_value(7),      text_value("门诊部"), list_value(tags),
                            map_value(person), real_value(2.5),    value{}};
};

/// What is printed, an error as "error: …".
std::string computed(std::string_view source) {
  given g;
  workspace work{g.memory, steps_max, nullptr, nullptr};
  const value v = evaluate_cel(source, g.names, g.values, work);
  if (v.is(kind::error)) return "error: " + std::string(v.text());
  return to_json(v, 1 << 20).value_or("too large");
}

struct row {
  std::string source;
  std::string printed;
};

template <std::size_t N>
void check(const row (&rows)[N]) {
  for (const row& r : rows) {
    CAPTURE(r.source);
    const std::string got = computed(r.source);
    // "error" stands for any.
    if (r.printed == "error") {
      CHECK_MESSAGE(got.starts_with("error: "), got);
    } else {
      CHECK(got == r.printed);
    }
  }
}

TEST_CASE("literals stand for themselves") {
  const row rows[] = {
      {"0", "0"},
      {"0x1F", "31"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "error"},
      {"18446744073709551615u", "18446744073709551615"},
      {"18446744073709551616u", "error"},
      {"0xffu", "255"},
      {"1.0", "1.0"},
      {".5", "0.5"},
      {"-2.3e+1", "-23.0"},
      {"1e400", "\"Infinity\""},
      {"null", "null"},
      {"true", "true"},
      {"[]", "[]"},
      {"{}", "{}"},
      {"[1, 'a', null,]", "[1,\"a\",null]"},
      {"{'k': 1, 2: 'x', true: [], 3u: 0}", R"({"k":1,"2":"x","true":[],"3":0})"},
      {"'\\u4e2d\\x41\\101\\n'", "\"中AA\\n\""},
      {"r'\\n'", "\"\\\\n\""},
      {"'''a\n\"b'c'''", "\"a\\n\\\"b'c\""},
      {"b'\\xff\\u00ff'", "\"/8O/\""},
      {"b'abcd'", "\"YWJjZA==\""},
      {"'\\ud800'", "error"},
      {"'\\q'", "error"},
      {"'open", "error"},
      {"1 // and nothing more", "1"},
      {"int", "\"int\""},
      {"dyn", "error"},
      {"9.9元", "\"9.90元\""},
      {"1万元", "\"10000元\""},
      {"36h", "\"129600s\""},
      {"2021-07-18", "\"2021-07-18\""},
  };
  check(rows);
}

TEST_CASE("an error is absorbed by && and || on either side where the other decides, and only there") {
  const row rows[] = {
      {"1 / 0 > 0 && false", "false"},
      {"false && 1 / 0 > 0", "false"},
      {"1 / 0 > 0 || true", "true"},
      {"true || 1 / 0 > 0", "true"},
      {"1 / 0 > 0 && true", "error: divide by zero"},
      {"true && 1 / 0 > 0", "error: divide by zero"},
      {"false || 1 / 0 > 0", "error"},
      {"1 / 0 > 0 || false", "error"},
      {"'a' && false", "false"},
      {"false && 32", "false"},
      {"'a' || true", "true"},
      {"'a' && 'b'", "error"},
      {"!'a'", "error"},
      {"unknown || true", "true"},
      {"unknown && true", "error: no such fact: 'unknown'"},
      {"no_function(1) || true", "true"},
      {"no_function(1)", "error"},
      {"(2 / 0 > 3 ? false : true) || true", "true"},
  };
  check(rows);
}

TEST_CASE("a ? b : c computes one side alone") {
  const row rows[] = {
      {"true ? 1 : 1 / 0", "1"},
      {"false ? 1 / 0 : 'b'", "\"b\""},
      {"1 / 0 > 1 ? 1 : 2", "error: divide by zero"},
      {"'x' ? 1 : 2", "error"},
      {"false ? 1 : false ? 2 : 3", "3"},
      {"n > 5 ? 'many' : 'few'", "\"many\""},
  };
  check(rows);
}

TEST_CASE("whole numbers overflow into errors, doubles into infinity") {
  const row rows[] = {
      {"9223372036854775807 + 1", "error"},
      {"-9223372036854775808 - 1", "error"},
      {"9223372036854775807 * 2", "error"},
      {"-(-9223372036854775808)", "error"},
      {"-9223372036854775808 / -1", "error"},
      {"-9223372036854775808 % -1", "error"},
      {"0u - 1u", "error"},
      {"18446744073709551615u + 1u", "error"},
      {"-(5u)", "error"},
      {"7 / 2", "3"},
      {"-7 / 2", "-3"},
      {"-7 % 2", "-1"},
      {"7 % -2", "1"},
      {"5 % 0", "error: modulus by zero"},
      {"7u / 2u", "3"},
      {"1.0 / 0.0", "\"Infinity\""},
      {"-1.0 / 0.0", "\"-Infinity\""},
      {"0.0 / 0.0", "\"NaN\""},
      {"5.0 % 2.0", "error"},
      {"1 + 1.0", "error"},
      {"1 + 1u", "error"},
      {"1 + 2 * 3 - 4 / 2", "5"},
      {"--7", "7"},
      {"-9.5", "-9.5"},
      {"-'a'", "error"},
      {"-null == 1 && false", "false"},
      {"true || -3u < 0", "true"},
      {"-2021-07-18", "error"},
      {"!!true", "true"},
      {"'a' + 'b' + ''", "\"ab\""},
      {"b'a' + b'b' == b'ab'", "true"},
      {"[1] + [] + ['b']", "[1,\"b\"]"},
      {"'a' - 'b'", "error"},
  };
  check(rows);
}

TEST_CASE("equality holds across number types and is false across others; order is an error across others") {
  const row rows[] = {
      {"1 == 1.0", "true"},
      {"1u == 1", "true"},
      {"1 == '1'", "false"},
      {"null == false", "false"},
      {"9007199254740993 == 9007199254740992.0", "true"},
      {"4611686018427387905 > 4611686018427387904.0", "false"},
      {"4611686018427387905 <= 4611686018427387904.0", "true"},
      {"18446744073709551614u >= 18446744073709551616.0", "true"},
      {"4611686018427387905 == 4611686018427387904", "false"},
      {"9223372036854775807 < 9223372036854775808u", "true"},
      {"9223372036854775808u > 9223372036854775807", "true"},
      {"18446744073709551615u == -1", "false"},
      {"-1 != 18446744073709551615u", "true"},
      {"1e300 > 18446744073709551615u && -1e300 < -9223372036854775808", "true"},
      {"1 < 0.0 / 0.0 || 1 >= 0.0 / 0.0", "false"},
      {"-1 < 0u", "true"},
      {"1 < 1.5", "true"},
      {"18446744073709551615u > 9223372036854775807.0", "true"},
      {"0.0 / 0.0 == 0.0 / 0.0", "false"},
      {"0.0 / 0.0 != 0.0 / 0.0", "true"},
      {"0.0 / 0.0 < 1.0", "false"},
      {"[1, 2] == [1.0, 2u]", "true"},
      {"[1] == [1, 2]", "false"},
      {"{'a': 1} == {'a': 1.0}", "true"},
      {"{'a': 1} == {'b': 1}", "false"},
      {"false < true", "true"},
      {"'a' < 'b'", "true"},
      {"'中' > 'z'", "true"},
      {"'a' < 1", "error"},
      {"[1] < [2]", "error"},
      {"b'a' < b'b'", "true"},
      {"1 < 2 == true", "true"},
      {"type(1) == int", "true"},
      {"type(1) == type(1u)", "false"},
      {"type(type(1)) == type", "true"},
      {"1元 < 9.9元", "true"},
      {"1元 == 1", "false"},
  };
  check(rows);
}

TEST_CASE("lists and maps are indexed, asked and searched") {
  const row rows[] = {
      {"[7, 8][1]", "8"},
      {"[7, 8][2]", "error"},
      {"[7, 8][-1]", "error"},
      {"[7, 8][1.0]", "8"},
      {"[7, 8][0u]", "7"},
      {"[7][0.5]", "error: index out of range: 0.5"},
      {"[7][1.0]", "error"},
      {"[7][-1.0]", "error"},
      {"[7][0.0 / 0.0]", "error"},
      {"[7][1e300]", "error"},
      {"[7][18446744073709551615u]", "error"},
      {"{'店-名': 3}.`店-名`", "3"},
      {"{'a.b/c d': 'x'}.`a.b/c d`.startsWith('x')", "true"},
      {"has({'in': 1}.`in`) && !has({'in': 1}.`out`)", "true"},
      {"{}.``", "error"},
      {"{}.`a", "error"},
      {"{}.`a`()", "error"},
      {"`n`", "error"},
      {"{'a': 1}['a']", "1"},
      {"{'a': 1}.a", "1"},
      {"{'a': 1}.b", "error: no such key: \"b\""},
      {"{1: 'x'}[1.0]", "\"x\""},
      {"{1: 'x'}[1u]", "\"x\""},
      {"{1.5: 'x'}", "error"},
      {"{'a': 1, 'a': 2}", "error"},
      {"{1: 1, 1u: 2}", "error"},
      {"has({'a': 1}.a)", "true"},
      {"has({'a': 1}.b)", "false"},
      {"has(person.age)", "true"},
      {"has(person.name)", "false"},
      {"has(name)", "true"},
      {"has(nobody)", "false"},
      {"person.age < 18", "true"},
      {"person['city'] == '上海'", "true"},
      {"n.x", "error"},
      {"a.b", "2.5"},
      {"2 in [1, 2]", "true"},
      {"2.0 in [1, 2]", "true"},
      {"'a' in {'a': 1}", "true"},
      {"'新人' in tags", "true"},
      {"3 in []", "false"},
      {"1 in 1", "error"},
      {"has(n.x)", "error"},
      {"size([1, 2]) + size({}) + [1].size()", "3"},
  };
  check(rows);
}

TEST_CASE("all and exists absorb errors as && and || do; exists_one, map and filter do not") {
  const row rows[] = {
      {"[1, 2, 3].all(x, x > 0)", "true"},
      {"[].all(x, x > 0)", "true"},
      {"[1, 'a'].all(x, x > 1)", "false"},
      {"[3, 4, 5].all(e, 8 / (4 - e) == 8)", "false"},
      {"[0, 2].all(x, 4 / x > 1)", "error: divide by zero"},
      {"[1, 'a', 3].exists(x, x == 3)", "true"},
      {"[0, 2].exists(x, 4 / x == 2)", "true"},
      {"[0].exists(x, 4 / x == 2)", "error"},
      {"[].exists(x, true)", "false"},
      {"{'a': 1, 'b': 2}.exists(k, k == 'b')", "true"},
      {"[10, 11, 12].exists_one(x, x % 4 == 3)", "true"},
      {"[3, 11].exists_one(x, x % 4 == 3)", "false"},
      {"[4, 5, 0].exists_one(n, 20 / n > 4)", "error"},
      {"[1, 2].map(x, x * x)", "[1,4]"},
      {"[1, 2, 3].map(x, x > 1, x * 10)", "[20,30]"},
      {"[2, 0].map(x, 4 / x)", "error: divide by zero"},
      {"{1: 2, 3: 4}.map(k, k)", "[1,3]"},
      {"[1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"},
      {"[1].filter(x, 'a')", "error"},
      {"[[1, 2], [3]].map(l, l.map(x, x + size(l)))", "[[3,4],[4]]"},
      {"[1].all(n, n == 1) && n == 7", "true"},
      {"n.all(x, true)", "error"},
      {"unknown.exists(x, true) || true", "true"},
      {"[1, 2].map(x, 1, x)", "error"},
      {"[1].exists(i, x, x == 1)",
       "error: exists takes a name for the item and what to do with it: list.exists(x, …)"},
      {"[1].filter(x) || true", "true"},
  };
  check(rows);
}

TEST_CASE("texts go by code point and match by RE2") {
  const row rows[] = {
      {"size('中文abc')", "5"},
      {"size(b'中')", "3"},
      {"'中文'.contains('文')", "true"},
      {"''.contains('')", "true"},
      {"'九九价'.startsWith('九') && '九九价'.endsWith('价')", "true"},
      {"'丰胸价格'.matches('胸价')", "true"},
      {"matches('18岁', '^[0-9]+岁$')", "true"},
      {"'abc'.matches('(')", "error"},
      {"'aaéé中'.matches('a+é+中$')", "true"},
      {"1.contains('a')", "error"},
      {"'a'.contains(1)", "error"},
      {"'a'.matches(name)", "false"},
  };
  check(rows);
}

TEST_CASE("values are converted, and what does not fit is an error") {
  const row rows[] = {
      {"int(1.9)", "1"},
      {"int(-7.9)", "-7"},
      {"int(1e99)", "error"},
      {"int('601')", "601"},
      {"int('9.5')", "error"},
      {"int('+5')", "5"},
      {"int('+-5')", "error"},
      {"int('-+5')", "error"},
      {"int('')", "error"},
      {"double('+2.5')", "2.5"},
      {"double('+-2.5')", "error"},
      {"int(18446744073709551615u)", "error"},
      {"uint(-1)", "error"},
      {"uint(1e19)", "10000000000000000000"},
      {"uint('300')", "300"},
      {"double('-6.25e-12')", "-6.25e-12"},
      {"double(1)", "1.0"},
      {"double('x')", "error"},
      {"string(98.125)", "\"98.125\""},
      {"string(-7.5e-3)", "\"-0.0075\""},
      {"string(1e30)", "\"1e+30\""},
      {"string(b'\\345\\244\\217')", "\"夏\""},
      {"string(b'\\xff')", "error"},
      {"bytes('夏') == b'\\345\\244\\217'", "true"},
      {"bool('true') && !bool('f') && bool('1')", "true"},
      {"bool('yEs')", "error"},
      {"string(true)", "\"true\""},
      {"type(dyn([1, 'one']))", "\"list\""},
      {"int(true)", "error"},
      {"string([1])", "error"},
      {"int(none)", "error"},
      {"string(9.9元)", "\"9.90元\""},
  };
  check(rows);
}

TEST_CASE("points and spans of time") {
  const row rows[] = {
      {"timestamp('2021-07-18T09:30:45Z')", "\"2021-07-18T09:30:45Z\""},
      {"int(timestamp('2021-07-18T09:30:45Z'))", "1626600645"},
      {"timestamp(1626600645) == timestamp('2021-07-18T17:30:45+08:00')", "true"},
      {"string(timestamp('9999-12-31T23:59:59.999999999Z'))", "\"9999-12-31T23:59:59.999999999Z\""},
      {"duration('1h30m') == duration('5400s')", "true"},
      {"duration('1.5s')", "\"1.5s\""},
      {"duration('-1ms')", "\"-0.001s\""},
      {"duration('1x')", "error"},
      {"duration('')", "error"},
      {"duration('310000000000s')", "error"},
      {"timestamp('2021-07-18T23:00:00Z') + duration('240s')", "\"2021-07-18T23:04:00Z\""},
      {"timestamp('2021-07-18T23:31:00Z') - timestamp('2021-07-18T23:29:00Z')", "\"120s\""},
      {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "error"},
      {"timestamp('9999-12-31T23:59:59Z') + 1s", "error"},
      {"timestamp('0000-01-01T00:00:00Z')", "error"},
      {"timestamp('2021-02-30T00:00:00Z')", "error"},
      {"timestamp('2021-07-18')", "error"},
      {"duration('7300s').getHours()", "2"},
      {"duration('3730s').getMinutes()", "62"},
      {"duration('75.250s').getMilliseconds()", "250"},
      {"timestamp('2021-07-18T09:30:45Z').getMonth()", "6"},
      {"timestamp('2021-07-18T09:30:45Z').getDate()", "18"},
      {"timestamp('2021-07-18T09:30:45Z').getDayOfMonth()", "17"},
      {"timestamp('2021-07-18T09:30:45Z').getDayOfWeek()", "0"},
      {"timestamp('2021-07-18T09:30:45Z').getDayOfYear()", "198"},
      {"timestamp('2021-07-18T23:31:30.5Z').getMilliseconds()", "500"},
      {"timestamp('2021-07-18T09:30:45Z').getHours('Asia/Shanghai')", "17"},
      {"timestamp('2021-07-18T09:30:45Z').getHours('02:00')", "11"},
      {"timestamp('2021-07-18T02:00:00Z').getDayOfMonth('-02:30')", "16"},
      {"timestamp('2021-07-18T02:00:00Z').getDate('Nowhere/Place')", "error"},
      {"timestamp('1969-12-31T23:59:59Z').getSeconds()", "59"},
      {"30m + 30m == duration('1h')", "true"},
      {"2021-07-18 + 30d", "\"2021-08-17\""},
      {"2021-07-18 - 2021-07-01", "\"1468800s\""},
      {"9.9元 * 3", "\"29.70元\""},
      {"100元 / 3", "\"33.33元\""},
      {"100元 / 20元", "5"},
      {"1元 + 1", "error"},
  };
  check(rows);
}

TEST_CASE("what is not CEL is refused at its place") {
  const row rows[] = {
      {"1 +", "error: 4: a field, a value or '(' is missing at the end"},
      {"x = 1", "error: 3: '=' is not known; did you mean '=='?"},
      {"for > 1", "error: 1: 'for' is a word that CEL keeps for itself"},
      {"Message{a: 1}", "error: 8: messages 'name{…}' are not known here"},
      {"a.b.Message{}", "error: 12: messages 'name{…}' are not known here"},
      {"[1].all(1, true)", "error"},
      {"'a\nb'", "error"},
      {"[1, 2", "error"},
      {"{1}", "error"},
      {"a[", "error"},
  };
  check(rows);
}

TEST_CASE("nothing makes an evaluation long or large") {
  const std::string list = "[0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9]";
  std::string loops = "true";
  for (const char* x : {"a", "b", "c", "d", "e", "f"}) loops = list + ".all(" + x + ", " + loops + ")";
  CHECK(computed(loops) == "error: the evaluation takes too many steps");
  std::string doubled = "'0123456789'";
  for (int i = 0; i < 30; ++i) doubled = "[" + doubled + "].map(x, x + x)[0]";
  CHECK(computed(doubled).starts_with("error: "));
  std::string shared = "[1, 1, 1, 1, 1, 1, 1, 1]";
  for (int i = 0; i < 20; ++i) shared = "[" + shared + "].map(x, [x, x, x, x, x, x, x, x])[0]";
  CHECK(computed(shared).starts_with("error: "));
  CHECK(computed(shared + " == " + shared).starts_with("error: "));
  CHECK(computed(std::string(100'000, '[')).starts_with("error: 1: longer than 4096 bytes"));
  CHECK(computed(std::string(4000, '-') + "1").starts_with("error: "));
  CHECK(computed("1" + std::string(3000, '+')).starts_with("error: "));
  std::string sum = "1";
  while (sum.size() < 4000) sum += "+1";
  CHECK(computed(sum).find("too many parts hang on one another") != std::string::npos);
  CHECK(computed("'" + std::string(2000, 'a') + "'.matches('(a*)*(a*)*(a*)*b')") == "false");
  CHECK(computed("'\xff'") == "error: the expression is not UTF-8");
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
