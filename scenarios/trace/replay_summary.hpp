// SPDX-License-Identifier: Apache-2.0
// What came of a replay, for people and for programs: the summary of a run, without caught and missed where nobody
// knows the truth, and what became of the trace.
#pragma once

#include "scenarios/report/summary.hpp"
#include "scenarios/trace/replay.hpp"

namespace zhili::scenarios {

/// summary_json without what only the world model can tell.
std::string summary_json_without_truth(const scenario& s, const simulation_result& r, std::string_view how);

/// `s`: the scenario of the trace, or scenario_of its head.
std::string replay_json(const scenario& s, const replay_result& r);
std::string replay_text(const scenario& s, const replay_result& r, language lang);

}  // namespace zhili::scenarios
