// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/error_words.hpp"

namespace zhili::policy {
namespace {

// Where both end in ": ", what follows is a value or name and stays as it is. Longest first among those that
// begin alike.
constexpr bilingual_view known[] = {
    {"没有提供这个事实", missing_fact},
    {"没有这个事实：", "no such fact: "},
    {"计算的步数太多", "the evaluation takes too many steps"},
    {"结果超出 64 位整数", "overflow: the result does not fit 64 bits"},
    {"超出范围：年份是 1 到 9999，时长最多 292 年",
     "out of range: years 1 to 9999, spans of at most 292 years"},
    {"超出范围：时长最多 292 年", "out of range: spans of at most 292 years"},
    {"超出范围或不是时刻：请写成 2021-07-18T09:30:00Z",
     "range error or no point in time: write 2021-07-18T09:30:00Z"},
    {"超出范围或不是时长：请写成 90s 或 1h30m", "range error or no span of time: write 90s or 1h30m"},
    {"数超出范围", "range error: the number does not fit"},
    {"这段文字不能这样转换", "the text cannot be read as that"},
    {"这里的值不是能这样用的那一种", "no such overload: a value here has a type that this cannot take"},
    {"只有映射才有成员", "no such overload: only a map has members"},
    {"键只能是文字、整数、true 或 false", "no such overload: a key is a text, a whole number, true or false"},
    {"不能这样用这些值：", "no such overload: "},
    {"值太大", "the values grew too large"},
    {"除以零", "divide by zero"},
    {"对零取余", "modulus by zero"},
    {"日期只能加减整天", "a date moves by whole days"},
    {"没有这个时区：请写成 +08:00 这样", "unknown time zone: write an offset such as +08:00"},
    {"这些字节不是 UTF-8 文字", "invalid UTF-8: these bytes are no text"},
    {"没有这个键：", "no such key: "},
    {"位置超出列表：", "index out of range: "},
    {"键重复：", "repeated key: "},
    {"读不懂这个匹配模式：", "the pattern cannot be read: "},
    {"读不懂这个匹配模式", "the pattern cannot be read"},
    {"式子不是 UTF-8 编码", "the expression is not UTF-8"},
    {"hits() 数的是提交的正文，这里没有正文", "hits() counts in a submission; there is none here"},
    {"没有这个函数", "unknown function"},
};

}  // namespace

bilingual error_words(std::string_view english) {
  for (const bilingual_view& k : known) {
    const bool open = k.en.ends_with(": ");
    if (open ? english.starts_with(k.en) : english == k.en)
      return {std::string(k.zh) + std::string(open ? english.substr(k.en.size()) : ""), std::string(english)};
  }
  return {std::string(english), std::string(english)};
}

}  // namespace zhili::policy
