// SPDX-License-Identifier: Apache-2.0
// Counter-based randomness: a number is a function of (seed, subject, purpose, ordinal) and of nothing else,
// so that lanes need not agree on an order and a new draw for one purpose shifts no other. Integers
// throughout: the last bit of log and exp differs between libraries and would end in the digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "protocols/types/result.hpp"

namespace zhili::scenarios {

/// What a number is drawn for. Append only: a changed number changes every recorded seed.
enum class purpose : std::uint16_t {
  arrival = 1,
  subject = 2,
  truth = 3,
  text = 4,
  shared_text = 5,
  evasion = 6,
  credential = 7,
  price = 8,
  item = 9,
  reviewer = 10,
  reaction = 11,
  fault = 12,
  platform = 13,
  registry = 14,
  population = 15,
  practitioner = 16,
  order = 17,
  rating = 18,
  device = 19,
  appeal = 20,
  delay = 21,
  ring = 22,
  change = 23,
  placement = 24,
};

/// The finaliser of SplitMix64: a bijection in which every bit of the input moves every bit of the output.
constexpr std::uint64_t mix(std::uint64_t v) {
  v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9U;
  v = (v ^ (v >> 27)) * 0x94d049bb133111ebU;
  return v ^ (v >> 31);
}

/// One stream of numbers. Every call takes exactly one ordinal, whatever its arguments: a scenario with
/// another rate draws the same numbers in the same places (common random numbers, for `compare`).
class dice {
 public:
  /// `subject` is any stable number of the one concerned; `occasion` tells apart repeated uses of a purpose
  /// for one subject (its third reaction), each with 2^32 ordinals of its own.
  constexpr dice(std::uint64_t seed, std::uint64_t subject, purpose what, std::uint32_t occasion = 0)
      : key_(mix(mix(mix(seed + golden) ^ subject) + static_cast<std::uint64_t>(what) * golden)),
        whitener_(mix(key_ + mix(subject ^ (seed << 32 | seed >> 32) ^ fraction_of_pi))),
        ordinal_(std::uint64_t{occasion} << 32) {}

  /// The number at an ordinal, without moving. The occasion is the upper half of an ordinal.
  [[nodiscard]] constexpr std::uint64_t at(std::uint64_t ordinal) const {
    return mix(mix(key_ + ordinal * golden) ^ whitener_);
  }
  constexpr std::uint64_t next() { return at(ordinal_++); }

  /// 0 to n − 1. REQUIRES: n > 0. The bias is below n / 2^64.
  constexpr std::uint64_t below(std::uint64_t n) { return scale(next(), n); }
  /// lowest to highest, both included. REQUIRES: lowest <= highest.
  constexpr std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    const auto width = static_cast<std::uint64_t>(highest) - static_cast<std::uint64_t>(lowest) + 1;
    return static_cast<std::int64_t>(
        static_cast<std::uint64_t>(lowest) + (width == 0 ? next() : below(width)));
  }
  /// True `ppm` times in a million; more for a larger ppm wherever it was true for a smaller one.
  constexpr bool chance_ppm(std::uint32_t ppm) { return below(1'000'000) < ppm; }
  /// An index with probability in proportion to its weight. REQUIRES: one weight above 0.
  std::size_t pick(std::span<const std::uint32_t> weights) {
    std::uint64_t total = 0;
    for (const auto weight : weights) total += weight;
    ZHILI_ASSERT(total > 0, "a choice needs one weight above 0");
    std::uint64_t left = below(total);
    std::size_t i = 0;
    while (left >= weights[i]) left -= weights[i++];
    return i;
  }

  /// Waiting time with this mean. REQUIRES: 0 <= mean < 2^56.
  std::int64_t exponential(std::int64_t mean);
  /// A skewed time: half of them below `median`, one in ten above `p90`. Nearly lognormal: the normal deviate
  /// under it is a sum of 64 fair bits. REQUIRES: 0 < median <= p90.
  std::int64_t lognormal(std::int64_t median, std::int64_t p90);
  /// How many events with this mean, in millionths. No normal approximation at any size, so the time grows
  /// by 20 ns per 16 of mean.
  std::uint64_t poisson(std::uint64_t mean_millionths);

 private:
  __extension__ using wide = unsigned __int128;
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;
  static constexpr std::uint64_t fraction_of_pi = 0x243f6a8885a308d3U;

  static constexpr std::uint64_t scale(std::uint64_t number, std::uint64_t n) {
    return static_cast<std::uint64_t>(static_cast<wide>(number) * n >> 64);
  }

  std::uint64_t key_;
  std::uint64_t whitener_;
  std::uint64_t ordinal_;
};

}  // namespace zhili::scenarios
