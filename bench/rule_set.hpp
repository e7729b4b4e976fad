// SPDX-License-Identifier: Apache-2.0
// The rules and cases of the rules benchmarks: the same in every run, for zhili as a pack, for others as
// JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "policy/slots.hpp"
#include "protocols/types/result.hpp"

namespace zhili::bench {

/// A comparison of a field, or alternatives.
struct rule_part {
  std::string field;
  /// == < <= > >= in
  std::string op;
  std::vector<std::int64_t> values;
  std::vector<rule_part> any;
};

/// Like rules of risk and content teams: two to four parts each, thresholds of their own, some alternatives.
struct rule_set {
  std::vector<std::vector<rule_part>> rules;

  static rule_set of(std::size_t count);
  /// In the language of packs.
  std::vector<std::string> conditions() const;
  /// A pack with rules r0, r1 … at the stage review.
  void write_pack(const std::filesystem::path& dir) const;
};

/// Facts of reviews.
std::vector<policy::slots> rule_cases(std::size_t count);

/// {"rules", "cases", "fired"} for bench/peers/rules.mjs.
status write_peer_rules(
    const std::filesystem::path& file, const rule_set& rules, const std::vector<policy::slots>& cases,
    const std::vector<std::vector<std::uint16_t>>& fired);

}  // namespace zhili::bench
