// SPDX-License-Identifier: Apache-2.0
// What becomes of each code point by itself, with the steps that are switched on put together once. Internal to
// policy/text.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "policy/text/technique.hpp"

namespace zhili::policy {

/// What a character is to the passes of the normaliser; the letters are those of policy/data/kinds.tsv.
enum class glyph : std::uint8_t { other, han, letter, digit, weak, hard, invisible, bidi };

/// A character after its own steps: what it became, its kind, and whether a later pass has to look at it.
class mapped {
 public:
  constexpr mapped() = default;
  constexpr mapped(std::uint32_t character, glyph k, std::uint8_t bits)
      : value_(character | static_cast<std::uint32_t>(k) << 22 | static_cast<std::uint32_t>(bits) << 25) {}

  static constexpr std::uint8_t split_first = 1, split_second = 2, numeral = 4, alike = 8, similar = 16;

  /// Number of an expansion where one character became several or none.
  constexpr bool is_expansion() const { return (value_ >> 21 & 1U) != 0; }
  constexpr std::uint32_t target() const { return value_ & 0x1FFFFFU; }
  constexpr glyph kind() const { return static_cast<glyph>(value_ >> 22 & 7U); }
  constexpr std::uint8_t bits() const { return static_cast<std::uint8_t>(value_ >> 25); }

  static constexpr mapped expansion(std::uint32_t number) {
    mapped out;
    out.value_ = number | 1U << 21;
    return out;
  }
  bool operator==(const mapped&) const = default;

 private:
  std::uint32_t value_ = 0;
};

class code_point_map {
 public:
  explicit code_point_map(techniques on);

  /// Where the answer's target is 0 and it is no expansion, the code point stays itself.
  mapped at(std::uint32_t code_point) const { return pages_[page_of_[code_point >> 6]][code_point & 63U]; }
  std::span<const mapped> expansion(mapped m) const {
    const auto [begin, count] = expansions_[m.target()];
    return {expanded_.data() + begin, count};
  }
  /// The bits and kind of a character that a pass made.
  mapped made(std::uint32_t code_point) const {
    const mapped m = at(code_point);
    return m.is_expansion() ? mapped{} : m;
  }

 private:
  using page = std::array<mapped, 64>;
  std::vector<std::uint16_t> page_of_;
  std::vector<page> pages_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> expansions_;
  std::vector<mapped> expanded_;
};

/// The Latin letter that a letter of another script looks like; 0: none.
char latin_alike(std::uint32_t code_point);

}  // namespace zhili::policy
