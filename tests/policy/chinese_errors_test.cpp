// SPDX-License-Identifier: Apache-2.0
// What a policy lead reads who knows Chinese and no programming: mistakes of many kinds, each named in
// Chinese at its place, with what would be right.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "policy/csv.hpp"
#include "policy/expression/error_words.hpp"
#include "policy/expression/functions.hpp"
#include "policy/rule_tests.hpp"
#include "protocols/types/half_width.hpp"
#include "protocols/types/tell.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/chinese_errors");

bool has_chinese(std::string_view text) {
  // Between U+4E00 and U+9FFF: three bytes that begin with E4 to E9.
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0xe4 && static_cast<unsigned char>(c) <= 0xe9;
  });
}

constexpr std::string_view good_lexicon = "category: words\nzh: 词\nen: words\n\n学生党\n";

// A rule whose lines can be exchanged: line 1 is the id.
std::string rule_with(
    std::string_view when, std::string_view more = {}, std::string_view then = "{verdict: reject}") {
  return "- id: r\n"
         "  title: {zh: 题, en: title}\n"
         "  level: high\n"
         "  match: {stage: ad}\n"
         "  when: " +
         std::string(when) + "\n  then: " + std::string(then) +
         "\n"
         "  basis:\n"
         "    - {statute: 广告法, article: \"9\", valid_from: 2015-09-01}\n"
         "  reason: {zh: 因, en: reason}\n" +
         std::string(more);
}

std::string zh_of(std::string_view file, std::string_view text) {
  pack_on_disk disk;
  disk.write("lexicons/words.txt", good_lexicon).write("rules/ok.yaml", "");
  std::filesystem::remove(disk.dir() / "rules" / "ok.yaml");
  if (!file.starts_with("rules/")) {
    std::string other = rule_with("hits(words) > 0");
    other.replace(other.find("id: r"), 5, "id: o");
    disk.write("rules/other.yaml", other);
  }
  disk.write(file, text);
  return disk.errors_zh();
}

std::string when_zh(std::string_view when) {
  return zh_of("rules/r.yaml", rule_with(when));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("both sentences are made at once, and each takes its own words of an argument that has both") {
  const bilingual inner{"甲", "first"};
  const bilingual said = tell("要 {}，不要 '{}'", "wants {}, not '{}'", inner, "x");
  CHECK(said.zh == "要 甲，不要 'x'");
  CHECK(said.en == "wants first, not 'x'");
  const error both = fail(errc::malformed, said).value();
  CHECK(both.detail == said.en);
  CHECK(both.both().zh == said.zh);
  CHECK(error{errc::io, "disk"}.both().zh == "disk");
}

TEST_CASE("names of a rule that are misspelt") {
  const std::string rule = rule_with("institution_named == true");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "stage: ad", "stage: ads")) ==
      "rules/r.yaml:4:18: 没有 'ads' 这个环节；你是不是想写 'ad'？");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "reason:", "raeson:")) ==
      "rules/r.yaml:1:3: 缺少 'reason' 这一项\n"
      "rules/r.yaml:9:3: 这里没有 'raeson' 这一项；你是不是想写 'reason'？");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "verdict: reject", "verdict: rejct")) ==
      "rules/r.yaml:6:19: 'verdict' 不能是 'rejct'；你是不是想写 'reject'？");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "2015-09-01", "2015-9-1")) ==
      "rules/r.yaml:8:48: 'valid_from' 后面应当写四位年、两位月、两位日的日期 2015-09-01，而不是 '2015-9-1'");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "- id", "  id")) ==
      "rules/r.yaml:1:3: 规则文件里每条规则以 '- ' 开头：第一行写成 '- id: …'，其余各行缩进两个空格");
}

