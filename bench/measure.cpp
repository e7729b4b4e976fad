// SPDX-License-Identifier: Apache-2.0
#include "bench/measure.hpp"

#include <ctime>

namespace zhili::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

}  // namespace

stopwatch::stopwatch() : wall_(seconds_of(CLOCK_MONOTONIC)), cpu_(seconds_of(CLOCK_PROCESS_CPUTIME_ID)) {}

elapsed stopwatch::since() const {
  return {seconds_of(CLOCK_MONOTONIC) - wall_, seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_};
}

std::vector<metric> item_metrics(const std::string& item) {
  return {{"CPU ns/" + item, 1}, {"wall ns/" + item, 1}, {"thousand/s", 0}};
}

std::vector<double> per_item(std::uint64_t items, const elapsed& e) {
  const double n = static_cast<double>(items);
  return {e.cpu_s * 1e9 / n, e.wall_s * 1e9 / n, n / e.wall_s / 1e3};
}

status interleave(unsigned rounds, const std::vector<contender>& contenders, table& into) {
  const std::size_t first = into.rows.size();
  for (const contender& c : contenders) {
    into.rows.push_back({c.name, std::vector<std::vector<double>>(into.metrics.size())});
  }
  for (unsigned round = 0; round < rounds; ++round) {
    for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
      const std::size_t who = (round + turn) % contenders.size();
      const auto values = contenders[who].run();
      if (!values) return tl::unexpected(values.error());
      ZHILI_ASSERT(values->size() == into.metrics.size(), "a value for each metric");
      for (std::size_t m = 0; m < values->size(); ++m) into.rows[first + who].samples[m].push_back((*values)[m]);
    }
  }
  into.rounds = rounds;
  return {};
}

}  // namespace zhili::bench
