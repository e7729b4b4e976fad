// SPDX-License-Identifier: Apache-2.0
// The larger parts of the report's data, one function a part of the page.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenarios/world/ledger.hpp"

namespace zhili::scenarios {

/// The scenario's figures with kind and reason, and what else it assumes.
nlohmann::ordered_json assumptions_data(const scenario& s);
/// Workflows with what went in and what they said, and the messages between them.
nlohmann::ordered_json flow_data(const traffic_figures& t);
/// Queues by hour of day and by day, hour by hour, and the shifts.
nlohmann::ordered_json desk_data(const scenario& s, const figures& f);
/// Histograms and percentiles of the times to decision and to takedown.
nlohmann::ordered_json times_data(const figures& f);

}  // namespace zhili::scenarios
