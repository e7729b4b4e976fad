// SPDX-License-Identifier: Apache-2.0
#include "policy/text/readable.hpp"

#include <span>
#include <string_view>

#include "policy/text/utf8.hpp"

namespace zhili::policy {
namespace {

/// What a number counts: there a figure reads well.
constexpr std::u32string_view measures =
    U"元块毛角分折天日月年周次秒时小点个位名家台支针瓶盒单对代倍度级层条款例斤克岁人份张万亿千百期号楼线类版月刻式档套集场届万部毫厘米公";
constexpr std::u32string_view figures = U"零一二三四五六七八九";

/// 9块9
bool is_price(std::uint32_t c) { return c == U'块' || c == U'元' || c == U'点' || c == U'角' || c == U'毛'; }

bool counts(std::span<const text_unit> after, bool is_ten) {
  // 十分好 is no figure, 十分钟 and 十分之一 are.
  if (is_ten && !after.empty() && after[0].character == U'分' &&
      (after.size() == 1 || (after[1].character != U'钟' && after[1].character != U'之')))
    return false;
  return !after.empty() && measures.find(static_cast<char32_t>(after[0].character)) != std::u32string_view::npos;
}

/// `put` takes each character with the first and the last unit that it was made of.
template <class Put>
void walk(const normalised_text& text, Put put) {
  const auto& units = text.units;
  for (std::size_t i = 0; i < units.size();) {
    std::size_t end = i;
    while (end < units.size() && units[end].is(trait::digit)) ++end;
    const std::size_t length = end - i;
    const text_unit* before = i > 0 ? &units[i - 1] : nullptr;
    const bool at_end = end == units.size() || units[end].is(trait::hard);
    const text_unit* after = at_end ? nullptr : &units[end];
    const bool is_ten = length == 2 && units[i].character == '1' && units[i + 1].character == '0';
    const bool among_han = after != nullptr ? after->is(trait::han) && (before == nullptr || before->is(trait::han) ||
                                                                           before->is(trait::hard))
                                            : before != nullptr && before->is(trait::han) && !is_price(before->character);
    if ((length == 1 || is_ten) && among_han && !counts(std::span(units).subspan(end), is_ten)) {
      put(is_ten ? U'十' : figures[units[i].character - '0'], i, end - 1);
    } else {
      for (std::size_t k = i; k < end; ++k) put(units[k].character, k, k);
    }
    if (length == 0) {
      put(units[end].character, end, end);
      ++end;
    }
    i = end;
  }
}

}  // namespace

void readable(const normalised_text& text, std::vector<std::uint32_t>& out) {
  out.clear();
  walk(text, [&](std::uint32_t c, std::size_t, std::size_t) { out.push_back(c); });
}

std::vector<placed_character> placed_characters(const normalised_text& text) {
  std::vector<placed_character> out;
  walk(text, [&](std::uint32_t c, std::size_t first, std::size_t last) { out.push_back({c, first, last}); });
  return out;
}

void in_utf8(const std::vector<std::uint32_t>& characters, std::string& out) {
  out.resize(characters.size() * 4);
  std::size_t size = 0;
  for (const std::uint32_t c : characters) size += utf8::encode(c, out.data() + size);
  out.resize(size);
}

std::string readable(const normalised_text& text) {
  std::vector<std::uint32_t> characters;
  std::string out;
  readable(text, characters);
  in_utf8(characters, out);
  return out;
}

}  // namespace zhili::policy