TEST_CASE("conditions") {
  CHECK(
      when_zh("prices(text).exists(p, p <= 1)") ==
      "rules/r.yaml:5:37: 金额（如 9.9元）和整数不能比较：请写金额，如 10元、9.9元");
  CHECK(
      when_zh("prices(text).exists(p, p <= １元)") ==
      "rules/r.yaml:5:37: '１元' 是全角的；你是不是想写 '1元'？");
  CHECK(
      when_zh("prices(text).exists(p, p <= 1块)") == "rules/r.yaml:5:37: 不认识 '1块'；你是不是想写 '1元'？");
  CHECK(
      when_zh("hits(word) > 0") == "rules/r.yaml:5:14: 规则包里没有叫 'word' 的词表；你是不是想写 'words'？");
  CHECK(
      when_zh("hits(words)") ==
      "rules/r.yaml:5:9: hits(words) 是个数，而条件应当是“是”或“否”；你是不是想写 'hits(words) > 0'？");
  CHECK(when_zh("（institution_named").find("不认识 '（'；你是不是想写 '('？") != std::string::npos);
  CHECK(
      when_zh("institution_named 且 minors_audience") ==
      "rules/r.yaml:5:27: 不认识 '且'；你是不是想写 '&&'？");
  CHECK(when_zh("audience == “students”").find("不认识 '“'：文字要放在半角直引号里") != std::string::npos);
  CHECK(
      when_zh("audience == \"student\"") ==
      "rules/r.yaml:5:21: 没有 \"student\" 这个词；你是不是想写 'students'？");
  CHECK(when_zh("audience == students") == "rules/r.yaml:5:21: 词要放在引号里；你是不是想写 \"students\"？");
  CHECK(
      when_zh("面向人群 == \"students\"") ==
      "rules/r.yaml:5:9: 没有 '面向人群' 这个事实；你是不是想写 'audience'（面向人群）？");
  CHECK(when_zh("stars < 3").starts_with("rules/r.yaml:5:9: 环节 ad 没有事实 'stars'，只有 review 才有"));
  CHECK(when_zh("words > 0") == "rules/r.yaml:5:9: 没有 'words' 这个事实；它是词表，要写成 hits(words) > 0");
  CHECK(when_zh("institution_named &&") == "rules/r.yaml:5:29: 末尾缺少事实、值或 '('");
}

TEST_CASE("what beginners write is answered with what they meant") {
  CHECK(
      when_zh("prices(text).exists(p, p <= 十元)") ==
      "rules/r.yaml:5:37: 不认识 '十元'；你是不是想写 '10元'？");
  CHECK(
      when_zh("prices(text).exists(p, p <= ￥10)") ==
      "rules/r.yaml:5:37: 不认识 '￥10'；你是不是想写 '10元'？");
  CHECK(
      when_zh("prices(text) <= 10元") ==
      "rules/r.yaml:5:25: 列表和金额（如 9.9元）不能比较：列表要逐个问，写成 列表.exists(x, x > …)");
  CHECK(
      when_zh("prices(text).exists(p <= 10元)") ==
      "rules/r.yaml:5:22: 'exists' 要写成 列表.exists(x, …)：先给每一项起个名字，再用它写");
  CHECK(
      when_zh("audience in [minors, students]") ==
      "rules/r.yaml:5:22: 词要放在引号里；你是不是想写 \"minors\"？\n"
      "rules/r.yaml:5:30: 词要放在引号里；你是不是想写 \"students\"？");
  CHECK(
      when_zh("audience == \"学生\"") ==
      "rules/r.yaml:5:21: 没有 \"学生\" 这个词；你是不是想写 'students'？");
  CHECK(
      when_zh("text contains \"a\"") ==
      "rules/r.yaml:5:14: 'contains' 写在点的后面，要找的文字放在括号里：text.contains(\"…\")");
  CHECK(
      when_zh("text.contains(学生)") ==
      "rules/r.yaml:5:23: 没有 '学生' 这个事实；如果它是文字，要放在引号里：\"学生\"；有哪些事实，用 'zhili "
      "policy facts --kind ad' 查看");
  CHECK(
      when_zh("has(人群)") ==
      "rules/r.yaml:5:13: 没有 '人群' 这个事实；你是不是想写 'audience'（面向人群）？");
  CHECK(when_zh("hits(\"words\") > 0") == "rules/r.yaml:5:14: 词表的名字不加引号：写成 hits(words)");
  CHECK(when_zh("!institution_named || true").find("整句放进") != std::string::npos);
  const std::string rule = rule_with("institution_named == true");
  const auto answered = [&](std::string_view from, std::string_view to) {
    return zh_of("rules/r.yaml", replaced(rule, from, to));
  };
  CHECK(
      answered("level: high", "level: 严重") ==
      "rules/r.yaml:3:10: 'level' 不能是 '严重'；你是不是想写 'critical'？");
  CHECK(
      answered("stage: ad", "stage: 广告") ==
      "rules/r.yaml:4:18: 没有 '广告' 这个环节；你是不是想写 'ad'（广告）？");
  CHECK(
      answered("stage: ad", "stage: 广告、日记") ==
      "rules/r.yaml:4:18: 没有 '广告、日记' 这个环节；几个环节写成列表，如 [ad, diary]");
  CHECK(
      answered("verdict: reject", "verdict: 不予通过") ==
      "rules/r.yaml:6:19: 'verdict' 不能是 '不予通过'；你是不是想写 'reject'？");
  CHECK(
      answered("{verdict: reject}", "reject") ==
      "rules/r.yaml:6:9: 'then' 后面应当写几行“键: 值”，如 {verdict: reject, points: 10}，而不是 'reject'");
  CHECK(
      answered("{zh: 题, en: title}", "题") ==
      "rules/r.yaml:2:10: 'title' 后面应当写几行“键: 值”，如 {zh: 中文, en: English}，而不是 '题'");
  CHECK(answered("  when:", "  When:").find("'When' 这一项；你是不是想写 'when'？") != std::string::npos);
  CHECK(answered("  when:", "  条件:").find("'条件' 这一项；你是不是想写 'when'？") != std::string::npos);
  CHECK(answered("verdict: reject", "verdict: suspend").find("可以用") != std::string::npos);
  CHECK(
      zh_of("lexicons/words.txt", "类别: words\nzh: 词\nen: words\n\n学生党\n") ==
      "lexicons/words.txt:1:1: 表头没有 '类别' 这一项；你是不是想写 'category'？");
  CHECK(
      zh_of("lexicons/words.txt", std::string(good_lexicon) + "高中生 ｜ 附近不得有：不\n") ==
      "lexicons/words.txt:6:5: 竖线要用半角：请写成 '|'");
  CHECK(
      zh_of("lexicons/words.txt", std::string(good_lexicon) + "高中生 | 附近不得有：\n") ==
      "lexicons/words.txt:6:7: '附近不得有' 后面是空的：写成 '附近不得有：…'");
  CHECK(zh_of("lexicons/words.txt", "\xff\xfe a").find("lexicons/words.txt: 这个文件是 UTF-16 编码") == 0);
}

