// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "policy/encoding.hpp"
#include "policy/explain.hpp"
#include "policy/fields/content.hpp"
#include "policy/rule_tests.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/tables");

namespace content = fields::content;

std::string table(std::string_view hit, std::string_view body) {
  return "id: stars\ntitle: {zh: 题, en: title}\nlevel: medium\nreason: {zh: 因, en: reason}\n"
         "basis: [{statute: 广告法, article: \"9\", valid_from: 2015-09-01}]\nmatch: {stage: review}\nhit: " +
         std::string(hit) + "\n" + std::string(body);
}

constexpr std::string_view in_yaml =
    "columns: [stars, verified_order, 结论, 分值]\n"
    "rows:\n"
    "  - ['<= 2', 'false', escalate, 3]\n"
    "  - ['[3..4]', '-', label, 1]\n"
    "  - ['> 4', 'false', 降低展示, 5]\n";

judgement judged(const pack& p, std::int64_t stars, bool verified) {
  slots f;
  f.set_int(content::slot::stars, stars);
  f.set_bool(content::slot::verified_order, verified);
  scratch memory;
  judgement out;
  p.judge(content::stage::review, f, "", start_of_china_day(20'000), 0, memory, out);
  return out;
}

TEST_CASE("each row of a table is a rule of its own") {
  pack_on_disk disk;
  disk.write("tables/stars.yaml", table("U", std::string(in_yaml) + "otherwise: approve\n"));
  REQUIRE(disk.errors() == "");
  const auto p = *disk.load();
  CHECK(p->rule_count() == 3);
  CHECK(judged(*p, 2, false).verdict == verdict::escalate);
  CHECK(judged(*p, 2, true).verdict == verdict::approve);
  CHECK(judged(*p, 3, true).verdict == verdict::label);
  CHECK(judged(*p, 5, false).verdict == verdict::demote);
  CHECK(judged(*p, 5, false).points == 5);
  CHECK(p->find_rule("stars.r4") != nullptr);
}

TEST_CASE("a table's rows come from CSV in UTF-8, with a mark, or in GB18030") {
  const std::string utf8 =
      "评分,有核销订单,结论,理由,备注\r\n<= 2,否,转人工,\"低分，\n请看\",\r\n> 2,-,通过,,好\r\n";
  // The same in GB18030.
  const std::string gb =
      "\xc6\xc0\xb7\xd6,\xd3\xd0\xba\xcb\xcf\xfa\xb6\xa9\xb5\xa5,\xbd\xe1\xc2\xdb\r\n<= "
      "2,\xb7\xf1,\xd7\xaa\xc8\xcb\xb9\xa4\r\n";
  for (const std::string& csv : {utf8, "\xef\xbb\xbf" + utf8, gb}) {
    pack_on_disk disk;
    disk.write("tables/stars.yaml", table("U", "csv: stars.csv\notherwise: approve\n"))
        .write("tables/stars.csv", csv);
    REQUIRE(disk.errors() == "");
    const auto p = *disk.load();
    CHECK(judged(*p, 1, false).verdict == verdict::escalate);
    CHECK(judged(*p, 4, false).verdict == verdict::approve);
  }
  CHECK_FALSE(as_utf8("\xff\xff\xff").has_value());
}

TEST_CASE("F lets the first row that fires decide, C all of them") {
  const std::string rows =
      "columns: [stars, verdict, points]\nrows:\n  - ['< 4', label, 1]\n  - ['< 6', escalate, 10]\n";
  pack_on_disk first, all;
  first.write("tables/t.yaml", table("F", rows + "otherwise: approve\n"));
  all.write("tables/t.yaml", table("C", rows));
  REQUIRE(first.errors() == "");
  REQUIRE(all.errors() == "");
  CHECK(judged(**first.load(), 2, true).verdict == verdict::label);
  CHECK(judged(**first.load(), 2, true).points == 1);
  CHECK(judged(**first.load(), 5, true).points == 10);
  CHECK(judged(**all.load(), 2, true).points == 11);
  slots f;
  f.set_int(content::slot::stars, 2);
  const auto p = *first.load();
  const explanation why = explain(*p, content::stage::review, f, "", start_of_china_day(20'000), 0);
  CHECK(why.rules[0].outcome == explained_outcome::fires);
  CHECK(why.rules[1].outcome == explained_outcome::silent);
}

TEST_CASE("gaps, overlaps and rows that nothing reaches are refused") {
  pack_on_disk gap, overlap, dead;
  gap.write("tables/t.yaml", table("U", in_yaml));
  CHECK(
      gap.errors() ==
      "tables/t.yaml:1:1: no row covers stars <= 2, verified_order true: add one, or write 'otherwise: "
      "approve'");
  overlap.write(
      "tables/t.yaml", table("U", "columns: [stars, verdict]\nrows: [['<= 3', label], ['>= 3', approve]]\n"));
  CHECK(
      overlap.errors().find("A3: covers cases of row 2 too: with 'hit: U' rows exclude one another") !=
      std::string::npos);
  dead.write(
      "tables/t.yaml",
      table("F", "columns: [stars, verdict]\nrows: [['<= 3', label], ['[1..2]', demote], ['-', approve]]\n"));
  CHECK(dead.errors().find("A3: no case reaches this row") != std::string::npos);
  CHECK(dead.errors().find("A4") == std::string::npos);
}

TEST_CASE("errors name the cell") {
  pack_on_disk disk;
  disk.write("tables/stars.yaml", table("C", "csv: stars.csv\n"))
      .write(
          "tables/stars.csv",
          "stars,order_to_review,verdict,points\n<= x,< 3h,labl,1\n[5..1],< "
          "3元,label,many,more\n,,,\n-,-,,\n")
      .write("tables/lost.csv", "stars\n");
  const std::string errors = disk.errors();
  CAPTURE(errors);
  CHECK(errors.find("tables/stars.csv:2:1: A2: 'x' is not a number") != std::string::npos);
  CHECK(
      errors.find("tables/stars.csv:2:3: C2: unknown verdict 'labl'; did you mean 'label'?") !=
      std::string::npos);
  CHECK(errors.find("A3: nothing lies in '[5..1]'") != std::string::npos);
  CHECK(errors.find("B3: '3元' is no span of time") != std::string::npos);
  CHECK(errors.find("D3: 'many' is no number") != std::string::npos);
  CHECK(errors.find("E3: the first row has no name for this column") != std::string::npos);
  CHECK(errors.find("A5: the row has no verdict") != std::string::npos);
  CHECK(errors.find("tables/lost.csv: no table takes its rows from this file") != std::string::npos);
  pack_on_disk head;
  head.write("tables/t.yaml", table("C", "columns: [star, verdict]\nrows: [[1, label]]\n"));
  CHECK(
      head.errors().find("A1: no field and no outcome is called 'star'; did you mean 'stars'?") !=
      std::string::npos);
}

TEST_CASE("tables read words, dates, lists, their opposite and hits, and have tests by row") {
  pack_on_disk disk;
  disk.write("lexicons/toxic.txt", "category: toxic\nzh: 毒\nen: toxic\n\n去死\n")
      .write(
          "tables/t.yaml",
          "id: ads\ntitle: {zh: 题, en: title}\nlevel: medium\nreason: {zh: 因, en: reason}\n"
          "basis: [{statute: 广告法, article: \"9\", valid_from: 2015-09-01}]\nmatch: {stage: ad}\nhit: C\n"
          "columns: [ad_certificate, toxic, verdict]\n"
          "rows:\n  - ['none, expired', '-', escalate]\n  - ['not(good)', '>= 1', reject]\n"
          "tests:\n"
          "  - {row: 2, name: none, facts: {ad_certificate: expired}, expect: fires}\n"
          "  - {row: 2, name: good, facts: {ad_certificate: good}, expect: silent}\n"
          "  - {row: 3, name: toxic, facts: {ad_certificate: malformed}, text: 去死, expect: fires}\n");
  REQUIRE(disk.errors() == "");
  const rule_test_report report = run_rule_tests(**disk.load());
  CHECK(report.run == 3);
  CHECK(report.failures.empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
