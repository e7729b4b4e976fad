// SPDX-License-Identifier: Apache-2.0
#include "policy/text/normaliser.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <span>

#include "policy/text/escapes.hpp"
#include "policy/text/passes.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/utf8.hpp"
#include "protocols/types/result.hpp"

namespace zhili::policy {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::uint32_t right_to_left_override = 0x202E;
constexpr std::uint32_t pop_direction = 0x202C;
constexpr std::size_t nothing_turned = std::numeric_limits<std::size_t>::max();

/// Which passes have anything to do.
struct seen {
  std::uint8_t bits = 0;
  std::uint32_t kinds = 0;
  bool has(glyph k) const { return (kinds >> static_cast<unsigned>(k) & 1U) != 0; }
};

void encode(normalised_text& text) {
  text.bytes.resize(text.units.size() * 4);
  char* const begin = text.bytes.data();
  char* at = begin;
  for (text_unit& u : text.units) {
    u.at = static_cast<std::uint32_t>(at - begin);
    at += utf8::encode(u.character, at);
  }
  text.bytes.resize(static_cast<std::size_t>(at - begin));
}

}  // namespace

/// The first pass: characters out of bytes and escapes, each through the map, invisible ones left out, spans that are
/// shown backwards turned around.
struct normaliser::reader {
  const normaliser& by;
  normalised_text& out;
  std::string_view text;
  policy::seen seen;
  std::size_t written = 0;
  std::size_t turned_from = nothing_turned;

  void put(std::uint32_t code_point, std::uint32_t begin, std::uint32_t end) {
    const mapped m = by.map_.at(code_point);
    if (m.is_expansion()) return put_all(by.map_.expansion(m), begin, end);
    place(m.target() == 0 ? code_point : m.target(), m, begin, end);
  }

  void put_all(std::span<const mapped> all, std::uint32_t begin, std::uint32_t end) {
    // Room for these and, as before, for one unit a byte of what is left.
    const std::size_t needed = written + all.size() + text.size() - begin;
    if (out.units.size() < needed) out.units.resize(2 * needed);
    for (const mapped one : all) place(one.target(), one, begin, end);
  }

  void place(std::uint32_t character, mapped m, std::uint32_t begin, std::uint32_t end) {
    if (m.kind() >= glyph::invisible) {
      if (m.kind() == glyph::bidi) turn(character);
      return;
    }
    if (character == '\n') end_turning();
    seen.bits |= m.bits();
    seen.kinds |= 1U << static_cast<unsigned>(m.kind());
    out.units[written++] = {character, begin, end, 0, m.kind(), m.bits(), false, false};
  }

  void turn(std::uint32_t control) {
    if (control == right_to_left_override && turned_from == nothing_turned) turned_from = written;
    if (control == pop_direction) end_turning();
  }

  void end_turning() {
    if (turned_from == nothing_turned) return;
    std::reverse(out.units.begin() + static_cast<std::ptrdiff_t>(turned_from),
                 out.units.begin() + static_cast<std::ptrdiff_t>(written));
    turned_from = nothing_turned;
  }

  /// What stands at `at` for another character: bytes taken, 0 where it is no escape.
  std::uint32_t take_escape(std::uint32_t at) {
    const escape found = escape_at(text.substr(at), percent_end == at);
    if (found.length == 0) return 0;
    if (found.character != 0) put(found.character, at, at + found.length);
    if (text[at] == '%') percent_end = at + found.length;
    return found.length;
  }

  void read() {
    // At least one unit's room for each byte that is left, so that only what grows must ask for more.
    if (out.units.size() < text.size()) out.units.resize(text.size());
    const bool escapes = by.on_.has(technique::escapes);
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const auto size = static_cast<std::uint32_t>(text.size());
    // What most characters need, without a way through memory for it.
    policy::seen common;
    text_unit* to = out.units.data();
    for (std::uint32_t at = 0; at < size;) {
      std::uint32_t code_point = bytes[at], length = 1;
      bool is_escape = false;
      if (code_point >= 0x80) {
        const auto found = utf8::decode(bytes + at, size - at);
        code_point = found.length == 0 ? replacement : found.code_point;
        length = std::max(found.length, 1U);
      } else {
        is_escape = escapes && (code_point == '&' || code_point == '%' || code_point == '<' || code_point == '\\');
      }
      const mapped m = by.map_.at(code_point);
      if (m.is_expansion() || m.kind() >= glyph::invisible || code_point == '\n' || is_escape) {
        written = static_cast<std::size_t>(to - out.units.data());
        const std::uint32_t taken = is_escape ? take_escape(at) : 0;
        if (taken == 0) put(code_point, at, at + length);
        to = out.units.data() + written;
        at += taken == 0 ? length : taken;
        continue;
      }
      *to++ = {m.target() == 0 ? code_point : m.target(), at, at + length, 0, m.kind(), m.bits(), false, false};
      common.bits |= m.bits();
      common.kinds |= 1U << static_cast<unsigned>(m.kind());
      at += length;
    }
    written = static_cast<std::size_t>(to - out.units.data());
    seen.bits |= common.bits;
    seen.kinds |= common.kinds;
    end_turning();
    out.units.resize(written);
  }

