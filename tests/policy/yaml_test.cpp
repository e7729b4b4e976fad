// SPDX-License-Identifier: Apache-2.0
#include "policy/yaml.hpp"

#include <doctest/doctest.h>

#include "policy/suggest.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/yaml");

std::string errors_of(std::string text) {
  diagnostics found;
  yaml_document::parse(std::move(text), "f.yaml", found);
  return found.text().en;
}

TEST_CASE("reads every type and knows where it stands") {
  diagnostics found;
  const auto document = yaml_document::parse(
      "名称: 试\ncount: -3\non: true\nprice: 9.9元\nwait: 36h\nday: 2021-07-18\nat: "
      "2021-07-18T09:30:00\nshare: 25%\n"
      "mood: calm\nlist: [a, \"b c\"]\none: x\nfree: {k1: 1, k2: 2}\nnothing:\n",
      "f.yaml", found);
  REQUIRE(document);
  constexpr std::string_view moods[] = {"wild", "calm"};
  yaml_map map(document->root());
  CHECK(map.required("名称").text() == "试");
  CHECK(map.required("count").integer(-10, 10) == -3);
  CHECK(map.required("on").boolean());
  CHECK(map.required("price").money() == fen{990});
  CHECK(map.required("wait").span() == std::chrono::hours{36});
  CHECK(date_string(map.required("day").date()) == "2021-07-18");
  CHECK(to_string(map.required("at").time()) == "2021-07-18T09:30:00.000+08:00");
  CHECK(map.required("share").real(0, 1) == doctest::Approx(0.25));
  CHECK(map.required("mood").choice(moods) == 1);
  const auto list = map.required("list").items();
  REQUIRE(list.size() == 2);
  CHECK(list[1].text() == "b c");
  CHECK(list[1].at() == place{10, 11});
  CHECK(map.required("one").items_or_one().size() == 1);
  const auto free = map.required("free").entries();
  REQUIRE(free.size() == 2);
  CHECK(free[1].first.text() == "k2");
  CHECK(free[1].second.integer(0, 9) == 2);
  CHECK(map.required("nothing").is_empty());
  CHECK(found.empty());
}

TEST_CASE("an absent key answers with the fallback and reports nothing") {
  diagnostics found;
  const auto document = yaml_document::parse("a: 1\n", "f.yaml", found);
  {
    yaml_map map(document->root());
    map.required("a");
    CHECK(map.optional("b").integer(0, 9, 7) == 7);
    CHECK(map.optional("b").text("x") == "x");
    CHECK(map.optional("b").items().empty());
    CHECK_FALSE(map.optional("b").present());
  }
  CHECK(found.empty());
}

TEST_CASE("reports all errors of a file at once, in its order, each with line and column in characters") {
  diagnostics found;
  {
    const auto document = yaml_document::parse(
        "标题: {verdikt: reject, 价: abc}\nlevel: hihg\ncount: twelve\nday: 2021-02-30\n", "f.yaml", found);
    yaml_map map(document->root());
    constexpr std::string_view levels[] = {"low", "high"};
    {
      yaml_map inner(map.required("标题"));
      inner.required("verdict");
      inner.required("价").money();
    }
    map.required("level").choice(levels);
    map.required("count").integer(0, 100);
    map.required("day").date();
  }
  CHECK(
      found.text().en ==
      "f.yaml:1:5: 'verdict' is missing\n"
      "f.yaml:1:6: unknown key 'verdikt'; did you mean 'verdict'?\n"
      "f.yaml:1:26: '价': 'abc' is no amount: write 1元 or 9.9元\n"
      "f.yaml:2:8: unknown level 'hihg'; did you mean 'high'?\n"
      "f.yaml:3:8: 'count' wants a whole number from 0 to 100, not 'twelve'\n"
      "f.yaml:4:6: 'day' wants a date such as 2021-07-18, not '2021-02-30'");
}

TEST_CASE("says what is wanted where a list, a mapping or nothing stands") {
  diagnostics found;
  const auto document = yaml_document::parse("a: [1]\nb: {x: 1}\nc:\nd: 1\ne: yes\n", "f.yaml", found);
  {
    yaml_map map(document->root());
    map.required("a").integer(0, 9);
    map.required("b").text();
    map.required("c").boolean();
    map.required("d").items();
    map.required("e").boolean();
    yaml_map not_a_map(map.required("d"));
  }
  CHECK(
      found.text().en ==
      "f.yaml:1:4: 'a' wants a whole number from 0 to 9, not a list\n"
      "f.yaml:2:4: 'b' wants a single value, not a mapping\n"
      "f.yaml:3:1: 'c' is empty: it wants true or false\n"
      "f.yaml:4:4: 'd' wants a list, not '1'\n"
      "f.yaml:4:4: 'd' wants a mapping, lines of 'key: value', not '1'\n"
      "f.yaml:5:4: 'e' wants true or false, not 'yes'");
}

