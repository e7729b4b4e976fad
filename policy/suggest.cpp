// SPDX-License-Identifier: Apache-2.0
#include "policy/suggest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

// Characters as slices of bytes: enough to compare them, valid UTF-8 or not.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    out.push_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

constexpr std::size_t word_bytes_max = 256;
constexpr std::size_t listed_max = 12;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

struct meaning {
  std::string_view zh, word;
};
// What people write in Chinese for the words of rules, tables and lexicons.
constexpr meaning known_meanings[] = {
    {"编号", "id"},         {"标题", "title"},       {"题目", "title"},       {"状态", "status"},
    {"级别", "level"},      {"等级", "level"},       {"严重程度", "level"},   {"说明", "description"},
    {"作者", "author"},     {"日期", "date"},        {"标签", "tags"},        {"环节", "stage"},
    {"匹配", "match"},      {"分条件", "let"},       {"条件", "when"},        {"动作", "then"},
    {"那么", "then"},       {"结论", "verdict"},     {"标注", "label"},       {"分值", "points"},
    {"分数", "points"},     {"队列", "queue"},       {"处置", "measure"},     {"依据", "basis"},
    {"开关", "mode"},       {"模式", "mode"},        {"原因", "reason"},      {"理由", "reason"},
    {"改正", "correct"},    {"测试", "tests"},       {"名称", "name"},        {"名字", "name"},
    {"文字", "text"},       {"正文", "text"},        {"事实", "facts"},       {"期望", "expect"},
    {"法律", "statute"},    {"条", "article"},       {"条款", "article"},     {"起", "valid_from"},
    {"止", "valid_to"},     {"版本", "version"},     {"设置", "settings"},    {"行", "row"},
    {"类别", "category"},   {"词表", "category"},    {"中文", "zh"},          {"英文", "en"},
    {"通过", "approve"},    {"降低展示", "demote"},  {"降权", "demote"},      {"限流", "demote"},
    {"不予通过", "reject"}, {"不通过", "reject"},    {"拒绝", "reject"},      {"转人工", "escalate"},
    {"人工", "escalate"},   {"暂停账号", "suspend"}, {"封号", "suspend"},     {"提示", "informational"},
    {"低", "low"},          {"中", "medium"},        {"高", "high"},          {"严重", "critical"},
    {"普通", "normal"},     {"加急", "high"},        {"紧急", "urgent"},      {"关闭", "off"},
    {"停用", "off"},        {"影子", "shadow"},      {"灰度", "canary(10%)"}, {"启用", "enforce"},
    {"触发", "fires"},      {"不触发", "silent"},    {"出错", "error"},       {"警告", "warning"},
    {"下架", "delisting"},  {"删除", "removal"},     {"是", "true"},          {"否", "false"},
    {"未成年人", "minors"}, {"学生", "students"},    {"家长", "parents"},     {"成年人", "adults"},
};

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto x = characters(a), y = characters(b);
  std::vector<std::size_t> before(y.size() + 1), above(y.size() + 1), row(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x[i - 1] == y[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[y.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > word_bytes_max) return {};
  const auto is_known = [&](std::string_view w) {
    return std::find(known.begin(), known.end(), w) != known.end();
  };
  for (const meaning& m : known_meanings) {
    if (m.zh == word && is_known(m.word)) return m.word;
  }
  const std::string small = lower(word);
  for (const std::string_view candidate : known) {
    if (lower(candidate) == small) return candidate;
  }
  // Any letter is as near to one letter as any other.
  if (characters(word).size() == 1) return {};
  std::string_view best;
  std::size_t best_distance = (characters(word).size() + 2) / 3 + 1;
  for (const std::string_view candidate : known) {
    const std::size_t d = edit_distance(word, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

bilingual suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (const auto near = nearest(word, known); !near.empty())
    return tell("；你是不是想写 '{}'？", "; did you mean '{}'?", near);
  if (known.empty() || known.size() > listed_max) return {};
  return tell(
      "；可以写的有：{}", "; known are {}",
      bilingual{fmt::format("{}", fmt::join(known, "、")), fmt::format("{}", fmt::join(known, ", "))});
}

}  // namespace zhili::policy
