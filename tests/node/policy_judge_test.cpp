// SPDX-License-Identifier: Apache-2.0
// What `zhili policy judge` does with lines, facts and texts, on the frozen pack of 2021.
#include <doctest/doctest.h>

#include <cstdio>

#include "node/policy/lines.hpp"
#include "node/policy/text_judge.hpp"
#include "policy/fields/content.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::node {
namespace {

TEST_SUITE_BEGIN("node/policy_judge");

std::string unescaped(std::string_view line) {
  std::string out;
  unescape_line(line, out);
  return out;
}

TEST_CASE("a line's escapes stand for what they stand for in JSON, any other backslash for itself") {
  CHECK(unescaped(R"(a\nb\tc\\d)") == "a\nb\tc\\d");
  CHECK(unescaped(R"(\u6548\u679C)") == "效果");
  CHECK(unescaped(R"(\ud83d\ude00)") == "😀");
  CHECK(unescaped(R"(\ud83d!)") == "\xef\xbf\xbd!");
  CHECK(unescaped(R"(\ude00)") == "\xef\xbf\xbd");
  CHECK(unescaped(R"(\ud83d\u4e00)") == "\xef\xbf\xbd一");
  CHECK(unescaped(R"(\x \u12g4 \u12 \)") == R"(\x \u12g4 \u12 \)");
}

TEST_CASE("a text fits into a column and comes back from it") {
  const std::string text = std::string("一\t二\n\\三\r") + '\x01';
  std::string line;
  append_escaped(text, line);
  CHECK(line == R"(一\t二\n\\三\u000d\u0001)");
  CHECK(unescaped(line) == text);
}

std::vector<std::string> lines_of(const std::string& bytes) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  REQUIRE(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  std::rewind(file);
  std::vector<std::string> out;
  line_reader lines{file};
  while (lines.next()) out.emplace_back(lines.line());
  std::fclose(file);
  return out;
}

TEST_CASE("a line is what stands before a newline, and of a huge one only the head is kept") {
  CHECK(lines_of("").empty());
  CHECK(lines_of("一\r\n\n二") == std::vector<std::string>{"一", "", "二"});
  const auto huge = lines_of(std::string(10'000'000, 'a') + "\nb\n");
  REQUIRE(huge.size() == 2);
  CHECK(huge[0].size() == line_reader::line_bytes_max);
  CHECK(huge[1] == "b");
}

text_judge judge_of(std::string_view kind, std::string_view facts = "{}") {
  auto pack = policy::pack::load("packs/baseline-2021");
  REQUIRE(pack);
  const auto k = find_kind(kind, **pack);
  REQUIRE(k);
  policy::slots slots;
  std::vector<std::unique_ptr<std::string>> texts;
  REQUIRE(read_facts(facts, "facts.json", *k, slots, texts));
  return {std::move(*pack), *k, slots, *parse_instant("2021-07-18")};
}

TEST_CASE("names the lexicons that the fired rules rest on, and where their terms stand") {
  text_judge judge = judge_of("content");
  const judged_text& j = judge.judge("亚洲第一，立竿见影");
  CHECK(j.verdict == verdict::reject);
  CHECK(j.categories == std::vector<std::string_view>{"absolutes", "efficacy_guarantee"});
  CHECK(j.spans == std::vector<byte_span>{{0, 12}, {15, 27}});
  CHECK(j.normalised == "亚洲第一,立竿见影");
  CHECK(judge.judge("术前请空腹").verdict == verdict::approve);
  CHECK(judge.judge("术前请空腹").categories.empty());
}

TEST_CASE("a text longer than a node takes goes to a person and is not read") {
  text_judge judge = judge_of("content");
  const judged_text& j = judge.judge(std::string(limits::text_bytes_max + 1, 'a'));
  CHECK(j.verdict == verdict::escalate);
  CHECK(j.too_long);
  CHECK(j.normalised.empty());
  CHECK_FALSE(judge.judge("短").too_long);
}

TEST_CASE("facts decide where words do not") {
  CHECK(judge_of("ad", R"({"ad_certificate": "expired"})").judge("门诊时间").verdict == verdict::reject);
  CHECK(judge_of("review", R"({"verified_order": true, "order_to_review": "5m", "stars": 1})").judge("不好").verdict ==
        verdict::demote);
  CHECK(judge_of("ad", R"({"ad_certificate": null})").judge("门诊时间").verdict == verdict::approve);
}

TEST_CASE("a wrong kind or fact is named, with what would be right") {
  const auto pack = policy::pack::load("packs/baseline-2021");
  REQUIRE(pack);
  const auto kind = find_kind("advert", **pack);
  REQUIRE_FALSE(kind);
  CHECK(kind.error().detail.find("--kind: there is no 'advert'") == 0);
  // Several workflows have one, so that it goes by the workflow's name too.
  const auto shared = find_kind("institution", **pack);
  REQUIRE_FALSE(shared);
  CHECK(shared.error().detail == "--kind: several workflows have a stage 'institution'; write one of onboarding.institution, risk.institution");
  const auto full = find_kind("risk.institution", **pack);
  REQUIRE(full);
  CHECK(full->workflow->name == "risk");
  CHECK(find_kind("机构风险指数", **pack)->stage == full->stage);
  CHECK(kind_name(*full, **pack) == "risk.institution");
  CHECK(kind_name(*find_kind("content.ad", **pack), **pack) == "ad");
  CHECK(find_kind("content.ad", **pack)->stage == find_kind("content", **pack)->stage);
  const std::string all = find_kind("product", **pack).error().detail;
  CHECK(all.find("--kind: there is no 'product'; there are content, diary, post, ad, ") == 0);
  CHECK(all.find(" ad,") == all.rfind(" ad,"));
  CHECK(all.find(" institution") == std::string::npos);
  CHECK(find_kind("reviw", **pack).error().detail.find("'reviw'; did you mean 'review'? there are content") != std::string::npos);
  policy::slots slots;
  std::vector<std::unique_ptr<std::string>> texts;
  const auto facts = [&](std::string_view json) {
    const auto read = read_facts(json, "f.json", *find_kind("ad", **pack), slots, texts);
    REQUIRE_FALSE(read);
    return read.error().detail;
  };
  CHECK(facts("[1]").find("f.json: not a JSON object") == 0);
  CHECK(facts(R"({"ad_certificat": "good"})") == "f.json: ad has no fact 'ad_certificat'; did you mean 'ad_certificate'?");
  CHECK(facts(R"({"ad_certificate": "god"})").find("f.json: 'ad_certificate': unknown word 'god'; did you mean 'good'?") == 0);
  // A review's stars are no fact of an ad.
  CHECK(facts(R"({"stars": 5})").find("f.json: ad has no fact 'stars'") == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::node