TEST_CASE("the layout of a file says which line and what to do") {
  const std::string rule = rule_with("institution_named == true");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "  level", " level")) ==
      "rules/r.yaml:3:2: 缩进没有对齐：这一行前面有 1 个空格，同级的第 2 行有 2 个");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "  level", "level")) ==
      "rules/r.yaml:3:1: 缩进没有对齐：这一行前面有 0 个空格，同级的第 2 行有 2 个");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "  level", "    level")) ==
      "rules/r.yaml:3:5: 缩进没有对齐：这一行前面有 4 个空格，同级的第 2 行有 2 个");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "  level", "\tlevel")) ==
      "rules/r.yaml:3:1: 这一行用 Tab 缩进：请改用空格");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "  level", "　　level")) ==
      "rules/r.yaml:3:1: 行首有全角空格：请改成普通的半角空格");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "level: high", "level：high")) ==
      "rules/r.yaml:3:8: 冒号是全角的：请写成 'level: '（半角冒号加一个空格）");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "level: high", "level:high")) ==
      "rules/r.yaml:3:8: 冒号后面少一个空格：请写成 'level: high'");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "en: title}", "en: title")) ==
      "rules/r.yaml:2:10: 这里的 '{' 没有配对的 '}'");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "题, en", "题， en")) ==
      "rules/r.yaml:2:16: 'en' 前面的逗号是全角的：请写成 ', '");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "    - {", "    -{")) ==
      "rules/r.yaml:8:5: 短横后面少一个空格：请写成 '- '");
  CHECK(
      zh_of("rules/r.yaml", replaced(rule, "{zh: 因, en: reason}", "\n    zh: 注意: 因\n    en: reason")) ==
      "rules/r.yaml:10:11: 文字里有半角冒号：整句放进引号，写成 zh: '注意: 因'");
  CHECK(
      when_zh("\"a\" == text && institution_named") ==
      "rules/r.yaml:5:9: 以 '\"' 开头的句子要整句放进引号：写成 when: '\"a\" == text && institution_named'");
}

