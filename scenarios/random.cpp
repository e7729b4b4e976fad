// SPDX-License-Identifier: Apache-2.0
#include "scenarios/random.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace zhili::scenarios {
namespace {

__extension__ using wide = unsigned __int128;
__extension__ using signed_wide = __int128;

// Fixed point with 32 bits after the point ("q32"): errors stay below 3 in a million.
constexpr std::uint64_t one_q32 = std::uint64_t{1} << 32;
constexpr std::uint64_t ln2_q32 = 2'977'044'472;               // 0.693147180560
constexpr std::uint64_t log2e_q32 = 6'196'328'019;             // 1.442695040889
constexpr std::int64_t normal_sd_inverse_q32 = 1'068'192'733;  // 1 / sqrt(64 / 4 + 2 / 12)
constexpr std::int64_t p90_inverse_q32 = 3'351'380'788;        // 1 / 1.281551565545, the normal's 90 % point
constexpr unsigned table_bits = 8;
constexpr std::size_t table_size = std::size_t{1} << table_bits;

/// log2(1 + i / 256), i = 0 … 256, by squaring: each square yields the next bit.
constexpr auto log2_table = [] {
  std::array<std::uint64_t, table_size + 1> table{};
  for (std::size_t i = 0; i < table_size; ++i) {
    wide x = (wide{table_size} + i) << (62 - table_bits);
    std::uint64_t bits = 0;
    for (int bit = 0; bit < 33; ++bit) {
      x = x * x >> 62;
      bits <<= 1;
      if (x >> 63 != 0) {
        x >>= 1;
        bits |= 1;
      }
    }
    table[i] = (bits + 1) >> 1;
  }
  table[table_size] = one_q32;
  return table;
}();

constexpr std::uint64_t square_root(wide v) {
  wide root = 0;
  for (wide bit = wide{1} << 63; bit != 0; bit >>= 1) {
    if ((root | bit) * (root | bit) <= v) root |= bit;
  }
  return static_cast<std::uint64_t>(root);
}

/// 2^(i / 256) in q32, i = 0 … 255: the 256th root of 2 by repeated square roots, then its powers.
constexpr auto exp2_table = [] {
  std::uint64_t root = std::uint64_t{1} << 63;  // 2 with 62 bits after the point
  for (unsigned i = 0; i < table_bits; ++i) root = square_root(wide{root} << 62);
  std::array<std::uint64_t, table_size> table{};
  std::uint64_t power = std::uint64_t{1} << 62;
  for (auto& entry : table) {
    entry = (power + (std::uint64_t{1} << 29)) >> 30;
    power = static_cast<std::uint64_t>(wide{power} * root >> 62);
  }
  return table;
}();

/// REQUIRES: x > 0.
constexpr std::uint64_t log2_q32(std::uint64_t x) {
  const auto zeros = static_cast<unsigned>(std::countl_zero(x));
  const std::uint64_t fraction = zeros == 63 ? 0 : x << (zeros + 1);
  const std::size_t i = fraction >> (64 - table_bits);
  const std::uint64_t rest = fraction << table_bits >> 32;
  const std::uint64_t step = (log2_table[i + 1] - log2_table[i]) * rest >> 32;
  return (std::uint64_t{63 - zeros} << 32) + log2_table[i] + step;
}

/// 2^fraction in q32 for a fraction in [0, 1).
constexpr std::uint64_t exp2_q32(std::uint32_t fraction) {
  const std::uint64_t power = exp2_table[fraction >> (32 - table_bits)];
  const std::uint64_t rest = (fraction & (0xffff'ffffU >> table_bits)) * ln2_q32 >> 32;
  return static_cast<std::uint64_t>(wide{power} * (one_q32 + rest + (rest * rest >> 33)) >> 32);
}

/// A number's popcount is Binomial(64, 1/2); two uniform numbers added smooth its steps.
std::int64_t normal_q32(std::uint64_t number) {
  const std::uint64_t smooth = mix(~number);
  const std::int64_t sum = (std::int64_t{std::popcount(number)} - 32) * static_cast<std::int64_t>(one_q32) +
                           static_cast<std::int64_t>((smooth >> 32) + (smooth & 0xffff'ffffU)) -
                           static_cast<std::int64_t>(one_q32);
  return static_cast<std::int64_t>(static_cast<signed_wide>(sum) * normal_sd_inverse_q32 >> 32);
}

constexpr std::uint64_t chunk = 16;

/// P(X = 0) for a mean below 16, in units of 2^-64.
constexpr std::uint64_t poisson_zero(std::uint64_t mean_millionths) {
  const auto exponent = static_cast<std::uint64_t>(wide{mean_millionths} * log2e_q32 / 1'000'000);
  const std::uint64_t whole = (exponent + one_q32 - 1) >> 32;
  const auto fraction = static_cast<std::uint32_t>((whole << 32) - exponent);
  const wide zero = wide{exp2_q32(fraction)} << 32 >> whole;
  return static_cast<std::uint64_t>(std::min<wide>(zero, std::numeric_limits<std::uint64_t>::max()));
}

/// Walks up the cumulated probabilities until they pass the number.
template <class Visitor>
constexpr void walk_poisson(std::uint64_t mean_millionths, Visitor&& visit) {
  const auto mean_q32 = static_cast<std::uint64_t>((wide{mean_millionths} << 32) / 1'000'000);
  std::uint64_t probability = poisson_zero(mean_millionths);
  wide cumulated = probability;
  for (std::uint64_t k = 1; probability != 0 && visit(cumulated); ++k) {
    probability = static_cast<std::uint64_t>(wide{probability} * (mean_q32 / k) >> 32);
    cumulated += probability;
  }
}

/// P(X <= k) for a mean of 16, in units of 2^-64.
constexpr auto chunk_cumulated = [] {
  std::array<std::uint64_t, 64> table{};
  std::size_t k = 0;
  walk_poisson(chunk * 1'000'000, [&](wide cumulated) {
    table[k++] =
        static_cast<std::uint64_t>(std::min<wide>(cumulated, std::numeric_limits<std::uint64_t>::max()));
    return k < table.size();
  });
  for (; k < table.size(); ++k) table[k] = std::numeric_limits<std::uint64_t>::max();
  return table;
}();

}  // namespace

std::int64_t dice::exponential(std::int64_t mean) {
  ZHILI_ASSERT(mean >= 0 && mean < std::int64_t{1} << 56, "mean of an exponential");
  const std::uint64_t minus_log2 = (std::uint64_t{64} << 32) - log2_q32(next() | 1);
  const auto minus_ln = static_cast<std::uint64_t>(wide{minus_log2} * ln2_q32 >> 32);
  return static_cast<std::int64_t>((wide{static_cast<std::uint64_t>(mean)} * minus_ln + one_q32 / 2) >> 32);
}

std::int64_t dice::lognormal(std::int64_t median, std::int64_t p90) {
  ZHILI_ASSERT(median > 0 && median <= p90, "a lognormal needs 0 < median <= p90");
  const auto middle = static_cast<std::uint64_t>(median);
  const auto ratio = static_cast<signed_wide>(log2_q32(static_cast<std::uint64_t>(p90)) - log2_q32(middle));
  const auto sigma = static_cast<std::int64_t>(ratio * p90_inverse_q32 >> 32);
  const auto power = static_cast<std::int64_t>(static_cast<signed_wide>(sigma) * normal_q32(next()) >> 32);
  const std::int64_t whole = power >> 32;
  const wide scaled = wide{middle} * exp2_q32(static_cast<std::uint32_t>(power & 0xffff'ffff));
  if (whole >= 32) return std::numeric_limits<std::int64_t>::max();
  if (whole < -90) return 0;
  const auto shift = static_cast<unsigned>(32 - whole);
  const wide value = (scaled + (shift == 0 ? 0 : wide{1} << (shift - 1))) >> shift;
  return static_cast<std::int64_t>(std::min<wide>(value, std::numeric_limits<std::int64_t>::max()));
}

std::uint64_t dice::poisson(std::uint64_t mean_millionths) {
  // A Poisson number of a large mean is the sum of those of its parts; the parts' numbers are derived from
  // one.
  std::uint64_t number = next();
  std::uint64_t count = 0;
  for (; mean_millionths >= chunk * 1'000'000; mean_millionths -= chunk * 1'000'000) {
    const auto at = std::upper_bound(chunk_cumulated.begin(), chunk_cumulated.end() - 1, number);
    count += static_cast<std::uint64_t>(at - chunk_cumulated.begin());
    number = mix(number + golden);
  }
  walk_poisson(mean_millionths, [&](wide cumulated) {
    const bool on = number >= cumulated;
    count += on ? 1 : 0;
    return on;
  });
  return count;
}

}  // namespace zhili::scenarios
