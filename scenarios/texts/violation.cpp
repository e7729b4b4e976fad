// SPDX-License-Identifier: Apache-2.0
#include "scenarios/texts/violation.hpp"

#include <algorithm>
#include <array>

namespace zhili::scenarios {
namespace {

constexpr std::array<std::string_view, violation_count> violation_names{
    "none",
    "absolutes",
    "efficacy_guarantee",
    "cure_rate",
    "comparison",
    "endorsement",
    "toxic_drug_ad",
    "appearance_anxiety_minors",
    "bait_price_wording",
    "false_qualification",
    "contact_diversion",
    "fake_review_wording",
    "technique_claim",
    "minors_bait"};

constexpr std::array<std::string_view, evasion_count> evasion_names{
    "none",      "full_width", "traditional",      "separators",
    "homophone", "pinyin",     "split_characters", "look_alike_digits"};

template <class Enum, std::size_t Count>
std::optional<Enum> find(const std::array<std::string_view, Count>& names, std::string_view text) {
  const auto at = std::find(names.begin(), names.end(), text);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

}  // namespace

std::string_view name(violation v) {
  return violation_names[static_cast<std::size_t>(v)];
}
std::string_view name(evasion e) {
  return evasion_names[static_cast<std::size_t>(e)];
}

std::optional<violation> violation_named(std::string_view text) {
  return find<violation>(violation_names, text);
}
std::optional<evasion> evasion_named(std::string_view text) {
  return find<evasion>(evasion_names, text);
}

}  // namespace zhili::scenarios
