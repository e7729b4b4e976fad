// SPDX-License-Identifier: Apache-2.0
#include "policy/text/technique.hpp"

namespace zhili::policy {
namespace {

using enum technique;

constexpr technique_info infos[] = {
    {compatibility, "compatibility", "全角、带圈、合体等变体字形", "full width, circled, squared and other variant forms (NFKC)"},
    {letter_case, "letter_case", "大小写", "capital and small letters"},
    {traditional, "traditional", "繁体字", "traditional characters"},
    {invisible, "invisible", "零宽字符、变体选择符、软连字符", "zero-width characters, variation selectors, soft hyphens"},
    {bidi, "bidi", "双向控制符与强制反向", "bidirectional controls, and text they turn around"},
    {separators, "separators", "字间夹符号、空格、表情", "signs, spaces and emoji between characters"},
    {escapes, "escapes", "HTML 标签与实体、百分号编码、\\u 编码", "HTML tags and entities, percent and \\u escapes"},
    {look_alikes, "look_alikes", "形近字母、符号与汉字", "letters, signs and Chinese characters that look alike"},
    {digits, "digits", "各种写法的数字", "figures in all their forms"},
    {split_characters, "split_characters", "拆字", "characters taken apart"},
    {reversed, "reversed", "倒写", "terms written backwards"},
    {homophones, "homophones", "同音字", "characters that sound alike"},
    {pinyin, "pinyin", "拼音", "pinyin for characters"},
    {initials, "initials", "拼音首字母（仅限注明的词）", "initials of pinyin, for terms that say so"},
};

}  // namespace

std::span<const technique_info> technique_infos() { return infos; }

std::optional<technique> technique_named(std::string_view name) {
  for (const technique_info& info : infos) {
    if (info.name == name) return info.what;
  }
  return {};
}

}  // namespace zhili::policy
