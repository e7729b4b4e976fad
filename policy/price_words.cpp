// SPDX-License-Identifier: Apache-2.0
#include "policy/price_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace zhili::policy {
namespace {

struct pair {
  std::uint32_t from, to;
};

// Sorted by `from`.
constexpr pair plain_forms[] = {
    {0x00D7, 'x'},   {0x3007, U'零'}, {0x4E07, U'万'}, {0x5146, U'兆'}, {0x5169, U'两'}, {0x5706, U'元'},
    {0x5713, U'元'}, {0x584A, U'块'}, {0x767E, U'百'}, {0x842C, U'万'}, {0x9322, U'钱'}, {0x9EDE, U'点'},
};

struct numeral {
  char32_t point;
  std::int16_t value;
  bool formal;
};
constexpr numeral numerals[] = {
    {U'零', 0, false}, {U'一', 1, false},  {U'二', 2, false},   {U'两', 2, false},    {U'三', 3, false},
    {U'四', 4, false}, {U'五', 5, false},  {U'六', 6, false},   {U'七', 7, false},    {U'八', 8, false},
    {U'九', 9, false}, {U'十', 10, false}, {U'百', 100, false}, {U'千', 1000, false}, {U'万', 10000, false},
    {U'壹', 1, true},  {U'贰', 2, true},   {U'貳', 2, true},    {U'叁', 3, true},     {U'叄', 3, true},
    {U'肆', 4, true},  {U'伍', 5, true},   {U'陆', 6, true},    {U'陸', 6, true},     {U'柒', 7, true},
    {U'捌', 8, true},  {U'玖', 9, true},   {U'拾', 10, true},   {U'佰', 100, true},   {U'仟', 1000, true},
    {U'弌', 1, true},
};

// Digits in circles, brackets, with points: the first of each run is a 1, but for those that begin with 0.
struct run_of_digits {
  std::uint32_t first;
  int begins, count;
};
constexpr run_of_digits digit_runs[] = {
    {0xFF10, 0, 10},  {0x2460, 1, 9},   {0x24EA, 0, 1},   {0x2474, 1, 9},   {0x2488, 1, 9},
    {0x2776, 1, 9},   {0x2780, 1, 9},   {0x278A, 1, 9},   {0x24FF, 0, 1},   {0x24F5, 1, 9},
    {0x2080, 0, 10},  {0x2070, 0, 1},   {0x3220, 1, 9},   {0x3280, 1, 9},   {0x1D7CE, 0, 10},
    {0x1D7D8, 0, 10}, {0x1D7E2, 0, 10}, {0x1D7EC, 0, 10}, {0x1D7F6, 0, 10},
};

/// Of the characters below U+10000, those that some table above knows: nearly every character of a text is none.
constexpr auto known = [] {
  std::array<std::uint64_t, 0x10000 / 64> out{};
  const auto add = [&](std::uint32_t c) {
    if (c < 0x10000) out[c / 64] |= std::uint64_t{1} << (c % 64);
  };
  for (const pair& p : plain_forms) add(p.from);
  for (const numeral& n : numerals) add(n.point);
  for (const run_of_digits& r : digit_runs) {
    for (int i = 0; i < r.count; ++i) add(r.first + static_cast<std::uint32_t>(i));
  }
  for (std::uint32_t wide = 0xFF01; wide <= 0xFF5E; ++wide) add(wide);
  return out;
}();

bool is_known(std::uint32_t c) { return c >= 0x10000 || (known[c / 64] >> (c % 64) & 1) != 0; }

bool is_unseen(std::uint32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0x20E3 || c == 0x00AD || c == 0xFEFF;
}

character plain(std::uint32_t c) {
  if (c < 0x80) return {c >= 'A' && c <= 'Z' ? c + 32 : c, false};
  if (c == 0xFFE5 || c == money_sign) return {money_sign, false};
  if (!is_known(c)) return {c, false};
  for (const run_of_digits& r : digit_runs) {
    if (c >= r.first && c < r.first + static_cast<std::uint32_t>(r.count))
      return {'0' + c - r.first + static_cast<std::uint32_t>(r.begins), false};
  }
  if (c >= 0xFF01 && c <= 0xFF5E) return plain(c - 0xFEE0);
  const auto found = std::lower_bound(
      std::begin(plain_forms), std::end(plain_forms), c,
      [](const pair& p, std::uint32_t v) { return p.from < v; });
  if (found != std::end(plain_forms) && found->from == c) return {found->to, false};
  for (const numeral& n : numerals) {
    if (n.formal && n.point == c) return {c, true};
  }
  return {c, false};
}

template <std::size_t N>
bool any_at(const cursor& at, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view w) {
    cursor copy = at;
    return take_word(copy, w);
  });
}

