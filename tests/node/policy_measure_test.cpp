// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "node/policy/measurement.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

TEST_SUITE_BEGIN("node/policy_measure");

TEST_CASE("reads labelled phrases with or without head and source") {
  const auto read = read_labelled("\xef\xbb\xbflabel\tphrase\tsource\r\nMA04\t立竿见影\t通报\r\n\n# 注\nok\t因人而异\ntalk\t好\\n疼\t\n", "f.tsv");
  REQUIRE(read);
  REQUIRE(read->size() == 3);
  CHECK((*read)[0].kind() == truth::illegal);
  CHECK((*read)[0].phrase == "立竿见影");
  CHECK((*read)[0].source == "通报");
  CHECK((*read)[1].kind() == truth::harmless);
  CHECK((*read)[1].line == 5);
  CHECK((*read)[2].kind() == truth::talk);
  CHECK((*read)[2].phrase == "好\n疼");
}

TEST_CASE("names every wrong line with its column") {
  const auto read = read_labelled("效果\tx\nMA04\nMA04\t\ts\nok\ta\tb\tc\n", "f.tsv");
  REQUIRE_FALSE(read);
  CHECK(read.error().detail ==
        "f.tsv:1:1: '效果' is no label: ok, talk, or a name such as MA04\n"
        "f.tsv:2:5: one column: right would be label TAB phrase TAB source\n"
        "f.tsv:3:6: the phrase is empty\n"
        "f.tsv:4:7: a fourth column: a tab inside a phrase is written \\t");
  CHECK_FALSE(read_labelled("label\tphrase\n", "f.tsv"));
}

TEST_CASE("Wilson intervals as in the textbook") {
  const share s = share_of(8, 10);
  CHECK(s.value == doctest::Approx(0.8));
  CHECK(s.low == doctest::Approx(0.4902).epsilon(0.001));
  CHECK(s.high == doctest::Approx(0.9433).epsilon(0.001));
  CHECK(share_of(0, 20).low == 0);
  CHECK(share_of(0, 20).high == doctest::Approx(0.1611).epsilon(0.001));
  CHECK(share_of(20, 20).high == 1);
  CHECK(share_of(0, 0).high == 0);
}

measurement measured() {
  auto pack = policy::pack::load("packs/baseline-2021");
  REQUIRE(pack);
  const auto kind = find_kind("content", **pack);
  REQUIRE(kind);
  text_judge judge{std::move(*pack), *kind, {}, *parse_instant("2021-07-18")};
  return measure(judge, *read_labelled("MA04\t立竿见影\nMA04\t不在词表里的话\nPRICE\t一元秒杀\nok\t医生提示不要轻信永不反弹\ntalk\t好疼\ntalk\t我不信根治\n", "f.tsv"));
}

TEST_CASE("counts by label, what was missed and what was touched for nothing") {
  const measurement m = measured();
  CHECK(m.by_label.at("MA04").of(verdict::reject) == 1);
  CHECK(m.by_label.at("MA04").of(verdict::approve) == 1);
  CHECK(m.by_label.at("PRICE").of(verdict::demote) == 1);
  CHECK(m.recall().part == 2);
  CHECK(m.recall().whole == 3);
  CHECK(m.decided().part == 2);
  CHECK(m.precision().part == 2);
  CHECK(m.precision().whole == 4);
  REQUIRE(m.missed.size() == 1);
  CHECK(m.missed[0].line == 2);
  REQUIRE(m.wrongful.size() == 2);
  CHECK(m.wrongful[0].rules == std::vector<std::string>{"txt-efficacy"});
}

measurement of_the_default_pack(const char* file) {
  auto pack = policy::pack::load("packs/default");
  REQUIRE(pack);
  const auto text = policy::read_file(file, labelled_bytes_max);
  REQUIRE(text);
  const auto phrases = read_labelled(*text, file);
  REQUIRE(phrases);
  const auto kind = find_kind("content", **pack);
  REQUIRE(kind);
  text_judge judge{std::move(*pack), *kind, {}, *parse_instant("2026-01-15")};
  return measure(judge, *phrases);
}

TEST_CASE("the default pack does what is asked of it on the labelled phrases, escalation being no free answer") {
  for (const char* file : {"tests/policy/data/development.tsv", "tests/policy/data/held_out.tsv"}) {
    CAPTURE(file);
    const measurement m = of_the_default_pack(file);
    const auto part = [](std::uint64_t n, const verdict_counts& of) { return share_of(n, of.all()).value; };
    CHECK(m.recall().value >= 0.85);
    CHECK(m.decided().value >= 0.60);
    CHECK(part(m.harmless.touched(), m.harmless) <= 0.10);
    CHECK(part(m.harmless.of(verdict::escalate), m.harmless) <= 0.05);
    CHECK(part(m.talk.touched(), m.talk) <= 0.01);
    CHECK(part(m.talk.of(verdict::escalate), m.talk) <= 0.003);
  }
}

TEST_CASE("escalation costs people's hours") {
  verdict_counts c;
  for (int i = 0; i < 3; ++i) c.add(verdict::approve);
  c.add(verdict::escalate);
  CHECK(c.touched() == 1);
  CHECK(c.decided() == 0);
  // A quarter of 100,000 at 36 s each.
  CHECK(reviewer_hours(c, duration{36'000}, 100'000) == doctest::Approx(250));
  CHECK(reviewer_hours({}, duration{36'000}, 100'000) == 0);
}

TEST_CASE("the report names phrases, rules and intervals, in both languages") {
  const measurement m = measured();
  const measured_what what{"f.tsv", "baseline-2021", "0123456789abcdef", "2021-07-18", "content", duration{87'000}};
  const std::string en = measurement_text(m, what, false);
  CHECK(en.find("- 2 MA04 不在词表里的话\n") != std::string::npos);
  CHECK(en.find("我不信根治 → reject: txt-efficacy") != std::string::npos);
  CHECK(en.find("recall: 66.7 % [20.8, 93.9] (2/3)") != std::string::npos);
  CHECK(measurement_text(m, what, true).find("查出率: 66.7 %") != std::string::npos);
  CHECK(measurement_json(m, what).find("\"decided_without_a_person\"") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::node