TEST_CASE("a ' #' that cuts a condition inside of its quotes or brackets is named, and no remark is") {
  CHECK(
      when_zh("text.contains(\"a #b\")") ==
      "rules/r.yaml:5:26: YAML 把 ' #' 以后当成说明，这里就断了：请把整句放进引号，写成 'text.contains(\"a #b\")'");
  CHECK(
      when_zh("hits(words) > 0 && text.contains('好 #1')  # 说明").find("写成 'hits(words) > 0 && text.contains(''好 #1'')'") !=
      std::string::npos);
  CHECK(when_zh("hits(words) > 0 &&\n    text.contains(\"a #b\")").find("rules/r.yaml:6:22: YAML 把 ' #'") == 0);
  CHECK(when_zh("text.contains(\"a #b\") ||\n    hits(words) > 0").find("rules/r.yaml:5:26: YAML 把 ' #'") == 0);
  CHECK(when_zh("(text.contains(\"a #b\") ||\n    hits(words) > 0)").find("rules/r.yaml:5:27: YAML 把 ' #'") == 0);
  CHECK(when_zh("low\n  let:\n    low: text.contains(\"a #b\")").find("rules/r.yaml:7:27: YAML 把 ' #'") == 0);
  CHECK(when_zh("text.contains(\"a #b\") # it's").find("写成 'text.contains(\"a #b\")'") != std::string::npos);
  // A remark, a sign in quotes, and what is wrong for another reason.
  CHECK(when_zh("hits(words) > 0 # (说明").empty());
  CHECK(when_zh("'text.contains(\"a #b\")'").empty());
  CHECK(when_zh("|\n    text.contains(\"a #b\")").empty());
  CHECK(when_zh("(hits(words) > 0").find("YAML") == std::string::npos);
  CHECK(when_zh("(hits(words) > 0 # 说明").find("YAML") == std::string::npos);
  CHECK(when_zh("text.contains(\"a) # 说明").find("YAML") == std::string::npos);
  CHECK(when_zh("hits(words) > # 0").find("YAML") == std::string::npos);
}

TEST_CASE("files that are well laid out are not suspected") {
  const std::string rule = rule_with("institution_named == true");
  // The slip stands in the last line; what stands above is unusual and right.
  const std::string above =
      "- id: r\n"
      "  title:\n    zh: '题: 一'\n    en: \"t\"\n"
      "  level: high\n"
      "  match:\n    stage:\n    - ad\n"
      "  description: |\n      a: b\n       - c {\n"
      "  when: institution_named ==\n    true\n"
      "  then: {verdict: reject,\n    points: 1}\n"
      "  basis:\n  - {statute: 广告法, article: \"9\", valid_from: 2015-09-01}\n"
      "  reason:\n    zh: 因 # {\n    en: it's\n";
  CHECK(zh_of("rules/r.yaml", above) == "");
  CHECK(
      zh_of("rules/r.yaml", above + "   mode: off\n") ==
      "rules/r.yaml:21:4: 缩进没有对齐：这一行前面有 3 个空格，而第 18 行有 2 个，第 20 行有 4 "
      "个：要和同级的那一行一样");
}

TEST_CASE("lexicons: a wrong head is one error, and rules do not complain of the lexicon too") {
  CHECK(
      zh_of("lexicons/words.txt", "categry: words\nzh: 词\nen: words\n\n学生党\n") ==
      "lexicons/words.txt:1:1: 表头没有 'categry' 这一项；你是不是想写 'category'？");
  CHECK(
      zh_of("lexicons/words.txt", "category：words\nzh: 词\nen: words\n\n学生党\n") ==
      "lexicons/words.txt:1:9: 表头的冒号要用半角：请写成 'category: '");
  CHECK(
      zh_of("lexicons/words.txt", "category: 青少年\nzh: 词\nen: words\n\n学生党\n") ==
      "lexicons/words.txt:1:1: '青少年' 不能作词表名：只能用小写字母和 '_'；中文名写在 'zh: ' 那一行");
  CHECK(
      zh_of("lexicons/words.txt", "学生党\n") ==
      "lexicons/words.txt:1:1: 缺少表头：第一行请写 'category: 词表名'（小写字母和 '_'）");
  CHECK(
      zh_of("lexicons/words.txt", std::string(good_lexicon) + "学生党\n") ==
      "lexicons/words.txt:6:1: '学生党' 在第 5 行已经有了：删去一个");
  CHECK(
      zh_of("lexicons/words.txt", std::string(good_lexicon) + "高中生 | 附近不许有：不\n") ==
      "lexicons/words.txt:6:7: '|' 后面不能写 '附近不许有'；你是不是想写 '附近不得有'？；备注请写成 "
      "'备注：…'");
}

