// SPDX-License-Identifier: Apache-2.0
// How far second opinions agree with first ones, in whole numbers. Two reviewers who let almost everything pass agree
// by chance already; Cohen's kappa takes that out (J. Cohen, 1960, Educational and Psychological Measurement 20:37).
#pragma once

#include <cstdint>
#include <optional>

namespace zhili::quality {

/// Second looks by whether each opinion was against the subject.
struct two_by_two {
  std::uint64_t both_adverse = 0;
  std::uint64_t first_adverse = 0;
  std::uint64_t second_adverse = 0;
  std::uint64_t neither = 0;

  constexpr std::uint64_t total() const { return both_adverse + first_adverse + second_adverse + neither; }
  constexpr two_by_two& operator+=(const two_by_two& o) {
    both_adverse += o.both_adverse;
    first_adverse += o.first_adverse;
    second_adverse += o.second_adverse;
    neither += o.neither;
    return *this;
  }
};

/// Of a thousand second looks, how many were on the same side as the first, rounded; empty: there were none.
/// REQUIRES: a total of at most 90 million (for the squares), as of kappa_per_mille.
constexpr std::optional<std::int32_t> agreement_per_mille(const two_by_two& t) {
  const std::uint64_t n = t.total();
  if (n == 0) return std::nullopt;
  return static_cast<std::int32_t>(((t.both_adverse + t.neither) * 2000 + n) / (2 * n));
}

/// Cohen's kappa times a thousand, rounded, from -1000 to 1000; empty: there were no second looks, or all opinions
/// were alike, so that chance explains everything.
constexpr std::optional<std::int32_t> kappa_per_mille(const two_by_two& t) {
  const auto n = static_cast<std::int64_t>(t.total());
  const auto first = static_cast<std::int64_t>(t.both_adverse + t.first_adverse);
  const auto second = static_cast<std::int64_t>(t.both_adverse + t.second_adverse);
  const auto same = static_cast<std::int64_t>(t.both_adverse + t.neither);
  // kappa = (observed - chance) / (1 - chance), both multiplied by n * n.
  const std::int64_t chance = first * second + (n - first) * (n - second);
  const std::int64_t most = n * n - chance;
  if (most == 0) return std::nullopt;
  const std::int64_t thousandfold = (same * n - chance) * 1000;
  const std::int64_t half = thousandfold < 0 ? -most / 2 : most / 2;
  return static_cast<std::int32_t>((thousandfold + half) / most);
}

}  // namespace zhili::quality
