// SPDX-License-Identifier: Apache-2.0
// The second stream: how a text sounds, in letters of pinyin without tones. Characters and what was written in pinyin
// for them meet here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/text/normalised_text.hpp"
#include "policy/text/scan_code.hpp"

namespace zhili::policy {

struct syllable_text {
  std::string letters;
  /// Where each unit of the normalised text begins in `letters`; one more than units. A unit that is not heard (a space
  /// between syllables) has no letters.
  std::vector<std::uint32_t> begins;
};

/// Replaces `out`; allocates nothing once it has grown.
void spell(const normalised_text& text, syllable_text& out);
/// The same for a text without letters: a code (scan_code.hpp) for each unit. Replaces `out`.
void hear(const normalised_text& text, std::string& out);
/// What hear() writes for a unit that spell() writes so.
std::array<char, code_bytes> heard(std::string_view spelled);

/// Without tone, ü as v; empty: not known.
std::string_view reading_of(std::uint32_t character);
/// Second readings of the character, as numbers for syllable().
void other_readings_of(std::uint32_t character, std::vector<std::string_view>& out);

bool is_syllable(std::string_view letters);
/// Can the letters be cut into syllables? An empty string can.
bool is_pinyin(std::string_view letters);

}  // namespace zhili::policy