// Nothing, a blank or punctuation stands there.
bool is_boundary(const cursor& at) {
  const std::uint32_t c = at.peek().point;
  if (c == 0) return true;
  if (c < 0x80) return !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && c != '%';
  return (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0x2010 && c <= 0x2027) ||
         (c >= 0x1F000 && c <= 0x1FAFF) || (c >= 0x2600 && c <= 0x27BF) || c == 0xFF1A || c == 0xFF1B ||
         c == 0xFF1F;
}

constexpr std::string_view offers_after[] = {
    "包邮", "秒",   "抢",   "购",   "起",   "体验", "拍",   "团",   "一次", "就",   "带走", "带回", "到手",
    "限时", "限量", "特价", "引流", "搞定", "拿下", "做",   "买",   "入",   "封顶", "均价", "打包", "换购",
    "加购", "预约", "拼",   "解锁", "开抢", "左右", "以内", "以下", "/",    "一支", "一只", "一针", "一盒",
    "一个", "一位", "的价", "福利", "专享", "优惠", "套餐", "全包", "疯抢", "变美"};

constexpr std::string_view offers_before[] = {
    "仅",   "只要", "只需", "低至", "现价", "到手", "到手价", "价",   "价格", "售",   "券后", "拼",   "团购",
    "团",   "特惠", "体验", "才",   "秒杀", "特价", "立减",   "减",   "省",   "付",   "花",   "花了", "收费",
    "定金", "订金", "预付", "抵",   "补贴", "返",   "红包",   "低到", "不到", "直降", "卖",   "要",   "原价",
    "首单", "新人", "只",   "起",   "每次", "单次", "一次",   "价:",  "价：", "低价", "均价", "优惠"};

constexpr std::string_view counted[] = {
    "%",    "％",   "°",    "℃",    "折",   "分",   "版",   "代",     "ml",   "cm",   "mm",   "km",   "kg",
    "mg",   "ug",   "g",    "m",    "l",    "x",    "d",    "v",      "b",    "s",    "h",    "倍",   "度",
    "米",   "厘米", "毫",   "公斤", "公里", "公分", "克",   "斤",     "升",   "岁",   "次",   "个",   "人",
    "粉",   "点",   "月",   "日",   "号",   "年",   "天",   "周",     "小时", "分钟", "秒钟", "星",   "名",
    "位",   "例",   "家",   "台",   "件",   "条",   "字",   "页",     "篇",   "张",   "套",   "只",   "支",
    "针",   "片",   "盒",   "瓶",   "颗",   "枚",   "层",   "楼",     "平",   "亩",   "吨",   "里",   "寸",
    "英寸", "级",   "届",   "章",   "节",   "期",   "集",   "场",     "轮",   "赞",   "播",   "阅",   "浏",
    "收藏", "关注", "点赞", "用户", "会员", "顾客", "客户", "患者",   "评",   "单",   "笔",   "步",   "卡",
    "大卡", "千",   "焦",   "多",   "余",   "+",    "＋",   "以上的", "种",   "款",   "朵",   "吗",   "根",
    "株",   "本",   "册",   "圈",   "遍",   "下",   "回",   "趟",     "顿",   "口",   "亿",   "倍",   "后",
    "前",   "所",   "幅",   "群",   "双",   "对",   "毫升", "单位",   "iu",   "w",    "hz",   "伏",   "瓦",
    "nm",   "微",   "纳",   "夜",   "两",   "里面", "岸",   "股",     "辈",   "方",   "面",   "人次", "份",
    "部",   "部分", "之",   "象",   "事",   "物",   "家",   "能",     "不",   "别",   "元旦", "里长"};

constexpr std::string_view counts_words[] = {
    "浏览", "阅读", "播放", "点赞", "收藏", "粉丝", "关注", "评论", "转发", "销量", "已售", "累计",
    "超过", "突破", "人数", "用户", "服务", "案例", "第",   "约",   "近",   "超",   "赞",   "月销",
    "年销", "热度", "人气", "版本", "评分", "得分", "口碑", "视力", "身高", "体重", "每天", "毕业",
    "手术", "完成", "进行", "版",   "章",   "图",   "表",   "成千", "千"};

constexpr std::string_view yuan_words[] = {"旦",   "宵",   "素",   "月", "气",   "件", "老", "年",
                                           "首",   "凶",   "帅",   "音", "神",   "勋", "始", "代",
                                           "朝",   "曲",   "谋",   "阳", "认知", "论", "化", "宇宙",
                                           "方程", "世界", "文化", "组", "数据", "胡", "麦"};
