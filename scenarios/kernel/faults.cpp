// SPDX-License-Identifier: Apache-2.0
#include "scenarios/kernel/faults.hpp"

#include <algorithm>

namespace zhili::scenarios {

fault_plan fault_plan::draw(std::uint64_t seed) {
  dice d(seed, 0, purpose::fault);
  // Each fault is there in two runs of three, so that some runs show one fault alone.
  const auto rate = [&](std::uint32_t max) {
    const bool there = d.chance_ppm(666'666);
    const auto ppm = static_cast<std::uint32_t>(d.below(max)) + 1;
    return there ? ppm : 0;
  };
  fault_plan plan;
  plan.seed = seed;
  plan.drop_ppm = rate(50'000);
  plan.double_ppm = rate(50'000);
  plan.delay_ppm = rate(100'000);
  plan.delay_max = std::chrono::minutes{d.between(1, 180)};
  plan.crash_ppm = rate(5'000);
  plan.repeat_ppm = rate(20'000);
  plan.inside = d.chance_ppm(500'000);
  return plan;
}

fault_plan fault_plan::healed_by(instant end) const {
  fault_plan plan = *this;
  // The last message is late by so much; what lies behind a lost one needs a round of sending again, and one more where
  // that round came too early.
  plan.until = std::min(until, end - delay_max - 4 * resend_every);
  return plan;
}

fault_plan fault_plan::crashes(std::uint64_t seed) {
  fault_plan plan;
  plan.seed = seed;
  plan.double_ppm = 30'000;
  plan.crash_ppm = 5'000;
  plan.repeat_ppm = 20'000;
  return plan;
}

}  // namespace zhili::scenarios
