// SPDX-License-Identifier: Apache-2.0
// What may be wrong with a text, and how its author may hide that. Ground truth of the rehearsal: read by
// world models, tests and the report alone, never by a workflow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace zhili::scenarios {

/// Numbers stand in world models and recorded truths. Append only.
enum class violation : std::uint8_t {
  none = 0,
  /// 绝对化用语: Advertising Law art. 9(3).
  absolutes = 1,
  /// Assertion or guarantee of effect or safety: Advertising Law art. 16(1)(1).
  efficacy_guarantee = 2,
  /// Cure or efficacy rates: Advertising Law art. 16(1)(2).
  cure_rate = 3,
  /// Comparison with others or of before and after: Advertising Law art. 16(1)(3), art. 13.
  comparison = 4,
  /// Endorsers and patients as proof: Advertising Law art. 16(1)(4), art. 38.
  endorsement = 5,
  /// Advertising for botulinum toxin, anaesthetics and the like: Advertising Law art. 15.
  toxic_drug_ad = 6,
  /// 容貌焦虑, above all towards minors: Advertising Law art. 9(7), art. 40.
  appearance_anxiety_minors = 7,
  /// Prices that only lure: Price Law art. 14(4), Advertising Law art. 28.
  bait_price_wording = 8,
  /// Honours and qualifications that do not exist: Advertising Law art. 28(2), Anti-Unfair Competition Law
  /// art. 8.
  false_qualification = 9,
  /// Leading buyers off the platform: platform rule, since nothing is checked or refunded there.
  contact_diversion = 10,
  /// Paid or invented reviews: Anti-Unfair Competition Law art. 8, E-Commerce Law art. 17.
  fake_review_wording = 11,
  /// Techniques and methods in an advertisement: Measures for Medical Advertisements art. 7(1).
  technique_claim = 12,
  /// Very low prices for pupils and students: Advertising Law art. 40, art. 28.
  minors_bait = 13,
};
inline constexpr std::size_t violation_count = 14;

/// How a phrase is spelled. Numbers stand in world models. Append only.
enum class evasion : std::uint8_t {
  none = 0,
  /// Full-width ASCII and radicals that look like words: folds back by NFKC.
  full_width = 1,
  /// Traditional characters: folds back by traditional → simplified.
  traditional = 2,
  /// Dots, emoji or characters of no width between the characters.
  separators = 3,
  homophone = 4,
  /// Some characters in Latin letters.
  pinyin = 5,
  /// 拆字: a character as its two halves.
  split_characters = 6,
  look_alike_digits = 7,
};
inline constexpr std::size_t evasion_count = 8;

/// As it is written in world models and in the data files.
std::string_view name(violation v);
std::string_view name(evasion e);
std::optional<violation> violation_named(std::string_view text);
std::optional<evasion> evasion_named(std::string_view text);

}  // namespace zhili::scenarios
