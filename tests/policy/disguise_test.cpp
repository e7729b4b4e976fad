// SPDX-License-Identifier: Apache-2.0
// Terms in disguise: what each technique finds, where, and that ordinary text is left in peace.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "policy/pack_compiled.hpp"
#include "policy/text/matcher.hpp"

namespace zhili::policy {
namespace {

using words = std::vector<std::string>;

constexpr techniques plain =
    techniques::none().with(technique::compatibility).with(technique::letter_case).with(technique::traditional);

matcher compiled(const words& terms, techniques on = techniques::all()) {
  std::vector<term> all;
  for (const std::string& text : terms) all.push_back({text, 1, static_cast<std::uint32_t>(all.size())});
  auto out = matcher::compile(all, on);
  REQUIRE(out);
  return std::move(*out);
}

/// What the hits cover in the original, in order.
words covered(const matcher& in, std::string_view text) {
  normalised_text normalised;
  in.words().normalise(text, normalised);
  matcher::scratch memory;
  std::vector<hit> hits;
  in.scan(normalised, memory, hits);
  words out;
  for (const hit& h : hits) out.emplace_back(text.substr(h.begin, h.length));
  return out;
}

struct row {
  std::string term;
  std::string text;
  /// Exactly the disguised spelling.
  std::string covers;
};

/// Each is found with the technique, and at its place, and not without it.
void check(technique t, const std::vector<row>& rows, techniques others = techniques::all()) {
  for (const row& r : rows) {
    CAPTURE(r.term);
    CAPTURE(r.text);
    CHECK(covered(compiled({r.term}), r.text) == words{r.covers});
    CHECK(covered(compiled({r.term}, others.without(t)), r.text).empty());
  }
}

void check_nothing(const words& terms, const words& texts) {
  const auto in = compiled(terms);
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(covered(in, text).empty());
  }
}

words lines_of(const std::filesystem::path& file) {
  words out;
  std::ifstream in(file);
  REQUIRE(in);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && !line.starts_with('#')) out.push_back(line);
  }
  return out;
}

}  // namespace