  std::uint32_t percent_end = std::numeric_limits<std::uint32_t>::max();
};

normaliser::normaliser(techniques on) : on_(on), map_(on) {}

std::shared_ptr<const normaliser> normaliser::with(techniques on) {
  thread_local std::map<std::uint32_t, std::shared_ptr<const normaliser>> made;
  auto& one = made[on.bits()];
  if (!one) one = std::make_shared<const normaliser>(on);
  return one;
}

void normaliser::normalise(std::string_view utf8, normalised_text& out) const {
  ZHILI_ASSERT(utf8.size() < std::numeric_limits<std::int32_t>::max(), "text too large to normalise");
  out.original = static_cast<std::uint32_t>(utf8.size());
  reader first{*this, out, utf8, {}};
  first.read();
  const seen& saw = first.seen;
  // Only what looks like a letter becomes one.
  out.may_hold_letters = saw.has(glyph::letter) || (saw.bits & mapped::alike) != 0;
  if (saw.has(glyph::weak) || saw.has(glyph::hard)) join_across_separators(out);
  if (on_.has(technique::look_alikes) && ((saw.bits & mapped::alike) != 0 || (saw.has(glyph::letter) && saw.has(glyph::digit))))
    read_look_alikes(out);
  if ((saw.bits & mapped::split_first) != 0 && (saw.bits & mapped::split_second) != 0) join_split_characters(out, map_);
  if ((saw.bits & mapped::similar) != 0) read_similar_characters(out, map_);
  if ((saw.bits & mapped::numeral) != 0) write_figures(out);
  encode(out);
}

std::uint64_t text_tables_digest() { return table::digest; }

std::size_t normalised_text::unit_at(std::size_t at) const {
  // Most characters of one text have equally many bytes: a guess in proportion is right or nearly so.
  constexpr int steps_max = 8;
  std::size_t guess = std::min(at * units.size() / bytes.size(), units.size() - 1);
  for (int n = 0; n < steps_max; ++n) {
    if (units[guess].at > at) {
      --guess;
    } else if (guess + 1 < units.size() && units[guess + 1].at <= at) {
      ++guess;
    } else {
      return guess;
    }
  }
  const auto after = std::upper_bound(
      units.begin(), units.end(), at, [](std::size_t byte, const text_unit& u) { return byte < u.at; });
  return static_cast<std::size_t>(after - units.begin()) - 1;
}

std::pair<std::uint32_t, std::uint32_t> normalised_text::written(std::size_t first, std::size_t last) const {
  // Where a span was turned around, the last unit was written first.
  std::pair<std::uint32_t, std::uint32_t> out{units[first].begin, units[first].end};
  for (std::size_t i = first + 1; i <= last; ++i) {
    out.first = std::min(out.first, units[i].begin);
    out.second = std::max(out.second, units[i].end);
  }
  return out;
}

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

}  // namespace

std::string readable(const normalised_text& text) {
  std::string out;
  readable(text, out);
  return out;
}

void readable(const normalised_text& text, std::string& out) {
  out.clear();
  const auto& units = text.units;
  const auto put = [&](char32_t c) {
    char bytes[4];
    out.append(bytes, utf8::encode(c, bytes));
  };
  for (std::size_t i = 0; i < units.size();) {
    std::size_t end = i;
    while (end < units.size() && units[end].kind == glyph::digit) ++end;
    const std::size_t length = end - i;
    const text_unit* before = i > 0 ? &units[i - 1] : nullptr;
    const bool at_end = end == units.size() || units[end].kind == glyph::hard;
    const text_unit* after = at_end ? nullptr : &units[end];
    const bool is_ten = length == 2 && units[i].character == '1' && units[i + 1].character == '0';
    const bool among_han = after != nullptr ? after->kind == glyph::han && (before == nullptr || before->kind == glyph::han ||
                                                                           before->kind == glyph::hard)
                                            : before != nullptr && before->kind == glyph::han && !is_price(before->character);
    if ((length == 1 || is_ten) && among_han && !counts(std::span(units).subspan(end), is_ten)) {
      put(is_ten ? U'十' : figures[units[i].character - '0']);
    } else {
      for (std::size_t k = i; k < end; ++k) put(units[k].character);
    }
    if (length == 0) put(units[end++].character);
    i = end;
  }
}

}  // namespace zhili::policy
