// SPDX-License-Identifier: Apache-2.0
// Conditions that nothing can fulfil: found in the conjunction that a rule is.
#pragma once

#include <optional>

#include "policy/expression/parse.hpp"
#include "policy/fields.hpp"

namespace zhili::policy {

/// Where and why the condition is never true: `false` among its parts, or comparisons of one field with
/// values that exclude one another (price < 1元 && price > 2元). Nothing where this is not certain.
std::optional<problem> never_true(const expression& when, const workflow_info& workflow);

}  // namespace zhili::policy
