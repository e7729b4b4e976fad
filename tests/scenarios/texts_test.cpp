// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/texts/phrasebook.hpp"

using namespace zhili::scenarios;
using zhili::subject_kind;

namespace {

constexpr std::array kinds{
    subject_kind::product, subject_kind::diary, subject_kind::post, subject_kind::ad, subject_kind::review};

std::vector<violation> all_violations() {
  std::vector<violation> all;
  for (std::size_t v = 1; v < violation_count; ++v) all.push_back(static_cast<violation>(v));
  return all;
}

std::vector<evasion> all_evasions() {
  std::vector<evasion> all;
  for (std::size_t e = 1; e < evasion_count; ++e) all.push_back(static_cast<evasion>(e));
  return all;
}

std::string composed(const text_request& request) {
  std::string out;
  phrasebook::embedded().compose(request, out);
  return out;
}

/// Code points; nothing where the text is not UTF-8.
std::optional<std::size_t> characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    if (take_character(text) == not_a_character) return std::nullopt;
  }
  return count;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

text_source embedded(std::string_view file) {
  for (const auto& each : embedded_sources()) {
    if (each.file == file) return each;
  }
  FAIL("no such source: " << file);
  return {};
}

std::vector<std::string_view> lines_of(std::string_view file) {
  const auto sections = read_sections(embedded(file));
  REQUIRE(sections);
  std::vector<std::string_view> lines;
  for (const auto& each : *sections) {
    for (const auto& line : each.lines) lines.push_back(line.text);
  }
  return lines;
}

respeller speller() {
  auto parsed = respeller::parse(embedded("evasions"));
  REQUIRE(parsed);
  return *parsed;
}

std::string respelled(
    const respeller& by, std::string_view text, evasion spelling, std::uint64_t subject = 1) {
  dice draw(1, subject, purpose::evasion);
  std::string out;
  by.append(text, spelling, draw, out);
  return out;
}

/// What NFKC makes of the characters that the full-width spelling uses.
std::string fold_width(std::string_view text) {
  static const std::map<char32_t, char32_t> radicals{
      {U'⼀', U'一'}, {U'⼆', U'二'}, {U'⼈', U'人'}, {U'⼉', U'儿'}, {U'⼊', U'入'}, {U'⼋', U'八'},
      {U'⼏', U'几'}, {U'⼑', U'刀'}, {U'⼒', U'力'}, {U'⼗', U'十'}, {U'⼜', U'又'}, {U'⼝', U'口'},
      {U'⼟', U'土'}, {U'⼠', U'士'}, {U'⼤', U'大'}, {U'⼥', U'女'}, {U'⼦', U'子'}, {U'⼩', U'小'},
      {U'⼭', U'山'}, {U'⼯', U'工'}, {U'⼰', U'己'}, {U'⼲', U'干'}, {U'⼴', U'广'}, {U'⼼', U'心'},
      {U'⼿', U'手'}, {U'⽀', U'支'}, {U'⽂', U'文'}, {U'⽃', U'斗'}, {U'⽄', U'斤'}, {U'⽅', U'方'},
      {U'⽆', U'无'}, {U'⽇', U'日'}, {U'⽉', U'月'}, {U'⽊', U'木'}, {U'⽌', U'止'}, {U'⽐', U'比'},
      {U'⽑', U'毛'}, {U'⽓', U'气'}, {U'⽔', U'水'}, {U'⽕', U'火'}, {U'⽚', U'片'}, {U'⽜', U'牛'},
      {U'⽣', U'生'}, {U'⽤', U'用'}, {U'⽩', U'白'}, {U'⽪', U'皮'}, {U'⽬', U'目'}, {U'⽰', U'示'},
      {U'⽴', U'立'}, {U'⽶', U'米'}, {U'⽹', U'网'}, {U'⽺', U'羊'}, {U'⽼', U'老'}, {U'⽽', U'而'},
      {U'⽿', U'耳'}, {U'⾁', U'肉'}, {U'⾃', U'自'}, {U'⾄', U'至'}, {U'⾊', U'色'}, {U'⾎', U'血'},
      {U'⾏', U'行'}, {U'⾐', U'衣'}, {U'⾓', U'角'}, {U'⾔', U'言'}, {U'⾛', U'走'}, {U'⾜', U'足'},
      {U'⾝', U'身'}, {U'⾟', U'辛'}, {U'⾥', U'里'}, {U'⾦', U'金'}, {U'⾯', U'面'}, {U'⾻', U'骨'},
      {U'⾸', U'首'}, {U'⾼', U'高'}, {U'⿇', U'麻'}, {U'⿊', U'黑'}, {U'⿐', U'鼻'}};
  std::string out;
  while (!text.empty()) {
    const auto c = take_character(text);
    const auto radical = radicals.find(c);
    append_character(
        c >= 0xff01 && c <= 0xff5e  ? c - 0xfee0
        : radical != radicals.end() ? radical->second
                                    : c,
        out);
  }
  return out;
}

}  // namespace

