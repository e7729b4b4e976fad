// SPDX-License-Identifier: Apache-2.0
// Decisions counted by day, kind, verdict and cause in the partition that made them; merged when somebody asks.
// Sums are not messages.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "protocols/types/ids.hpp"
#include "protocols/types/time.hpp"

namespace zhili::partition {

class tally {
 public:
  static constexpr std::size_t kinds = 16;
  static constexpr std::size_t verdicts = 8;
  static constexpr std::size_t causes = 16;

  struct day {
    std::int32_t number = 0;
    std::array<std::array<std::uint32_t, verdicts>, kinds> by_verdict{};
    std::array<std::uint32_t, causes> by_cause{};
  };

  void count(instant at, subject_kind kind, verdict v, wire::cause why) {
    const std::int32_t today = china_day(at);
    if (days_.empty() || days_.back().number != today) days_.push_back({today, {}, {}});
    day& d = days_.back();
    ++d.by_verdict[static_cast<std::size_t>(kind) % kinds][static_cast<std::size_t>(v) % verdicts];
    ++d.by_cause[static_cast<std::size_t>(why) % causes];
  }

  /// By rising day; a day without decisions is left out.
  const std::vector<day>& days() const { return days_; }

 private:
  std::vector<day> days_;
};

}  // namespace zhili::partition
