// SPDX-License-Identifier: Apache-2.0
// What a pack's counters say of one case. Known to `judge` alone.
#pragma once

#include "policy/pack_compiled.hpp"

namespace zhili::policy {

/// Puts the counters of the stage's workflow into `facts`, but for those that are there already, and what the case adds to
/// them behind `counted`. `in.facts` are the facts without counters; `facts` may be the same slots.
void count(
    const pack::compiled& c, const stage_plan& plan, const inputs& in, instant event_time, const history& before,
    workspace& work, slots& facts, std::vector<tick>& counted);

}  // namespace zhili::policy