TEST_SUITE("policy/text") {
  TEST_CASE("parts that are words, or more than two, are read in terms alone") {
    check(technique::split_characters, {{"好评返现", "女子评返现有礼", "女子评返现"}, {"刷好评", "帮刷女子评", "刷女子评"},
                                        {"加微信", "加彳山几攵信", "加彳山几攵信"}, {"全国最佳", "全国日耳又佳", "全国日耳又佳"}});
    check_nothing({"好评", "刷好评", "好评返现", "明星推荐", "信得过"},
                  {"女子评", "牙刷女子评价", "日月星", "女子看起来", "人言得过且过"});
  }

  TEST_CASE("a hit covers exactly what was written, from its first to its last byte") {
    check(technique::separators, {{"加微信", "来加❤微❤信吧", "加❤微❤信"}, {"加微信", "·加·微·信·", "加·微·信"}, {"botox", "打b o t o x针", "b o t o x"}});
    check(technique::invisible, {{"微信号", "我的微\u200B信\uFE0F号", "微\u200B信\uFE0F号"}});
    check(technique::bidi, {{"微信", "看\u202E信微\u202C啊", "信微"}});
    check(technique::escapes, {{"加微信", "请加&#24494;&#x4FE1;哦", "加&#24494;&#x4FE1;"}, {"加微信", "加<b>微</b>信", "加<b>微</b>信"},
                               {"加微信", "加%E5%BE%AE信x", "加%E5%BE%AE信"}});
    check(technique::look_alikes, {{"botox", "打вotox针", "вotox"}, {"botox", "打b0tox针", "b0tox"}, {"加微信", "➕微信", "➕微信"}});
    check(technique::digits, {{"一元购", "①元购机", "①元购"}, {"全国第一", "全国第➊", "全国第➊"}, {"一百元", "仅壹佰元", "壹佰元"}},
          techniques::all().without(technique::homophones));
    check(technique::split_characters, {{"加微信", "加微亻言", "加微亻言"}, {"瘦脸", "可以瘦月佥的", "瘦月佥"}, {"治好", "氵台好了", "氵台好"}});
    check(technique::traditional, {{"隆鼻术", "做隆鼻術", "隆鼻術"}}, techniques::all().without(technique::homophones));
    check(technique::compatibility, {{"botox", "打ｂｏｔｏｘ", "ｂｏｔｏｘ"}});
    check(technique::letter_case, {{"botox", "打BoTox", "BoTox"}});
  }

  TEST_CASE("reversed: a term of three characters and more is read backwards too, where that is no ordinary text") {
    check(technique::reversed, {{"加微信", "老板信微加", "信微加"}, {"国家级", "这是级家国的", "级家国"}});
    check_nothing({"加微信", "最佳"}, {"佳最", "相信微加工"});
    // What reads as words from behind is no disguise.
    check_nothing({"上海自来水", "女儿好"}, {"水来自海上", "好儿女志在四方"});
  }

  TEST_CASE("homophones: a character that sounds alike, where no ordinary word explains it") {
    check(technique::homophones, {{"加微信", "请加薇信领", "加薇信"}, {"加微信", "佳微芯", "佳微芯"}, {"效果保证", "效果宝证", "效果宝证"},
                                  {"国家级", "国佳级设备", "国佳级"}, {"包满意", "胞满意", "胞满意"}});
    check_nothing({"加微信", "国家级", "包满意", "一次见效", "零风险", "最佳", "无痕迹", "保证有效"},
                  {"家威信最高", "他家维信誉", "过加急了", "依次见笑了", "最家", "五环机场"});
  }

  TEST_CASE("pinyin: whole, spaced, one syllable, with tones") {
    check(technique::pinyin, {{"加微信", "jiaweixin", "jiaweixin"}, {"加微信", "JIA wei xin领", "JIA wei xin"}, {"加微信", "加wei信", "加wei信"},
                              {"加微信", "加weixin详聊", "加weixin"}, {"微信", "weixin", "weixin"}, {"微信", "微xin", "微xin"},
                              {"加微信", "jiāwēixìn", "jiāwēixìn"}, {"效果保证", "xiaoguo保证", "xiaoguo保证"}, {"成功率", "成功lv高", "成功lv"}});
    // The rest of the word is pinyin too; else it is another word.
    CHECK(covered(compiled({"微信"}), "weixinhao") == words{"weixin"});
    check_nothing({"微信", "我们", "现在", "长江"}, {"weixinxq", "women like it", "changed"});
  }

  TEST_CASE("a second reading of a character counts in pinyin") {
    CHECK(covered(compiled({"银行卡号"}), "yinhangkahao") == words{"yinhangkahao"});
    CHECK(covered(compiled({"银行卡号"}), "yinxingkahao") == words{"yinxingkahao"});
  }

  TEST_CASE("initials count only for terms that say so, and only as words of their own") {
    const auto marked = [](techniques on) {
      term t{"微信号", 1, 0};
      t.conditions.initials = true;
      return *matcher::compile(std::vector<term>{t}, on);
    };
    CHECK(covered(marked(techniques::all()), "加wxh领红包") == words{"wxh"});
    CHECK(covered(marked(techniques::all()), "加W-X-H") == words{"W-X-H"});
    CHECK(covered(marked(techniques::all()), "awxh wxhb").empty());
    CHECK(covered(marked(techniques::all().without(technique::initials)), "加wxh").empty());
    CHECK(covered(compiled({"微信号"}), "加wxh").empty());
  }

  TEST_CASE("a term of two characters counts by sound alone only where its line says so") {
    term t{"微信", 1, 0};
    t.conditions.by_sound = true;
    CHECK(covered(*matcher::compile(std::vector<term>{t}), "薇信") == words{"薇信"});
    CHECK(covered(compiled({"微信"}), "薇信").empty());
  }

  TEST_CASE("a number is not cut: a term that begins or ends with a figure is a whole number") {
    check_nothing({"一元购", "1元体验", "全国第一", "9块9"}, {"十一元购", "21元购", "0.1元体验", "全国第十", "全国第一百", "19块9", "9块95"});
    CHECK(covered(compiled({"一元购"}), "满一元购物") == words{"一元购"});
  }

  TEST_CASE("what signs part into clauses is not joined across them") {
    check_nothing({"刷好评", "加微信", "最佳", "包满意"},
                  {"牙刷 好评价高", "刷牙。好评", "最好的一家，佳能相机", "参加，微信群", "背包，满意"});
    CHECK(covered(compiled({"刷好评"}), "刷 好评") == words{"刷 好评"});
  }

  TEST_CASE("conditions look at words of any spelling, on either side, within their distance") {
    term t{"根治", 1, 0};
    t.conditions.near = {"保证"};
    t.conditions.not_near = {"无法"};
    t.conditions.within = 3;
    const auto in = *matcher::compile(std::vector<term>{t});
    CHECK(covered(in, "保❤证一次根治") == words{"根治"});
    CHECK(covered(in, "根治有保证") == words{"根治"});
    CHECK(covered(in, "根治").empty());
    CHECK(covered(in, "保证三次就根治") == words{"根治"});
    CHECK(covered(in, "保证你很快就能根治").empty());
    CHECK(covered(in, "保证无法根治").empty());
  }

  TEST_CASE("a text of nothing but matches is answered in bounded memory") {
    const auto in = compiled({"a", "aa"});
    normalised_text text;
    in.words().normalise(std::string(2'000'000, 'a'), text);
    matcher::scratch memory;
    std::vector<hit> hits;
    in.scan(text, memory, hits);
    CHECK(hits.size() <= matcher::candidates_max);
  }

  TEST_CASE("on ordinary sentences the disguises find nothing that a plain search does not") {
    words terms;
    std::vector<std::filesystem::path> packs{"packs/baseline-2021"};
    if (std::filesystem::exists("packs/default")) packs.emplace_back("packs/default");
    for (const auto& dir : packs) {
      const auto p = pack::load(dir);
      REQUIRE(p);
      for (const auto& category : (*p)->categories()) terms.insert(terms.end(), category.terms.begin(), category.terms.end());
    }
    for (const char* more : {"微信", "加微信", "薇信号", "瘦脸", "胖", "强", "谢谢", "信", "时", "明", "音", "思念", "好评", "最佳", "第一", "一元",
                             "零元", "十元", "女好", "现在做", "威信号", "包满意", "刷好评", "一定瘦", "不痛", "终身", "根治", "vx", "qq", "botox"})
      terms.emplace_back(more);
    const auto all = compiled(terms);
    const auto simple = compiled(terms, plain);
    const auto sentences = lines_of("tests/policy/data/ordinary.txt");
    CHECK(sentences.size() >= 150);
    for (const std::string& sentence : sentences) {
      CAPTURE(sentence);
      // What is there in plain words is the rules' matter, not the normaliser's; `B 超` is `B超`.
      words seen = covered(simple, sentence);
      std::string tight = sentence;
      std::erase(tight, ' ');
      for (const std::string& found : covered(simple, tight)) seen.push_back(found);
      std::string disguised;
      for (const std::string& found : covered(all, sentence)) {
        std::string plainly = found;
        std::erase(plainly, ' ');
        if (std::find(seen.begin(), seen.end(), plainly) == seen.end()) disguised += found + ' ';
      }
      CHECK(disguised == "");
    }
  }
}

}  // namespace zhili::policy
