// SPDX-License-Identifier: Apache-2.0
// The invariants that have a name, as checks over what a run left behind. Each gives what it found broken, one text a
// violation; empty where all is well.
#pragma once

#include <string>

#include "tests/scenarios/history.hpp"

namespace zhili::scenarios::testing {

using violations = std::vector<std::string>;

/// Nobody is admitted without a valid licence: the papers that were approved last have not ended, nothing holds the
/// admission back, and the decision in force is no suspension (医疗机构管理条例 art. 22).
violations admitted_without_licence(const history& h, const final_states& s);

/// Nothing is shown whose own status or institution's status forbids it: own status by the measure in force, the
/// institution's by its admission; what users write about one that is offline carries the label.
violations shown_though_forbidden(const final_states& s);

/// No effect twice: one id for each serial of a subject and one serial for each id, serials without gaps; said again
/// only by a timer, and then the same.
violations effects_twice(const history& h);

/// Every reversal restores exactly what was: an appeal upheld ends the measure, the verdict and the points; and a stop
/// of the whole account took nothing from its items that its return would have to give back.
violations reversals_incomplete(const history& h, const final_states& s);

/// submitted = decided + waiting + refused, by kind; what people submitted stands in the books, and in the logs, once.
violations unaccounted(const history& h, const run_totals& t, std::uint64_t submissions);

/// All of those over logs and states.
violations broken_invariants(const history& h, const final_states& s);

}  // namespace zhili::scenarios::testing
