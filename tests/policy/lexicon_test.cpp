// SPDX-License-Identifier: Apache-2.0
#include "policy/lexicon.hpp"

#include <doctest/doctest.h>

#include "policy/csv.hpp"
#include "policy/encoding.hpp"
#include "policy/fields/content.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

using words = std::vector<std::string>;

struct reading {
  std::vector<lexicon_category> lexicons;
  std::string errors;
};

reading read(std::string_view text, std::string_view file = "a.txt") {
  diagnostics found;
  reading out;
  out.lexicons = read_lexicon(text, file, found, *normaliser::with(techniques::all()));
  if (!found.empty()) out.errors = found.as_error().detail;
  return out;
}

const std::string head = "category: x\nzh: 甲\nen: a\n";

}  // namespace

TEST_SUITE("policy/lexicon") {
  TEST_CASE("a line says what must and must not stand near, how near, and more") {
    const auto r = read(head + "加微信\n根治 | 附近不得有：无法、不能 | 距离：6 | 科普里常见\nvx\tnear: 加, 联系 | initials\tby sound\n"
                               "扫码 | not near: 发票；收据 | note: a: b # 说明\n");
    CHECK(r.errors.empty());
    REQUIRE(r.lexicons.size() == 1);
    const auto& l = r.lexicons[0];
    CHECK(l.terms == words{"加微信", "根治", "vx", "扫码"});
    REQUIRE(l.conditions.size() == 4);
    CHECK(l.conditions[0] == term_conditions{});
    CHECK(l.conditions[1] == term_conditions{{}, {"无法", "不能"}, 6, false, false, "科普里常见"});
    CHECK(l.conditions[2] == term_conditions{{"加", "联系"}, {}, 12, true, true, ""});
    CHECK(l.conditions[3] == term_conditions{{}, {"发票", "收据"}, 12, false, false, "a: b"});
  }

  TEST_CASE("what is wrong on a line is said with its place") {
    CHECK(
        read(head + "甲 | naer: 乙\n").errors ==
        "a.txt:4:5: unknown word 'naer'; did you mean 'near'?; a remark is written 'note: ...'");
    CHECK(
        read(head + "甲 | within: far\n").errors ==
        "a.txt:4:5: 'far' is no number of characters from 0 to 200");
    CHECK(
        read(head + "甲 | within: 201\n").errors ==
        "a.txt:4:5: '201' is no number of characters from 0 to 200");
    CHECK(read(head + "甲 | near\n").errors == "a.txt:4:5: 'near' is empty: write 'near: ...'");
    CHECK(
        read(head + "甲 | initials: maybe\n").errors ==
        "a.txt:4:5: 'maybe' is neither yes nor no (是 or 否)");
    CHECK(
        read(head + "甲 | near: ❤\n").errors ==
        "a.txt:4:5: '❤' has nothing but signs that are left out of texts");
    CHECK(read(head + "| near: 乙\n甲\n").errors == "a.txt:4:1: the term is missing before the first '|'");
  }

  TEST_CASE("a table holds categories by row, in Chinese or English, in any order of columns") {
    const auto r = read("词,类别,备注,附近须有,附近不得有,距离,首字母,同音\r\n加微信,contact,,,,,是,\r\n"
                        "根治,efficacy,\"科普, 新闻\",,无法、不能,6,,\r\n\r\n扫码,contact,,\"红包,福利\",,,否,是\r\n", "a.csv");
    CHECK(r.errors.empty());
    REQUIRE(r.lexicons.size() == 2);
    CHECK(r.lexicons[0].name == "contact");
    CHECK(r.lexicons[0].terms == words{"加微信", "扫码"});
    CHECK(r.lexicons[0].conditions[0].initials);
    CHECK(r.lexicons[0].conditions[1] == term_conditions{{"红包", "福利"}, {}, 12, false, true, ""});
    CHECK(r.lexicons[1].conditions[0] == term_conditions{{}, {"无法", "不能"}, 6, false, false, "科普, 新闻"});
    const auto english = read("category;near;term\nx;a|b;甲\n", "b.csv");
    REQUIRE(english.lexicons.size() == 1);
    CHECK(english.lexicons[0].conditions[0].near == words{"a", "b"});
  }

  TEST_CASE("what is wrong in a table is said with its cell") {
    CHECK(read("词,类型\n甲,x\n", "a.csv").errors ==
          "a.csv:1:1: the first row has no column 类别 (category)\na.csv:1:2: cell B1: unknown column '类型'; did you mean '类别'?");
    CHECK(read("词,类别\n甲,x\n乙,Contact\n", "a.csv").errors == "a.csv:3:2: cell B3: 'Contact' is no name: lower-case letters and '_'");
    CHECK(read("词,类别\n甲,x\n,x\n", "a.csv").errors == "a.csv:3:1: cell A3: the term is missing");
    CHECK(read("词,类别,距离\n甲,x,远\n", "a.csv").errors == "a.csv:2:3: cell C2: '远' is no number of characters from 0 to 200");
    CHECK(read("词,类别\n甲,x\n甲,x\n", "a.csv").errors == "a.csv:3:1: cell A3: '甲' stands in line 2 already");
    CHECK(read("词,类别\n甲,\"x\n", "a.csv").errors.find("a.csv:2:2: B2: the quotes that open here do not close") != std::string::npos);
    CHECK(read("词,类别\n甲,x,多\n", "a.csv").errors == "a.csv:2:3: cell C2: this column has no name in the first row");
  }

  TEST_CASE("a term whose edge is left out of texts can be read, and is warned of with what is matched") {
    const auto warnings = [](std::string_view text, std::string_view file, techniques on = techniques::all()) {
      diagnostics warned;
      warn_of_lexicon(text, file, *normaliser::with(on), warned);
      return warned.text();
    };
    const std::string text = head + "美到爆炸💥\n加-微\n真美!\n“真好”\n根治 | 附近不得有：无法、不能…\n①\n";
    CHECK(read(text).errors.empty());
    CHECK(
        warnings(text, "a.txt").en ==
        "a.txt:4:1: warning: '美到爆炸💥' is matched as '美到爆炸': '💥' is left out of texts\n"
        "a.txt:7:1: warning: '“真好”' is matched as '真好': '“”' is left out of texts\n"
        "a.txt:8:1: warning: '不能…' is matched as '不能': '…' is left out of texts");
    CHECK(warnings("词,类别\n甲,x\n好💥,x\n", "a.csv").zh == "a.csv:3:1: 请留意：'好💥' 会按 '好' 匹配，判定时 '💥' 会略去");
    CHECK(warnings(text, "a.txt", techniques::all().without(technique::separators)).en.empty());
  }

  TEST_CASE("files are read as UTF-8 with or without its mark and as GB18030") {
    CHECK(as_utf8("医美").value() == "医美");
    CHECK(as_utf8("\xef\xbb\xbf医美").value() == "医美");
    CHECK(as_utf8("\xd2\xbd\xc3\xc0").value() == "医美");
    // Four bytes a character, as only GB18030 has them.
    CHECK(as_utf8("\xd2\xbd\x81\x39\xee\x39").value() == "医㐀");
    CHECK_FALSE(as_utf8("\xff\xff\xff"));
    CHECK(as_utf8(std::string_view("\xff\xfe\x4e\x00", 4)).error().detail.find("UTF-16") != std::string::npos);
    CHECK(read("category: x\nzh: \xbc\xd7\n\xbc\xd3\xce\xa2\xd0\xc5\n").lexicons[0].terms == words{"加微信"});
  }

  TEST_CASE("cells are named as a spreadsheet names them") {
    const auto name = [](std::uint32_t column, std::uint32_t row) { return csv_cell{{}, row, column}.name(); };
    CHECK(name(1, 1) == "A1");
    CHECK(name(2, 7) == "B7");
    CHECK(name(26, 2) == "Z2");
    CHECK(name(27, 2) == "AA2");
    diagnostics found;
    const auto rows = read_csv("a,\"b \"\"c\"\"\nd\",\n,,\ne", "t.csv", found);
    CHECK(found.empty());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0][0].text == "a");
    CHECK(rows[0][1].text == "b \"c\"\nd");
    CHECK(rows[0][2].text.empty());
    CHECK(rows[1][0].row == 3);
  }

  TEST_CASE("a pack counts a term only where its conditions hold, and a table adds to a lexicon") {
    pack_on_disk disk;
    disk.write("rules/a.yaml", rule_text("a", "  match: {stage: diary}\n  when: hits(x) > 0\n  then: {verdict: reject}\n"));
    disk.write("lexicons/x.txt", head + "根治 | 附近不得有：无法、不能 | 距离：3\n").write("lexicons/y.csv", "词,类别,附近须有\nvx,x,加、联系\n");
    const auto p = disk.load();
    REQUIRE_MESSAGE(p, disk.errors());
    scratch memory;
    judgement out;
    const auto rejects = [&](std::string_view text) {
      (*p)->judge(fields::content::stage::diary, {}, text, instant{1'626'537'600'000}, 0, memory, out);
      return out.verdict == verdict::reject;
    };
    CHECK(rejects("一次根治"));
    CHECK_FALSE(rejects("目前无法根治"));
    CHECK(rejects("无法走路的人也能根治"));
    CHECK(rejects("加我vx哦"));
    CHECK_FALSE(rejects("型号vx的仪器"));
  }

  TEST_CASE("a pack may switch techniques off, by names that exist") {
    pack_on_disk disk;
    disk.write("rules/a.yaml", rule_text("a", "  match: {stage: diary}\n  when: hits(x) > 0\n  then: {verdict: reject}\n"));
    disk.write("lexicons/x.txt", head + "加微信\n");
    disk.write("pack.yaml", std::string(least_head) + "text: {techniques_off: [separators, pinyin]}\n");
    const auto p = disk.load();
    REQUIRE_MESSAGE(p, disk.errors());
    CHECK((*p)->sees_through() == techniques::all().without(technique::separators).without(technique::pinyin));
    scratch memory;
    judgement out;
    (*p)->judge(fields::content::stage::diary, {}, "加❤微❤信", instant{1'626'537'600'000}, 0, memory, out);
    CHECK(out.verdict == verdict::approve);
    disk.write("pack.yaml", std::string(least_head) + "text: {techniques_off: [seperators]}\n");
    CHECK(disk.errors() == "pack.yaml:4:25: no technique 'seperators'; did you mean 'separators'?");
  }
}

}  // namespace zhili::policy
