// SPDX-License-Identifier: Apache-2.0
// The two clocks of every benchmark, and rounds in which the contenders of a table take turns.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/table.hpp"
#include "protocols/types/result.hpp"

namespace zhili::bench {

struct elapsed {
  double wall_s = 0;
  /// Of all threads of this process, user and system.
  double cpu_s = 0;
};

class stopwatch {
 public:
  stopwatch();
  elapsed since() const;

 private:
  double wall_;
  double cpu_;
};

/// The compiler must assume that somebody reads the value.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// Who runs against the others of a table. `run` gives one value for each of the table's metrics.
struct contender {
  std::string name;
  std::function<result<std::vector<double>>()> run;
};

/// The metrics of `per_item`: CPU and wall nanoseconds, then items a second by the wall.
std::vector<metric> item_metrics(const std::string& item);
std::vector<double> per_item(std::uint64_t items, const elapsed& e);

/// Runs `work` once and says what an item of it took.
template <class Work>
std::vector<double> timed(std::uint64_t items, Work&& work) {
  const stopwatch clock;
  work();
  return per_item(items, clock.since());
}

/// Adds a row a contender. Each round begins with another one, so that none always runs behind the same neighbour.
status interleave(unsigned rounds, const std::vector<contender>& contenders, table& into);

}  // namespace zhili::bench
