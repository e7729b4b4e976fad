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

/// What a character is to the passes of the normaliser, in bits: of the first five at most one.
namespace trait {
inline constexpr std::uint32_t han = 1, letter = 2, digit = 4, weak = 8, hard = 16;
/// What a later pass has to look at.
inline constexpr std::uint32_t split_first = 32, split_second = 64, numeral = 128, alike = 256, similar = 512;
/// Of a character in its text: signs or spaces before it were taken out.
inline constexpr std::uint32_t gap = 1024;
/// The same: put together from halves, or read as what it looks like.
inline constexpr std::uint32_t changed = 2048;

inline constexpr std::uint32_t kinds = han | letter | digit | weak | hard;
inline constexpr std::uint32_t separator = weak | hard;
}  // namespace trait

/// A character after its own steps: what it became, and its traits. Rare ones become no one unit: one or several or none.
class mapped {
 public:
  constexpr mapped() = default;
  constexpr mapped(std::uint32_t character, std::uint32_t traits) : value_(character | traits << traits_at) {}

  static constexpr mapped expansion(std::uint32_t number) { return mapped(number, rare_expansion, is_rare_bit); }
  /// Seen by nobody.
  static constexpr mapped invisible() { return mapped(0, rare_invisible, is_rare_bit); }
  /// Turns what follows around.
  static constexpr mapped direction() { return mapped(0, rare_direction, is_rare_bit); }

  constexpr bool is_rare() const { return (value_ & is_rare_bit) != 0; }
  constexpr bool is_expansion() const { return is_rare() && traits() == rare_expansion; }
  constexpr bool is_direction() const { return is_rare() && traits() == rare_direction; }
  /// Number of an expansion; 0: the code point stays itself.
  constexpr std::uint32_t target() const { return value_ & 0x1FFFFFU; }
  /// REQUIRES: not rare.
  constexpr std::uint32_t traits() const { return value_ >> traits_at; }

  auto operator<=>(const mapped&) const = default;

 private:
  static constexpr std::uint32_t is_rare_bit = 1U << 21, traits_at = 22;
  static constexpr std::uint32_t rare_expansion = 0, rare_invisible = 1, rare_direction = 2;
  constexpr mapped(std::uint32_t target, std::uint32_t which, std::uint32_t bit) : value_(target | bit | which << traits_at) {}

  std::uint32_t value_ = 0;
};

class code_point_map {
 public:
  explicit code_point_map(techniques on);

  mapped at(std::uint32_t code_point) const {
    return code_point < first_plane ? common_[code_point] : pages_[page_of_[(code_point - first_plane) >> 6]][code_point & 63U];
  }
  /// Of the first plane, by code point: for a loop to keep at hand.
  const mapped* common() const { return common_.data(); }
  std::span<const mapped> expansion(mapped m) const {
    const auto [begin, count] = expansions_[m.target()];
    return {expanded_.data() + begin, count};
  }
  /// What later passes have to look at in a character that a pass made.
  std::uint32_t traits_of_made(std::uint32_t code_point) const {
    const mapped m = at(code_point);
    return m.is_rare() ? 0 : m.traits() & ~trait::kinds;
  }

 private:
  using page = std::array<mapped, 64>;
  static constexpr std::uint32_t first_plane = 0x10000;
  std::vector<mapped> common_;
  /// Of the other planes, where most pages are alike.
  std::vector<std::uint16_t> page_of_;
  std::vector<page> pages_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> expansions_;
  std::vector<mapped> expanded_;
};

/// The Latin letter that a letter of another script looks like; 0: none.
char latin_alike(std::uint32_t code_point);

}  // namespace zhili::policy
