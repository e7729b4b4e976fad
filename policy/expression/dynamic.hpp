// SPDX-License-Identifier: Apache-2.0
// CEL over facts without declared types, as `zhili policy eval` has it: what does not fit is an error when it
// runs.
#pragma once

#include <span>
#include <string_view>

#include "policy/expression/functions.hpp"
#include "protocols/types/bilingual.hpp"

namespace zhili::policy {

/// The outcome, or an error that says what is wrong and where; texts and lists live in the workspace's arena
/// and in `values`. `names` may have points in them (a.b): the longest that fits is taken. `why`, where not
/// null, is the error in both languages, empty where there is none.
value evaluate_cel(
    std::string_view source, std::span<const std::string_view> names, std::span<const value> values,
    workspace& w, bilingual* why = nullptr);

}  // namespace zhili::policy
