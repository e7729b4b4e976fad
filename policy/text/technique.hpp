// SPDX-License-Identifier: Apache-2.0
// The ways in which words are disguised that zhili sees through. A pack may switch each off by its name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace zhili::policy {

/// Do not renumber: sets of them stand in compiled packs' digests of behaviour.
enum class technique : std::uint8_t {
  compatibility = 0,
  letter_case = 1,
  traditional = 2,
  invisible = 3,
  bidi = 4,
  separators = 5,
  escapes = 6,
  look_alikes = 7,
  digits = 8,
  split_characters = 9,
  reversed = 10,
  homophones = 11,
  pinyin = 12,
  initials = 13,
};

struct technique_info {
  technique what;
  /// As it is written in pack.yaml.
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};

/// All of them, in the order of their numbers.
std::span<const technique_info> technique_infos();
std::optional<technique> technique_named(std::string_view name);

class techniques {
 public:
  static constexpr techniques all() { return techniques{(1U << 14) - 1}; }
  static constexpr techniques none() { return techniques{0}; }

  constexpr bool has(technique t) const { return (bits_ >> static_cast<unsigned>(t) & 1U) != 0; }
  constexpr techniques with(technique t) const { return techniques{bits_ | 1U << static_cast<unsigned>(t)}; }
  constexpr techniques without(technique t) const { return techniques{bits_ & ~(1U << static_cast<unsigned>(t))}; }
  constexpr std::uint32_t bits() const { return bits_; }
  bool operator==(const techniques&) const = default;

 private:
  constexpr explicit techniques(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_;
};

}  // namespace zhili::policy
