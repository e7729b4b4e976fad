// SPDX-License-Identifier: Apache-2.0
// Each technique by itself: what it brings together, what it must leave apart, and that it can be switched off.
#include "policy/text/normaliser.hpp"
#include "policy/text/readable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace zhili::policy {
namespace {

std::string read_as(std::string_view text, techniques on = techniques::all()) {
  normalised_text out;
  normaliser::with(on)->normalise(text, out);
  return readable(out);
}

struct row {
  std::string written;
  std::string read;
};

/// With the technique each row reads as it says; without it none of those that differ does.
void check(technique t, const std::vector<row>& rows) {
  for (const row& r : rows) {
    CAPTURE(r.written);
    CHECK(read_as(r.written) == r.read);
    if (r.written != r.read) CHECK(read_as(r.written, techniques::all().without(t)) != r.read);
  }
}

void check_left_alone(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(read_as(text) == text);
  }
}

}  // namespace

TEST_SUITE("policy/text") {
  TEST_CASE("compatibility: full width, ligatures and composed signs are what they are made of") {
    check(technique::compatibility, {{"ＢＯＴＯＸ", "botox"}, {"ｗｅｉｘｉｎ", "weixin"}, {"５０㎎", "50mg"}, 
                                     {"㍿", "株式会社"}, {"ｶﾀｶﾅ", "カタカナ"}, {"⼈⼯", "人工"}, {"𝐛𝐨𝐭𝐨𝐱", "botox"}, {"Ⅲ类", "iii类"}});
    check_left_alone({"玻尿酸", "ひらがな", "한글", "𠮷野家"});
  }

  TEST_CASE("letter case: capitals are small letters") {
    check(technique::letter_case, {{"BOTOX", "botox"}, {"Straße", "strasse"}, {"加V", "加v"}});
  }

  TEST_CASE("traditional characters are simplified ones") {
    check(technique::traditional, {{"醫療美容", "医疗美容"}, {"隆鼻術", "隆鼻术"}, {"雙眼皮", "双眼皮"}, {"除皺", "除皱"},
                                   {"牙齒矯正", "牙齿矫正"}});
  }

  TEST_CASE("invisible: zero width, variation selectors, soft hyphens and marks on letters vanish") {
    check(technique::invisible, {{"微\u200B信", "微信"}, {"微\u00AD信", "微信"}, {"微\uFE0F信", "微信"}, {"微\u2060\uFEFF信", "微信"},
                                 {"微\U000E0100信", "微信"}, {"微\u0336信\u0336", "微信"}, {"bo\u200Dtox", "botox"}});
  }

  TEST_CASE("bidi: what is shown turned around is read as it is shown") {
    check(technique::bidi, {{"\u202E信微加\u202C你好", "加微信你好"}, {"看\u202Exotob", "看botox"}});
    CHECK(read_as("微\u202D信\u202C") == "微信");
    CHECK(read_as("\u202E信微\n你好") == "微信\n你好");
  }

  TEST_CASE("separators: signs, spaces and emoji between characters are taken out") {
    check(technique::separators,
          {{"微·信", "微信"}, {"加❤微❤信", "加微信"}, {"微 信", "微信"}, {"微　信", "微信"}, {"微-_*~|/信", "微信"}, {"微(信)", "微信"},
           {"微。信。号", "微信号"}, {"加，微，信", "加微信"}, {"b o t o x", "botox"}, {"b.o.t.o.x", "botox"}, {"加v x咨询", "加vx咨询"},
           {"加 VX", "加vx"}, {"1 3 8 0 0", "13800"}, {"无痛🙂", "无痛"}});
    // A clause ends where it ends, words of letters stay apart, numbers stay whole.
    check_left_alone({"好,很好,美", "双眼皮。手术", "hello world", "9.9元", "2021-07-01", "10:30", "99%有效", "vitamin c e精华",
                      "第3天,7天拆线", "1000 2000", "1、2、3"});
    CHECK(read_as("一、二、三") == read_as("1、2、3"));
  }

  TEST_CASE("escapes: HTML, percent and backslash escapes are the characters that they stand for") {
    check(technique::escapes,
          {{"&#24494;&#x4FE1;", "微信"}, {"&#24494&#x4FE1", "微信"}, {"&amp;#24494;信", "微信"}, {"微&nbsp;信", "微信"}, {"微<b>信</b>", "微信"},
           {"微<!-- x -->信", "微信"}, {"%E5%BE%AE%E4%BF%A1", "微信"}, {"\\u5fae\\u4FE1", "微信"}, {"%77%78号", "wx号"},
           {"微<span class=\"a\">信", "微信"}, {"双眼皮<br/>手术", "双眼皮\n手术"}});
    check_left_alone({"满减50%20元", "a&b", "价格%e5"});
    CHECK(read_as("1<2且3>2") == read_as("1<2且3>2", techniques::all().without(technique::escapes)));
    CHECK(read_as("%E5%BE", techniques::all().without(technique::separators)) == "%e5%be");
    CHECK(read_as("&#xD800;&#0;&#x110000;").find("\xEF\xBF\xBD") == std::string::npos);
  }

  TEST_CASE("look-alikes: letters of other scripts, enclosed letters, figures inside of words") {
    check(technique::look_alikes, {{"сlass", "class"}, {"вotox", "botox"}, {"🅱otox", "botox"}, {"b0tox", "botox"}, {"b0t0x", "botox"},
                                   {"wēixìn", "weixin"}, {"加➕微信", "加加微信"}, {"138oo138000", "13800138000"}, {"加ѵх", "加vx"}});
    check(technique::look_alikes, {{"加徽信", "加微信"}, {"兔费体验", "免费体验"}, {"肉毐", "肉毒"}, {"廋脸", "瘦脸"}, {"岀生", "出生"},
                                   {"苐一", "第一"}, {"羙容", "美容"}, {"怯斑", "祛斑"}, {"最隹", "最佳"}});
    check_left_alone({"安徽信息", "兔子", "游泳久", "嫪毐", "莪术", "蕞尔", "徽商", "自己治", "忧愁", "班长", "今日"});
    CHECK(read_as("7拆线") == "七拆线");
    CHECK(read_as("玉兔 费用") == "玉兔费用");
    check_left_alone({"москва", "γαλα", "50ml", "mp3", "co2激光", "h2o"});
  }

  TEST_CASE("digits: figures however they are written") {
    check(technique::digits,
          {{"㈠元购", "1元购"}, {"壹元购", "1元购"}, {"一元购", "1元购"}, {"➊元购", "1元购"},
           {"九块九", "9块9"}, {"一百", "100"}, {"两千", "2000"}, {"三百五", "350"}, {"三百零五", "305"}, {"十五", "15"}, {"二十", "20"},
           {"贰拾叁", "23"}, {"一三八零零", "13800"}, {"⑫⓴", "1220"}, {"零元", "0元"}, {"〇元", "0元"}, {"3百元", "300元"},
           {"独➀无➁", "独一无二"}, {"全国第❶", "全国第一"}, {"➉大名医", "十大名医"}, {"💯分", "100分"}});
    CHECK(read_as("①元⑩") == "1元10");
    CHECK(read_as("亚洲第一，九块九，好") == "亚洲第一,9块9,好");
    CHECK(read_as("１元") == "1元");
    CHECK(read_as("𝟏元") == "1元");
    check_left_alone({"一定", "一起", "统一", "大陆", "收拾", "队伍", "放肆", "万一", "十分好", "百分百", "唯一", "第一"});
  }

  TEST_CASE("a figure reads the same whichever way it was written") {
    for (const std::vector<std::string>& same : std::vector<std::vector<std::string>>{
             {"一定要", "①定要", "1定要"}, {"独一无二", "独1无2", "独①无②"}, {"十大名院", "10大名院", "⑩大名院"}, {"1元", "一元", "壹元"}}) {
      for (const std::string& text : same) CHECK(read_as(text) == read_as(same.front()));
    }
  }

  TEST_CASE("split characters are put together, unless the halves are at home where they stand") {
    check(technique::split_characters, {{"月半", "胖"}, {"减月半", "减胖"}, {"言射谢", "谢谢"}, {"弓虽烈", "强烈"}, {"亻言任", "信任"},
                                        {"钅戋", "钱"}, {"金戋", "钱"}, {"讠正书", "证书"}, {"月佥蛋", "脸蛋"}, {"匚矢生", "医生"},
                                        {"氵去令纹", "法令纹"}, {"扌丁针", "打针"}, {"又又眼皮", "双眼皮"}, {"微亻言", "微信"}});
    check_left_alone({"女子医院", "日月潭", "人口众多", "7月半"});
    CHECK(read_as("七月半") == "7月半");
    check_left_alone({"今日生产", "男女马上", "现金购买", "本土也有", "又又又", "能力口碑都好", "小月半价", "自大", "木材", "工人力量"});
  }

  TEST_CASE("normalising what was normalised changes nothing") {
    for (const std::string text : {"加❤微❤信，①元做双眼皮", "減月半 言射谢", "b o t o x 1 3 8 0 0", "&amp;lt;b>", "三百零五 一百", "a. b, c 。 d"}) {
      const std::string once = read_as(text);
      CHECK(read_as(once) == once);
    }
  }

  TEST_CASE("each place leads back to the bytes that were written for it") {
    //                 0..2 3..5 6..8 9..11 12..14
    const std::string text = "加❤微❤信";
    normalised_text out;
    normaliser::with(techniques::all())->normalise(text, out);
    REQUIRE(out.units.size() == 3);
    CHECK(out.written(0, 2) == std::pair{0U, 15U});
    CHECK(out.written(1, 2) == std::pair{6U, 15U});
    normaliser::with(techniques::all())->normalise("\u202E信微\u202C", out);
    CHECK(out.utf8() == "微信");
    CHECK(out.written(0, 0) == std::pair{6U, 9U});
    CHECK(out.written(0, 1) == std::pair{3U, 9U});
  }

  TEST_CASE("turns each byte outside of valid UTF-8 into U+FFFD and loses no place") {
    const std::string bad = "\uFFFD";
    for (const auto& [written, read] : std::vector<std::pair<std::string, std::string>>{
             {"\x80", bad}, {"A\xFFZ", "a" + bad + "z"}, {"\xE5\x8C", bad + bad}, {"\xF0\x9F\x99", bad + bad + bad}, {"\xC0\xAF", bad + bad},
             {"\xED\xA0\x80", bad + bad + bad}, {"\xF4\x90\x80\x80", bad + bad + bad + bad}, {"\xE5Z", bad + "z"}}) {
      CAPTURE(written);
      CHECK(read_as(written) == read);
    }
  }

  TEST_CASE("keeps the map whole where a text grows many times longer") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "ﷺ";
    normalised_text out;
    normaliser::with(techniques::all().without(technique::separators))->normalise(text, out);
    REQUIRE(out.units.size() == 100 * 18);
    for (std::size_t i = 0; i < out.units.size(); ++i) REQUIRE(out.units[i].begin == i / 18 * 3);
  }

  TEST_CASE("an empty text stays empty, and so does one of nothing but signs") {
    CHECK(read_as("").empty());
    CHECK(read_as("❤ ✨").empty());
  }

  TEST_CASE("every technique has a name and is found by it") {
    CHECK(technique_infos().size() == 14);
    for (const auto& info : technique_infos()) {
      CHECK(technique_named(info.name) == info.what);
      CHECK_FALSE(techniques::all().without(info.what).has(info.what));
    }
    CHECK_FALSE(technique_named("telepathy"));
  }
}

}  // namespace zhili::policy