TEST_SUITE("scenarios/texts") {
  TEST_CASE("the data holds enough phrases, sober sentences and sentences of each kind") {
    const auto& book = phrasebook::embedded();
    std::set<std::string_view> all;
    for (const auto v : all_violations()) {
      CAPTURE(name(v));
      CHECK(book.phrases(v).size() >= 30);
      for (const auto phrase : book.phrases(v)) CHECK_MESSAGE(all.insert(phrase).second, phrase);
    }
    CHECK(book.phrases(violation::none).empty());
    CHECK(book.harmless().size() >= 60);
    for (const auto* kind : {"diary", "post", "ad", "review", "listing"}) {
      CAPTURE(kind);
      CHECK(lines_of(kind).size() >= 50);
    }
  }

  TEST_CASE(
      "the same request gives the same bytes, whatever was composed before and by whichever phrasebook") {
    const auto again = phrasebook::parse(embedded_sources());
    REQUIRE(again);
    std::string out;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const text_request request{
          .kind = kinds[i % kinds.size()],
          .violation = static_cast<violation>(i % violation_count),
          .evasion = static_cast<evasion>(i % evasion_count),
          .near_miss = i % 3 == 0,
          .seed = 42,
          .subject = i};
      again->compose(request, out);
      CHECK(out == composed(request));
    }
  }

  TEST_CASE("seed and subject change the text") {
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < 100; ++i) {
      seen.insert(composed({.kind = subject_kind::diary, .seed = 1, .subject = i}));
      seen.insert(composed({.kind = subject_kind::diary, .seed = 2, .subject = i}));
    }
    CHECK(seen.size() == 200);
  }

  TEST_CASE("an ad and a diary with the same number have other phrases") {
    std::string out;
    int same = 0;
    for (std::uint64_t i = 0; i < 1'000; ++i) {
      text_request request{
          .kind = subject_kind::ad, .violation = violation::comparison, .seed = 1, .subject = i};
      const auto in_ad = phrasebook::embedded().compose(request, out);
      request.kind = subject_kind::diary;
      same += in_ad == phrasebook::embedded().compose(request, out) ? 1 : 0;
    }
    CHECK(same < 60);
  }

  TEST_CASE("texts of twenty thousand subjects hardly ever agree by chance") {
    for (const auto kind : kinds) {
      std::set<std::string> seen;
      for (std::uint64_t i = 0; i < 20'000; ++i)
        seen.insert(composed({.kind = kind, .seed = 3, .subject = i}));
      CHECK(seen.size() > 19'980);
    }
  }

  TEST_CASE("all who carry the same shared text post the same bytes, others do not") {
    const auto of = [](std::uint64_t subject, std::uint64_t shared) {
      return composed(
          {.kind = subject_kind::review,
           .violation = violation::fake_review_wording,
           .evasion = evasion::homophone,
           .seed = 1,
           .subject = subject,
           .shared_text = shared});
    };
    CHECK(of(1, 77) == of(2, 77));
    CHECK(of(1, 77) != of(1, 78));
    CHECK(of(77, 0) != of(1, 77));
  }

  TEST_CASE("a text with a violation holds one of its phrases, letter by letter when it is spelled plainly") {
    const auto& book = phrasebook::embedded();
    std::string out;
    for (const auto kind : kinds) {
      for (const auto v : all_violations()) {
        std::set<std::string_view> used;
        for (std::uint64_t i = 0; i < 300; ++i) {
          const auto phrase = book.compose({.kind = kind, .violation = v, .seed = 1, .subject = i}, out);
          CHECK(out.find(phrase) != std::string::npos);
          const auto listed = book.phrases(v);
          CHECK(std::find(listed.begin(), listed.end(), phrase) != listed.end());
          used.insert(phrase);
        }
        CHECK(used.size() > 25);
      }
    }
  }

  TEST_CASE("an evasion takes the phrase out of the text and leaves the text around it alone") {
    const auto& book = phrasebook::embedded();
    std::string plain;
    std::string evasive;
    for (const auto kind : kinds) {
      for (const auto v : all_violations()) {
        for (const auto e : all_evasions()) {
          CAPTURE(name(v));
          CAPTURE(name(e));
          for (std::uint64_t i = 0; i < 20; ++i) {
            text_request request{.kind = kind, .violation = v, .evasion = e, .seed = 1, .subject = i};
            const auto hidden = book.compose(request, evasive);
            CHECK(book.can_respell(hidden, e));
            CHECK(evasive.find(hidden) == std::string::npos);
            request.evasion = evasion::none;
            const auto said = book.compose(request, plain);
            if (said != hidden) continue;
            const auto at = plain.find(said);
            CHECK(evasive.starts_with(std::string_view{plain}.substr(0, at)));
            CHECK(evasive.ends_with(std::string_view{plain}.substr(at + said.size())));
          }
        }
      }
    }
  }

  TEST_CASE("an author who corrects a text takes out what was wrong and nothing else") {
    for (std::uint64_t i = 0; i < 200; ++i) {
      text_request request{
          .kind = kinds[i % kinds.size()], .violation = violation::cure_rate, .seed = 1, .subject = i};
      const auto wrong = composed(request);
      request.violation = violation::none;
      const auto right = composed(request);
      const auto from = std::mismatch(right.begin(), right.end(), wrong.begin()).first;
      CHECK(wrong.size() > right.size());
      CHECK(wrong.ends_with(std::string_view{right}.substr(static_cast<std::size_t>(from - right.begin()))));
    }
  }

  TEST_CASE("full width folds back to the phrase") {
    const auto by = speller();
    for (const auto v : all_violations()) {
      for (const auto phrase : phrasebook::embedded().phrases(v)) {
        const auto wide = respelled(by, phrase, evasion::full_width);
        CHECK(fold_width(wide) == phrase);
        CHECK((wide != phrase) == by.changes(phrase, evasion::full_width));
      }
    }
    CHECK(respelled(by, "行业NO.1", evasion::full_width) == "⾏业ＮＯ．１");
  }

  TEST_CASE("traditional spelling is the one that people in Taipei and Hong Kong write") {
    const auto by = speller();
    const std::map<std::string, std::string> expected{
        {"国家级皮肤中心", "國家級皮膚中心"},
        {"无效全额退款", "無效全額退款"},
        {"打肉毒就来本院", "打肉毒就來本院"},
        {"加我微信发你内部价", "加我微信發你內部價"},
        {"医学会权威认证推荐", "醫學會權威認證推薦"},
        {"写好评返50元红包", "寫好評返50元紅包"},
        {"韩国院长每月飞来亲诊", "韓國院長每月飛來親診"},
    };
    for (const auto& [simplified, traditional] : expected) {
      CHECK(respelled(by, simplified, evasion::traditional) == traditional);
    }
  }

  TEST_CASE("the other spellings do what their names say") {
    const auto by = speller();
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < 200; ++i) {
      auto separated = respelled(by, "包你满意", evasion::separators, i);
      CHECK(separated != "包你满意");
      seen.insert(separated);
      for (const auto* gap :
           {"\u200b", "\u200d", "\u2060", "\ufeff", "·", ".", "丨", "/", "_", "-", "*", "~", "♥", "✨", "🌸",
            "💉"}) {
        separated = replace_all(separated, gap, "");
      }
      CHECK(separated == "包你满意");
      CHECK(characters(respelled(by, "加我微信", evasion::homophone, i)) == 4);
    }
    CHECK(seen.size() > 40);
    CHECK(respelled(by, "肉", evasion::pinyin) == "rou");
    CHECK(respelled(by, "率", evasion::pinyin) == "lv");
    CHECK(respelled(by, "好", evasion::split_characters) == "女子");
    CHECK(respelled(by, "明", evasion::split_characters) == "日月");
    CHECK(respelled(by, "V", evasion::look_alike_digits) != "V");
    CHECK_FALSE(by.changes("好评", evasion::look_alike_digits));
    CHECK_FALSE(by.changes("好", evasion::separators));
    CHECK_FALSE(by.changes("好评", evasion::none));
  }

  TEST_CASE("a lawful author may write the whole text in traditional characters") {
    const text_request request{
        .kind = subject_kind::diary, .evasion = evasion::traditional, .seed = 1, .subject = 4};
    auto plain = request;
    plain.evasion = evasion::none;
    CHECK(composed(request) != composed(plain));
    CHECK(characters(composed(request)) == characters(composed(plain)));
  }

  TEST_CASE("lawful texts and sober sentences hold no unlawful phrase") {
    const auto& book = phrasebook::embedded();
    std::vector<std::string> lawful(book.harmless().begin(), book.harmless().end());
    for (const auto* file : {"diary", "post", "ad", "review", "listing", "words"}) {
      for (const auto line : lines_of(file)) lawful.emplace_back(line);
    }
    std::string out;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      const text_request request{
          .kind = kinds[i % kinds.size()], .near_miss = i % 2 == 0, .seed = 9, .subject = i};
      CHECK(book.compose(request, out).empty());
      lawful.push_back(out);
    }
    for (const auto v : all_violations()) {
      for (const auto phrase : book.phrases(v)) {
        for (const auto& text : lawful) {
          if (text.find(phrase) != std::string::npos) FAIL_CHECK(phrase << " in " << text);
        }
      }
    }
  }

  TEST_CASE("a near miss holds a sober sentence and is lawful all the same") {
    const auto& book = phrasebook::embedded();
    std::string out;
    for (std::uint64_t i = 0; i < 200; ++i) {
      book.compose({.kind = kinds[i % kinds.size()], .near_miss = true, .seed = 9, .subject = i}, out);
      CHECK(std::any_of(book.harmless().begin(), book.harmless().end(), [&](std::string_view sentence) {
        return out.find(sentence) != std::string::npos;
      }));
    }
  }

  TEST_CASE("texts are UTF-8 and as long as people write") {
    std::string out;
    for (const auto kind : kinds) {
      std::size_t lawful = 0;
      constexpr std::uint64_t count = 20'000;
      for (std::uint64_t i = 0; i < count; ++i) {
        text_request request{.kind = kind, .seed = 5, .subject = i};
        phrasebook::embedded().compose(request, out);
        const auto length = characters(out).value_or(0);
        CHECK(length >= 30);
        CHECK(length <= 200);
        lawful += length;
        request.violation = static_cast<violation>(1 + i % (violation_count - 1));
        request.evasion = static_cast<evasion>(i / 16 % evasion_count);
        request.near_miss = i % 5 == 0;
        phrasebook::embedded().compose(request, out);
        const auto unlawful = characters(out).value_or(0);
        CHECK(unlawful > 30);
        CHECK(unlawful <= 260);
      }
      CHECK(lawful / count >= 60);
      CHECK(lawful / count <= 120);
    }
  }

  TEST_CASE("composing uses the buffer that it is given") {
    std::string out;
    out.reserve(2048);
    const auto* const place = out.data();
    for (std::uint64_t i = 0; i < 1'000; ++i) {
      phrasebook::embedded().compose({.kind = kinds[i % kinds.size()], .seed = 5, .subject = i}, out);
    }
    CHECK(out.data() == place);
    CHECK(out.capacity() == 2048);
  }

  TEST_CASE("violations and evasions are found by the names that world models write") {
    for (std::size_t v = 0; v < violation_count; ++v) {
      CHECK(violation_named(name(static_cast<violation>(v))) == static_cast<violation>(v));
    }
    for (std::size_t e = 0; e < evasion_count; ++e) {
      CHECK(evasion_named(name(static_cast<evasion>(e))) == static_cast<evasion>(e));
    }
    CHECK_FALSE(violation_named("absolute"));
    CHECK_FALSE(evasion_named(""));
  }

  TEST_CASE("characters are taken off valid UTF-8 and refused in any other") {
    const std::map<std::string_view, char32_t> valid{
        {"a", U'a'}, {"é", U'é'}, {"医", U'医'}, {"💉", U'💉'}, {"\xf4\x8f\xbf\xbf", 0x10ffff}};
    for (const auto& [text, character] : valid) {
      auto rest = text;
      CHECK(take_character(rest) == character);
      CHECK(rest.empty());
      std::string back;
      append_character(character, back);
      CHECK(back == text);
    }
    // Cut off, a stray tail, overlong, a surrogate, beyond the last, a lead that no longer exists.
    for (std::string_view bad :
         {"", "\xe5\x8c", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80",
          "\xf4\x90\x80\x80", "\xff", "\xe5\x8cx"}) {
      const auto before = bad;
      CHECK(take_character(bad) == not_a_character);
      CHECK(bad == before);
    }
  }

  TEST_CASE("an error in the data names file, line and what would be right") {
    struct entry {
      std::string_view file;
      std::string_view text;
      std::string_view expected;
    };
    constexpr std::array entries{
        entry{"words", "刀\n[a]\nb\n", "words:1: a line before the first [section]"},
        entry{"words", "[a]\n# x\n", "words:1: section a is empty"},
        entry{"words", "[a]\nb\n[a]\nc\n", "words:3: section a stands already in line 1"},
        entry{"words", "[a\nb\n", "words:1: a section header ends in ]"},
        entry{"words", "[a]\n\xff\n", "words:2: the line is not UTF-8"},
        entry{"words", "[a always]\nb\n", "only `once` may stand, not always"},
        entry{"words", "[a]\ns|b\n", "words:1: section a has too few lines for topic i"},
        entry{"diary", "[open 1]\n{itme}了\n", "diary:2: no slot {itme}; there are phrase, a-b, item"},
        entry{"diary", "[open 1]\n{item\n", "diary:2: a { without its }"},
        entry{"diary", "[open 1]\n{9-3}\n", "diary:2: no slot {9-3}"},
        entry{"diary", "[open]\n做了\n", "diary:1: a stage says how many sentences"},
        entry{"diary", "[open 1-2]\n做了\n", "diary:1: section open has too few lines"},
        entry{"diary", "[open 1]\n{phrase}\n", "diary:2: {phrase} stands once in each [carrier] sentence"},
        entry{"diary", "[open 1]\n做了\n", "diary:1: a text needs a stage and a [carrier]"},
        entry{"illegal", "[absolute]\n第一\n", "illegal:1: no violation is called absolute"},
        entry{"illegal", "[absolutes]\n好\n", "illegal:1: full_width can respell no phrase of absolutes"},
        entry{"harmless", "# nothing\n", "harmless:1: there is no sentence"},
        entry{"evasions", "[pinyin]\n好hao\n", "evasions:2: 好hao is not of the form from:to"},
        entry{"evasions", "[pinyin]\n好:hao 好:hou\n", "evasions:1: 好 stands twice in section pinyin"},
        entry{"evasions", "[spaces]\n.\n", "evasions:1: no evasion is called spaces"},
        entry{"evasions", "[separators]\nU+D800\n", "evasions:2: U+D800 is no character"},
        entry{"evasions", "[separators]\n.\n", "evasions:1: there is no section [full_width]"},
    };
    for (const auto& each : entries) {
      CAPTURE(each.text);
      std::vector<text_source> sources(embedded_sources().begin(), embedded_sources().end());
      for (auto& source : sources) {
        if (source.file == each.file) source.text = each.text;
      }
      const auto parsed = phrasebook::parse(sources);
      REQUIRE_FALSE(parsed);
      CHECK_MESSAGE(parsed.error().detail.find(each.expected) != std::string::npos, parsed.error().detail);
    }
  }

  TEST_CASE("a source that is missing is named") {
    const auto parsed = phrasebook::parse({});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == zhili::errc::not_found);
    CHECK(parsed.error().detail == "no source of texts is called words");
  }
}
