// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/truth.hpp"

#include <array>
#include <utility>

namespace zhili::scenarios {
namespace {

constexpr std::array<std::pair<wrong, std::string_view>, 26> names{{
    {wrong::none, "none"},
    {wrong::bad_code, "bad_code"},
    {wrong::forged_licence, "forged_licence"},
    {wrong::lapsed_licence, "lapsed_licence"},
    {wrong::revoked_licence, "revoked_licence"},
    {wrong::unlicensed, "unlicensed"},
    {wrong::malformed_certificate, "malformed_certificate"},
    {wrong::not_registered, "not_registered"},
    {wrong::registration_lapsed, "registration_lapsed"},
    {wrong::impostor, "impostor"},
    {wrong::not_in_catalogue, "not_in_catalogue"},
    {wrong::above_level, "above_level"},
    {wrong::department_missing, "department_missing"},
    {wrong::out_of_scope, "out_of_scope"},
    {wrong::unadmitted_practitioner, "unadmitted_practitioner"},
    {wrong::approval_wrong, "approval_wrong"},
    {wrong::bait_price, "bait_price"},
    {wrong::text, "text"},
    {wrong::hidden, "hidden"},
    {wrong::no_certificate, "no_certificate"},
    {wrong::to_minors, "to_minors"},
    {wrong::no_order, "no_order"},
    {wrong::quick, "quick"},
    {wrong::ring, "ring"},
    {wrong::burst, "burst"},
    {wrong::disguised, "disguised"},
}};

}  // namespace

std::string_view name(wrong w) {
  for (const auto& [value, text] : names) {
    if (value == w) return text;
  }
  return "unknown";
}

std::optional<wrong> wrong_named(std::string_view text) {
  for (const auto& [value, word] : names) {
    if (word == text) return value;
  }
  return std::nullopt;
}

}  // namespace zhili::scenarios