TEST_CASE("tables name the cell") {
  const auto table = [](std::string_view csv) {
    pack_on_disk disk;
    disk.write("tables/t.csv", csv)
        .write(
            "tables/t.yaml",
            "id: t\ntitle: {zh: 表, en: table}\nlevel: low\nmatch: {stage: ad}\nhit: U\ncsv: t.csv\n"
            "basis: [{statute: 广告法, article: \"9\", valid_from: 2015-09-01}]\nreason: {zh: 因, en: "
            "reason}\n");
    return disk.errors_zh();
  };
  CHECK(
      table("面向人群,结论\nstudent,不予通过\n") ==
      "tables/t.csv:2:1: A2：没有 'student' 这个词；你是不是想写 'students'？");
  CHECK(
      table("面向人群,结论\n-,不予通\n") ==
      "tables/t.csv:2:2: B2：没有 '不予通' 这个结论；你是不是想写 '不予通过'？");
  CHECK(table("面向人,结论\n-,拒绝\n")
            .starts_with("tables/t.csv:1:1: A1：没有叫 '面向人' 的事实，也没有这样的结果列"));
  CHECK(
      table("面向人群,结论\n\"students, minors\",拒绝\nminors,通过\n")
          .find("tables/t.csv:3:1: A3：这一行永远用不上：前面的行已经把它的情形都占了") != std::string::npos);
  CHECK(
      table("面向人群,结论\nstudents,拒绝\n") ==
      "tables/t.yaml:1:1: 没有哪一行管“audience 从 general 到 parents”：补一行，或写 'otherwise: "
      "approve'（其余通过）");
}

TEST_CASE("every mistake is named in Chinese, as often as in English") {
  const std::string rule = rule_with("institution_named == true");
  const std::vector<std::pair<std::string, std::string>> mistakes{
      {"pack.yaml", "name: trial\n"},
      {"pack.yaml",
       "name: trial\nversion: eins\ntitle: {zh: 试}\nsettings: {content: {burst_count: -1}, contents: {}}\n"},
      {"pack.yaml",
       "name: t\nversion: 1\ntitle: {zh: 试, en: t}\nsettings: {content: {burst_window: 4小时, brst: 1}}\n"},
      {"pack.yaml", "name: t\nversion: 1\ntitle: {zh: 试, en: t}\ntext: {techniques_off: [digit]}\n"},
      {"rules/a.txt", "x"},
      {"rules/r.yaml", ""},
      {"rules/r.yaml", "- \n"},
      {"rules/r.yaml", "- id: [a]\n"},
      {"rules/r.yaml", "a: &x 1\n"},
      {"rules/r.yaml", "\xff\xfe"},
      {"rules/r.yaml", "---\n- id: a\n---\n- id: b\n"},
      {"rules/r.yaml", rule + rule},
      {"rules/r.yaml", rule + "  mode: canary\n"},
      {"rules/r.yaml", rule + "  mode: canary(0%)\n"},
      {"rules/r.yaml", rule + "  level: low\n"},
      {"rules/r.yaml", rule + "  tests:\n    - {name: a, expect: fire, facts: {audience: kids, stars: 2, x: "
                              "1}, stage: post, date: today}\n"},
      {"rules/r.yaml", rule + "  tests: none\n"},
      {"rules/r.yaml",
       replaced(
           rule, "basis:\n    - {statute: 广告法, article: \"9\", valid_from: 2015-09-01}", "basis: []")},
      {"rules/r.yaml", replaced(rule, "2015-09-01", "2015-09-01, valid_to: 2014-01-01")},
      {"rules/r.yaml",
       replaced(rule, "{verdict: reject}", "{verdict: none, queue: soon, points: 1.5, measure: jail}")},
      {"rules/r.yaml",
       replaced(rule, "{verdict: reject}", "{verdict: suspend, label: {zh: a, en: b}, queue: high}")},
      {"rules/r.yaml", replaced(rule, "id: r", "id: 我的规则")},
      {"rules/r.yaml", replaced(rule, "stage: ad", "stage: []")},
      {"rules/r.yaml",
       replaced(replaced(rule, "stage: ad", "stage: review"), "institution_named == true", "stars < 3")},
      {"lexicons/words.txt", ""},
      {"lexicons/words.txt", "category: words\nzh:\nen: w\n\n| a\n！！\n词 | 附近须有\n词组 | 距离：远\n"},
      {"lexicons/more.txt", std::string(good_lexicon)},
      {"lexicons/w.csv", "词\n学生\n"},
      {"lexicons/w.csv", "词,类别,甲\n,words,\n学生,W,\n高中生,words,x,y\n\"开,words\n"},
      {"lexicons/w.csv", "词,类别,首字母,距离\n学生,words,maybe,9999\n"},
      {"lexicons/w.csv", "\xff\xfe a"},
      {"tables/t.yaml",
       "id: t\ntitle: {zh: 表, en: t}\nhit: X\nlevel: low\nmatch: {stage: ad}\nreason: {zh: a, en: "
       "b}\nbasis: none\n"},
      {"tables/t.csv", "a,b\n"},
  };
  for (const auto& [file, text] : mistakes) {
    CAPTURE(file);
    CAPTURE(text);
    pack_on_disk disk;
    disk.write("lexicons/words.txt", good_lexicon).write("rules/z.yaml", replaced(rule, "id: r", "id: z"));
    disk.write(file, text);
    const std::string zh = disk.errors_zh(), en = disk.errors();
    CHECK_FALSE(zh.empty());
    CHECK(std::count(zh.begin(), zh.end(), '\n') == std::count(en.begin(), en.end(), '\n'));
    for (std::size_t at = 0; at < zh.size();) {
      const std::size_t end = std::min(zh.find('\n', at), zh.size());
      const std::string line = zh.substr(at, end - at);
      CHECK_MESSAGE(has_chinese(line.substr(std::min(line.find(": "), line.size()))), line);
      at = end + 1;
    }
  }
}

