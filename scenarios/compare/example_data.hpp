// SPDX-License-Identifier: Apache-2.0
// Examples and rules of a comparison as JSON: with the law behind them, the marked evidence and what is true of the item.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenarios/compare/compare.hpp"

namespace zhili::scenarios {

/// `judged_by`: the pack that stopped them.
nlohmann::ordered_json examples_data(const comparison& c, const std::vector<example>& examples, const policy::pack& judged_by);

/// Title, basis and reason of a rule of either pack; of a check or a person's reason nothing.
void add_rule(const comparison& c, const std::string& id, nlohmann::ordered_json& row);

}  // namespace zhili::scenarios