TEST_CASE("finds a byte of a value in the file, whatever the quotes") {
  diagnostics found;
  const auto document = yaml_document::parse(
      "plain: 价 < x\nquoted: \"a \\\" x\"\nblock: |\n  a &&\n    x\nfolded: a\n  || x\nsingle: 'it''s x'\n",
      "f.yaml", found);
  yaml_map map(document->root());
  const auto place_of_x = [&](std::string_view key) {
    const yaml_node node = map.required(key);
    return node.at(node.text().find('x'));
  };
  CHECK(place_of_x("plain") == place{1, 12});
  CHECK(place_of_x("quoted") == place{2, 15});
  CHECK(place_of_x("block") == place{5, 5});
  CHECK(place_of_x("folded") == place{7, 6});
  CHECK(place_of_x("single") == place{8, 16});
}

TEST_CASE("refuses what is no plain YAML and says where") {
  struct row {
    const char* text;
    const char* error;
  };
  const row rows[] = {
      {"", "f.yaml: the file is empty"},
      {"a: &x [1]\nb: *x\n",
       "f.yaml:1:4: anchors and aliases ('&name', '*name') are not read here: write the value out"},
      {"when: !consultation\n",
       "f.yaml:1:7: a value that begins with '!' stands in quotes, as in when: '!low'"},
      {"a: 1\n---\nb: 2\n", "f.yaml:2:1: only one document a file: no '---' after the first line"},
      {"a: 1\nb: 2\na: 3\n", "f.yaml:3:1: 'a' stands here twice, first in line 1"},
      {"[1]: 2\n", "f.yaml:1:1: a key must be one word"},
      {"a: 1\n\tb: 2\n", "f.yaml:2:1: this line is indented with a tab: indent with spaces"},
      {"a：1\nb: 2\n", "f.yaml:1:2: this colon is wide: write 'a: ' (a half-width colon and a space)"},
      {"a: 1\nb: \xff\xfe\n", "f.yaml:2:1: this line is not UTF-8: save the file as UTF-8"},
  };
  for (const row& r : rows) {
    CAPTURE(r.text);
    CHECK(errors_of(r.text) == r.error);
  }
  CHECK(errors_of("\xef\xbb\xbf"
                  "a: 1\n")
            .empty());
}

TEST_CASE("bounds depth, size and number of values") {
  CHECK(
      errors_of("a: " + std::string(40, '[') + std::string(40, ']')) ==
      "f.yaml:1:35: nested deeper than 32 levels");
  CHECK_FALSE(errors_of("a: " + std::string(100'000, '[')).empty());
  CHECK_FALSE(errors_of(std::string(100'000, '{')).empty());
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  CHECK(errors_of(dashes + "a") == "f.yaml:1:65: nested deeper than 32 levels");
  CHECK(errors_of(std::string(yaml_bytes_max + 1, ' ')) == "f.yaml: larger than 4194304 bytes");
  std::string many = "a: [";
  for (std::size_t i = 0; i < yaml_nodes_max; ++i) many += "1,";
  CHECK(errors_of(many + "1]").find("more than 200000 values") != std::string::npos);

  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  CHECK(errors_of(laughs).find("f.yaml:1:5: anchors and aliases") == 0);
}

TEST_CASE("a file that is not there is an error of that file") {
  diagnostics found;
  CHECK_FALSE(yaml_document::read("/nonexistent/zhili.yaml", "zhili.yaml", found));
  CHECK(found.text().en == "zhili.yaml: the file cannot be opened");
}

TEST_CASE("suggests the nearest word, by characters") {
  constexpr std::string_view known[] = {"verdict", "points", "label", "价格"};
  CHECK(nearest("verdikt", known) == "verdict");
  CHECK(nearest("piont", known) == "points");
  CHECK(nearest("价各", known) == "价格");
  CHECK(nearest("banana", known).empty());
  CHECK(edit_distance("ab", "ba") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(suggestion("banana", known).en == "; known are verdict, points, label, 价格");
  CHECK(suggestion("banana", known).zh == "；可以写的有：verdict、points、label、价格");
  CHECK(suggestion("verdcit", known).zh == "；你是不是想写 'verdict'？");
  CHECK(suggestion(std::string(100'000, 'v'), known).en == "; known are verdict, points, label, 价格");
}

TEST_CASE("prints each error once and counts those beyond the limit") {
  diagnostics found;
  for (std::uint32_t line = 1; line <= 5; ++line) found.add("f", {line, 1}, {"错", "bad"});
  found.add("f", {1, 1}, {"错", "bad"});
  CHECK(found.text(3).en == "f:1:1: bad\nf:2:1: bad\nf:3:1: bad\nand 2 more");
  CHECK(found.text(3).zh == "f:1:1: 错\nf:2:1: 错\nf:3:1: 错\n另有 2 处错误");
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
