// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/pattern");

TEST_CASE("what is wrong with a pattern of matches() is said in Chinese") {
  struct row {
    std::string pattern;
    const char* zh;
  };
  const row rows[] = {
      {"(", "圆括号没有配对，缺 ')'：("},
      {")", "多了一个 ')'：)"},
      {"[a", "方括号没有配对，缺 ']'：[a"},
      {"[z-a]", "方括号里的范围写反了或写得不对：z-a"},
      {"\\8", "没有这种反斜杠写法：\\8"},
      {"a\\", "末尾多了一个反斜杠"},
      {"*", "'*' '+' '?' 或 '{…}' 前面没有可以重复的字：*"},
      {"a{2,1}", "重复次数写得不对：先小后大，最多 1000：{2,1}"},
      {"a**", "几个重复符号连在一起了：**"},
      {"(?=元)", "RE2 没有这种 '(?' 写法（如前后查找）：(?="},
      {"(?P<a-b>元)", "命名分组写得不对：写成 (?P<name>…)，名字不重复：(?P<a-b>"},
      {"\xff", "不是 UTF-8 编码"},
      {"\\pL{1000}", "匹配模式展开后太大：少用大的重复次数"},
  };
  for (const row& r : rows) {
    CAPTURE(r.pattern);
    const auto compiled = pattern::compile(r.pattern);
    REQUIRE_FALSE(compiled);
    CHECK(compiled.error().detail_zh == std::string("读不懂这个匹配模式：") + r.zh);
    CHECK(compiled.error().detail.find("the pattern cannot be read: ") == 0);
  }
  pack_on_disk disk;
  disk.write("rules/a.yaml", rule_text("a", "  match: {stage: ad}\n  when: text.matches(\"(1元\")\n  then: {verdict: escalate}\n"));
  CHECK(disk.errors_zh() == "rules/a.yaml:7:22: 读不懂这个匹配模式：圆括号没有配对，缺 ')'：(1元");
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