TEST_CASE("conditions of every wrong shape are named in Chinese") {
  for (const std::string_view when :
       {"1 + ",
        "(1",
        "[1",
        "1 2",
        "a.b",
        "x(1)",
        "has(1)",
        "has(institution_named && true)",
        "hits(1)",
        "hits(\"words\") > 0",
        "text > 1",
        "text == 1",
        "text in \"a\"",
        "text in [1]",
        "audience in [\"kids\"]",
        "audience < \"minors\"",
        "institution_named < true",
        "institution_named + 1 > 0",
        "-text == 1",
        "!text",
        "text || true",
        "text ? true : false",
        "institution_named ? 1 : text",
        "text[0] == 1",
        "text.x == 1",
        "prices(text)[\"a\"] > 1元",
        "prices(1)",
        "text.size(1)",
        "size(text, 1) > 1",
        "[1].exists(1, true)",
        "[1].all(x, 1)",
        "text.exists(x, true)",
        "[1].exists(text2, text2)",
        "1 < 2 < 3",
        "99999999999999999999 > 1",
        "0x > 1",
        "text.matches(\"(\")",
        "text.matches(text)",
        "1.matches(\"a\")",
        "\"a",
        "\"\\q\" == text",
        "'\\u12' == text",
        "2021-13-01 > 2020-01-01",
        "as == 1",
        "x{a: 1}",
        "{1: 2",
        "false",
        "audience == recognised_source",
        "@",
        "recognised_confidence > 1元",
        "30x > 1",
        "scope_allows()"}) {
    std::string quoted;
    for (const char c : when) quoted += c == '\'' ? "''" : std::string(1, c);
    const std::string zh = when_zh("'" + quoted + "'");
    CHECK_MESSAGE(has_chinese(zh), when, " → ", zh);
  }
}

TEST_CASE("errors in which an expression ends are known in Chinese") {
  for (const std::string_view english :
       {missing_fact, no_overload, too_large, std::string_view("divide by zero"),
        std::string_view("no such key: \"a\""), std::string_view("index out of range: 3 of 2"),
        std::string_view("no such fact: 'x'")}) {
    CHECK_MESSAGE(has_chinese(error_words(english).zh), english);
    CHECK(error_words(english).en == english);
  }
  CHECK(error_words("no such key: \"a\"").zh == "没有这个键：\"a\"");
  CHECK(error_words("unheard of").zh == "unheard of");
}

TEST_CASE("a test that fails says so in Chinese") {
  pack_on_disk disk;
  disk.write(
      "rules/r.yaml", rule_with("institution_named == true", "  tests: [{name: 没写, expect: fires}]\n"));
  REQUIRE(disk.errors() == "");
  const auto report = run_rule_tests(**disk.load());
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].message.zh == "规则 'r' 的测试 '没写'：应当触发，实际算不出来（缺少事实）");
}

TEST_CASE("what is written wide is read narrow") {
  CHECK(half_width("１２．５元（ａ）　！") == "12.5元(a) !");
  CHECK(half_width("学生") == "学生");
  CHECK(half_width("\xef\xbc") == "\xef\xbc");
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
