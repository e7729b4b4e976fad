// SPDX-License-Identifier: Apache-2.0
// What the report shows, as one JSON document: counts, hours and the scenario's own figures. No id, name or text of any
// subject is in it.
#pragma once

#include <array>

#include <nlohmann/json_fwd.hpp>

#include "scenarios/simulate.hpp"

namespace zhili::scenarios {

/// Upper ends of the bins of every histogram of times, in seconds; the last bin has none.
inline constexpr std::array<std::uint32_t, 9> time_edges_s{60,        300,       900,       3600,      4 * 3600,
                                                           12 * 3600, 24 * 3600, 72 * 3600, 168 * 3600};

/// How many of the sorted values lie below each edge and above the one before.
std::array<std::uint64_t, time_edges_s.size() + 1> histogram(const std::vector<std::uint32_t>& sorted);

nlohmann::ordered_json report_data(const scenario& s, const simulation_result& r);

}  // namespace zhili::scenarios
