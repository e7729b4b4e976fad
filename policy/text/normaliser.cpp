// SPDX-License-Identifier: Apache-2.0
#include "policy/text/normaliser.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <span>

#include "policy/text/escapes.hpp"
#include "policy/text/passes.hpp"
#include "policy/text/scan_code.hpp"
#include "policy/text/text_table.hpp"
#include "policy/text/utf8.hpp"
#include "protocols/types/result.hpp"

namespace zhili::policy {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::uint32_t right_to_left_override = 0x202E;
constexpr std::uint32_t pop_direction = 0x202C;
constexpr std::size_t nothing_turned = std::numeric_limits<std::size_t>::max();

void encode(normalised_text& text) {
  text.codes.resize(text.units.size() * code_bytes);
  char* at = text.codes.data();
  for (const text_unit& u : text.units) {
    const auto code = code_of(u.character);
    std::memcpy(at, code.data(), code_bytes);
    at += code_bytes;
  }
}

}  // namespace

/// The first pass: characters out of bytes and escapes, each through the map, invisible ones left out, spans that are
/// shown backwards turned around.
struct normaliser::reader {
  const normaliser& by;
  normalised_text& out;
  std::string_view text;
  /// Of all units together: says which passes have anything to do.
  std::uint32_t seen = 0;
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
    if (m.is_rare()) {
      if (m.is_direction()) turn(character);
      return;
    }
    if (character == '\n') end_turning();
    seen |= m.traits();
    out.units[written++] = {character, begin, end, m.traits()};
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
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const auto size = static_cast<std::uint32_t>(text.size());
    const mapped* const common_map = by.map_.common();
    // What most characters need, without a way through memory for it.
    std::uint32_t common = 0;
    text_unit* to = out.units.data();
    const auto put_one = [&](std::uint32_t code_point, mapped m, std::uint32_t at, std::uint32_t end) {
      *to++ = {m.target() == 0 ? code_point : m.target(), at, end, m.traits()};
      common |= m.traits();
    };
    for (std::uint32_t at = 0; at < size;) {
      for (; at + 4 <= size; at += 3) {
        const std::uint32_t code_point = utf8::decode_three(bytes + at);
        if (code_point == 0) break;
        const mapped m = common_map[code_point];
        if (m.is_rare()) break;
        put_one(code_point, m, at, at + 3);
      }
      if (at == size) break;
      std::uint32_t code_point = bytes[at], length = 1;
      if (code_point >= 0x80) {
        const auto found = utf8::decode(bytes + at, size - at);
        code_point = found.length == 0 ? replacement : found.code_point;
        length = std::max(found.length, 1U);
      }
      const mapped m = by.map_.at(code_point);
      if (m.is_rare() || code_point == '\n' || begins_escape(code_point)) {
        written = static_cast<std::size_t>(to - out.units.data());
        at += take_rare(code_point, at, length);
        to = out.units.data() + written;
      } else {
        put_one(code_point, m, at, at + length);
        at += length;
      }
    }
    written = static_cast<std::size_t>(to - out.units.data());
    seen |= common;
    end_turning();
    out.units.resize(written);
  }

  static bool begins_escape(std::uint32_t c) { return c == '&' || c == '%' || c == '<' || c == '\\'; }

  /// Says how many bytes it took.
  std::uint32_t take_rare(std::uint32_t code_point, std::uint32_t at, std::uint32_t length) {
    const bool is_escape = by.on_.has(technique::escapes) && begins_escape(code_point);
    const std::uint32_t taken = is_escape ? take_escape(at) : 0;
    if (taken != 0) return taken;
    put(code_point, at, at + length);
    return length;
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
  reader first{*this, out, utf8};
  first.read();
  const auto saw = [seen = first.seen](std::uint32_t traits) { return (seen & traits) != 0; };
  // Only what looks like a letter becomes one.
  out.may_hold_letters = saw(trait::letter | trait::alike);
  if (saw(trait::separator)) join_across_separators(out);
  if (on_.has(technique::look_alikes) && (saw(trait::alike) || (saw(trait::letter) && saw(trait::digit)))) read_look_alikes(out);
  if (saw(trait::split_first) && saw(trait::split_second)) join_split_characters(out, map_);
  if (saw(trait::similar)) read_similar_characters(out, map_);
  if (saw(trait::numeral)) write_figures(out);
  encode(out);
}

std::uint64_t text_tables_digest() { return table::digest; }

std::string normalised_text::utf8() const {
  std::string out(units.size() * 4, '\0');
  std::size_t size = 0;
  for (const text_unit& u : units) size += utf8::encode(u.character, out.data() + size);
  out.resize(size);
  return out;
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

}  // namespace zhili::policy
