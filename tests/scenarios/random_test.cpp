// SPDX-License-Identifier: Apache-2.0
#include "scenarios/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <vector>

using namespace zhili::scenarios;

namespace {

struct moments {
  double mean = 0;
  double variance = 0;
};

/// Over one number each of many subjects, as a scenario draws them.
template <class Draw>
moments measure(int count, Draw&& draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < count; ++i) {
    dice d(11, static_cast<std::uint64_t>(i), purpose::delay);
    const auto value = static_cast<double>(draw(d));
    sum += value;
    squares += value * value;
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

/// For 255 degrees of freedom the mean is 255 and the standard deviation 22.6: the bounds lie 6 of them
/// apart.
template <class Draw>
void check_even(const char* what, Draw&& draw) {
  constexpr int count = 1 << 19;
  std::array<double, 256> seen{};
  for (int i = 0; i < count; ++i) ++seen[draw(static_cast<std::uint64_t>(i))];
  double chi = 0;
  for (const double n : seen) chi += (n - count / 256.0) * (n - count / 256.0) / (count / 256.0);
  CAPTURE(what);
  CHECK(chi > 130);
  CHECK(chi < 390);
}

}  // namespace

TEST_SUITE("scenarios/random") {
  TEST_CASE("gives the numbers that it gave when they were first recorded") {
    dice d(1, 2, purpose::arrival);
    CHECK(d.next() == 1793971792931585639U);
    CHECK(d.next() == 17543090392190258920U);
    dice far(0xffffffffffffffffU, 0x0123456789abcdefU, purpose::registry, 7);
    CHECK(far.next() == 10248493460664452139U);
    CHECK(far.below(1000) == 808);
    CHECK(far.exponential(1'000'000) == 1'656'987);
    CHECK(far.lognormal(60'000, 300'000) == 18'505);
    CHECK(far.poisson(100'000'000) == 105);
    CHECK(far.between(-5, 5) == -5);
  }

  TEST_CASE("a number depends on its key and ordinal, not on what was drawn before") {
    dice d(5, 6, purpose::price);
    const auto third = d.at(2);
    d.below(10);
    d.poisson(40'000'000);
    CHECK(d.next() == third);

    dice other(5, 6, purpose::text);
    for (int i = 0; i < 100; ++i) other.next();
    CHECK(dice(5, 6, purpose::price).at(2) == third);
  }

  TEST_CASE("every call takes one ordinal, whatever its arguments") {
    const auto after = [](auto&& call) {
      dice d(3, 4, purpose::delay);
      call(d);
      return d.next();
    };
    const auto expected = dice(3, 4, purpose::delay).at(1);
    constexpr std::array<std::uint32_t, 3> weights{1, 0, 5};
    CHECK(after([](dice& d) { return d.below(1); }) == expected);
    CHECK(after([](dice& d) { return d.between(7, 7); }) == expected);
    CHECK(after([](dice& d) { return d.between(INT64_MIN, INT64_MAX); }) == expected);
    CHECK(after([](dice& d) { return d.chance_ppm(0); }) == expected);
    CHECK(after([&](dice& d) { return d.pick(weights); }) == expected);
    CHECK(after([](dice& d) { return d.exponential(0); }) == expected);
    CHECK(after([](dice& d) { return d.lognormal(1, 1); }) == expected);
    CHECK(after([](dice& d) { return d.poisson(0); }) == expected);
    CHECK(after([](dice& d) { return d.poisson(5'000'000'000); }) == expected);
  }

  TEST_CASE("streams of other seeds, subjects, purposes and occasions share no number") {
    std::vector<std::uint64_t> all;
    for (std::uint64_t seed = 0; seed < 4; ++seed)
      for (std::uint64_t subject = 0; subject < 50; ++subject)
        for (std::uint16_t what = 1; what <= 23; ++what)
          for (std::uint32_t occasion = 0; occasion < 3; ++occasion) {
            dice d(seed, subject, static_cast<purpose>(what), occasion);
            for (int i = 0; i < 20; ++i) all.push_back(d.next());
          }
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }

  TEST_CASE("numbers are even along ordinals, subjects, seeds and occasions, in the high and the low byte") {
    dice along(9, 9, purpose::arrival);
    check_even("ordinals, high", [&](std::uint64_t i) { return along.at(i) >> 56; });
    check_even("ordinals, low", [&](std::uint64_t i) { return along.at(i) & 255; });
    check_even("subjects", [](std::uint64_t i) { return dice(9, i, purpose::arrival).next() >> 56; });
    check_even("subjects apart by 2^40", [](std::uint64_t i) {
      return dice(9, i << 40, purpose::text).next() & 255;
    });
    check_even("seeds", [](std::uint64_t i) { return dice(i, 9, purpose::arrival).next() >> 56; });
    check_even("occasions", [](std::uint64_t i) {
      return dice(9, 9, purpose::arrival, static_cast<std::uint32_t>(i)).next() >> 56;
    });
    check_even("neighbours", [](std::uint64_t i) {
      return (dice(9, i, purpose::arrival).next() ^ dice(9, i + 1, purpose::arrival).next()) >> 56;
    });
    check_even("purposes of one subject", [](std::uint64_t i) {
      return (dice(9, i, purpose::arrival).next() ^ dice(9, i, purpose::subject).next()) >> 56;
    });
  }

  TEST_CASE("one bit of the key changes half of the number's bits") {
    for (int bit = 0; bit < 64; ++bit) {
      int by_subject = 0;
      int by_seed = 0;
      for (std::uint64_t i = 0; i < 1000; ++i) {
        const auto base = dice(i, i, purpose::truth).next();
        by_subject += std::popcount(base ^ dice(i, i ^ std::uint64_t{1} << bit, purpose::truth).next());
        by_seed += std::popcount(base ^ dice(i ^ std::uint64_t{1} << bit, i, purpose::truth).next());
      }
      // 32,000 expected, standard deviation 126.
      CHECK(std::abs(by_subject - 32'000) < 760);
      CHECK(std::abs(by_seed - 32'000) < 760);
    }
  }

  TEST_CASE("a share of a million is met, and grows with the share draw by draw") {
    int rare = 0;
    for (std::uint64_t i = 0; i < 1'000'000; ++i) {
      dice small(2, i, purpose::truth);
      dice large(2, i, purpose::truth);
      const bool hit = small.chance_ppm(2'500);
      rare += hit ? 1 : 0;
      if (hit) REQUIRE(large.chance_ppm(2'600));
    }
    CHECK(std::abs(rare - 2'500) < 300);
    CHECK_FALSE(dice(1, 1, purpose::truth).chance_ppm(0));
    CHECK(dice(1, 1, purpose::truth).chance_ppm(1'000'000));
  }

  TEST_CASE("picks by weight and never what weighs nothing") {
    constexpr std::array<std::uint32_t, 4> weights{10, 0, 30, 60};
    std::array<int, 4> seen{};
    for (std::uint64_t i = 0; i < 100'000; ++i) ++seen[dice(8, i, purpose::item).pick(weights)];
    CHECK(std::abs(seen[0] - 10'000) < 600);
    CHECK(seen[1] == 0);
    CHECK(std::abs(seen[2] - 30'000) < 900);
    CHECK(std::abs(seen[3] - 60'000) < 900);
  }

  TEST_CASE("between reaches both ends and nothing beyond") {
    std::array<int, 4> seen{};
    for (std::uint64_t i = 0; i < 4'000; ++i) {
      ++seen.at(static_cast<std::size_t>(dice(8, i, purpose::price).between(-2, 1) + 2));
    }
    for (const int n : seen) CHECK(std::abs(n - 1000) < 170);
  }

  TEST_CASE("exponential times have the mean, the spread and the median of an exponential") {
    constexpr int count = 400'000;
    const auto m = measure(count, [](dice& d) { return d.exponential(3'600'000); });
    CHECK(m.mean == doctest::Approx(3'600'000).epsilon(0.01));
    CHECK(std::sqrt(m.variance) == doctest::Approx(3'600'000).epsilon(0.015));
    int below_median = 0;
    for (int i = 0; i < count; ++i) {
      dice d(11, static_cast<std::uint64_t>(i), purpose::arrival);
      below_median += d.exponential(1'000'000'000) < 693'147'181 ? 1 : 0;
    }
    CHECK(std::abs(below_median - count / 2) < 2'000);
  }

  TEST_CASE("a single exponential number agrees with the logarithm to 3 in a million") {
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      dice d(1, i, purpose::delay);
      const double exact = -std::log((static_cast<double>(d.at(0) | 1)) / 18446744073709551616.0) * 1e12;
      CHECK(std::abs(static_cast<double>(d.exponential(1'000'000'000'000)) - exact) < 3e6);
    }
  }

  TEST_CASE("skewed times have the median and the 90 % point asked for, and a lognormal's mean") {
    constexpr int count = 400'000;
    int below_median = 0;
    int above_p90 = 0;
    const double sigma = std::log(5.0) / 1.2815515655446004;
    const auto m = measure(count, [&](dice& d) {
      const auto value = d.lognormal(60'000, 300'000);
      below_median += value < 60'000 ? 1 : 0;
      above_p90 += value > 300'000 ? 1 : 0;
      return value;
    });
    CHECK(std::abs(below_median - count / 2) < 2'000);
    CHECK(std::abs(above_p90 - count / 10) < 1'500);
    CHECK(m.mean == doctest::Approx(60'000 * std::exp(sigma * sigma / 2)).epsilon(0.02));
  }

  TEST_CASE("a skewed time without spread is its median") {
    for (std::uint64_t i = 0; i < 100; ++i)
      CHECK(dice(1, i, purpose::delay).lognormal(1'234'567, 1'234'567) == 1'234'567);
  }

  TEST_CASE("a skewed time saturates instead of wrapping") {
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      dice d(1, i, purpose::delay);
      CHECK(d.lognormal(std::int64_t{1} << 32, INT64_MAX) >= 0);
    }
  }

  TEST_CASE("counts of events have the mean and the variance asked for, small or large") {
    for (const std::uint64_t mean :
         {10'000U, 250'000U, 1'000'000U, 7'300'000U, 15'999'999U, 16'000'000U, 40'500'000U, 3'500'000'000U}) {
      CAPTURE(mean);
      const double expected = static_cast<double>(mean) / 1e6;
      const int count = mean > 100'000'000 ? 20'000 : 200'000;
      const auto m = measure(count, [mean](dice& d) { return d.poisson(mean); });
      CHECK(std::abs(m.mean - expected) < 5 * std::sqrt(expected / count));
      // The variance of a sample variance of a Poisson number is (mean + 2 mean²) / n.
      CHECK(std::abs(m.variance - expected) < 5 * std::sqrt((expected + 2 * expected * expected) / count));
    }
    CHECK(dice(1, 1, purpose::arrival).poisson(0) == 0);
  }

  TEST_CASE("counts with mean 3 fall on each number as often as Poisson says") {
    constexpr int count = 200'000;
    std::array<int, 40> seen{};
    for (std::uint64_t i = 0; i < count; ++i) ++seen.at(dice(4, i, purpose::arrival).poisson(3'000'000));
    double probability = std::exp(-3.0);
    for (std::size_t k = 0; k < 10; ++k) {
      const double expected = probability * count;
      CHECK(std::abs(seen[k] - expected) < 5 * std::sqrt(expected));
      probability *= 3.0 / static_cast<double>(k + 1);
    }
  }
}