constexpr std::string_view yuan_words_of_one[] = {"二次", "一次", "三次", "函数", "硬币", "钱的硬币", "复始"};

// 6.18, 11.11, 3.8, 5.1, 6.1, 10.1: the days of sales, which only the words before can make a price.
bool is_day(std::int64_t hundredths) {
  const std::int64_t month = hundredths / 100, day = hundredths % 100;
  if (hundredths == 380 || hundredths == 510 || hundredths == 610 || hundredths == 1010) return true;
  return month >= 1 && month <= 12 && day >= 11 && day <= 31 && day % 10 != 0;
}

bool ends_before(std::string_view text, const cursor& begin, std::span<const std::string_view> words) {
  std::string_view before = text.substr(0, begin.offset());
  while (!before.empty() && (before.back() == ' ' || before.back() == ':')) before.remove_suffix(1);
  constexpr std::string_view wide_colon = "：";
  if (before.ends_with(wide_colon)) before.remove_suffix(wide_colon.size());
  return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return before.ends_with(w); });
}

}  // namespace

character cursor::next() {
  while (at_ < text_.size()) {
    const std::uint32_t c = decode();
    if (!is_unseen(c)) return plain(c);
  }
  return {};
}

void cursor::skip_blanks() {
  while (!done()) {
    const std::uint32_t c = peek().point;
    if (c != ' ' && c != '\t' && c != 0x3000 && c != 0xA0) return;
    next();
  }
}

// What is no UTF-8 is a character of its own, byte by byte.
std::uint32_t cursor::decode() {
  const auto byte = [&](std::size_t i) {
    return at_ + i < text_.size() ? static_cast<unsigned char>(text_[at_ + i]) : 0u;
  };
  const std::uint32_t lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  std::uint32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      ++at_;
      return 0xFFFD;
    }
    c = c << 6 | (byte(i) & 0x3F);
  }
  at_ += length == 0 ? 1 : length;
  return length == 0 ? 0xFFFD : c;
}

int digit_of(const character& c) {
  return c.point >= '0' && c.point <= '9' ? static_cast<int>(c.point - '0') : -1;
}

int numeral_of(const character& c) {
  if (c.point < 0x4E00 || !is_known(c.point)) return -1;
  for (const numeral& n : numerals) {
    if (n.point == c.point) return n.value;
  }
  return -1;
}

bool is_numeral(const character& c) {
  return numeral_of(c) >= 0;
}

bool is_letter(const character& c) {
  return c.point >= 'a' && c.point <= 'z';
}

bool is_far(const character& c) {
  return c.point == U'几' || c.point == U'数' || c.point == U'幾' || c.point == U'第';
}

bool take_word(cursor& at, std::string_view word) {
  cursor rest = at, wanted(word);
  while (!wanted.done()) {
    if (rest.done() || rest.next().point != wanted.next().point) return false;
  }
  at = rest;
  return true;
}

bool is_other_word_of_yuan(bool plain_one, const cursor& at) {
  return any_at(at, yuan_words) || (plain_one && any_at(at, yuan_words_of_one));
}

bool blocks_are_price(bool plain_one, bool formal, const cursor& at) {
  if (!plain_one && (formal || is_boundary(at))) return true;
  return any_at(at, offers_after) && !(plain_one && any_at(at, {"做", "就", "买", "入", "变美"}));
}

bool is_end_of_price(const cursor& at) {
  return is_boundary(at) || any_at(at, offers_after);
}

bool is_counted(const cursor& at) {
  if (any_at(at, offers_after)) return false;
  return any_at(at, counted);
}

bool counts_before(std::string_view text, const cursor& at) {
  return ends_before(text, at, counts_words);
}

bool reads_as_price(std::string_view text, const cursor& begin, const cursor& end, std::int64_t hundredths) {
  if (counts_before(text, begin)) return false;
  if (ends_before(text, begin, offers_before)) return true;
  if (is_day(hundredths)) return false;
  if (any_at(end, offers_after)) return true;
  // 9.9 99.9 0.99 19.8: the look of a price. 6.18 and 11.11 are days.
  const std::int64_t tail = hundredths % 100;
  const bool looks = tail == 90 || tail == 99 || tail == 98 || tail == 80 || tail == 88;
  return looks && is_boundary(end) &&
         !ends_before(text, begin, std::array<std::string_view, 4>{"-", "/", "=", "("});
}

}  // namespace zhili::policy
