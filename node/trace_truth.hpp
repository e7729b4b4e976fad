// SPDX-License-Identifier: Apache-2.0
// The scenario behind a trace: by it alone somebody knows what was missed and who was wronged.
#pragma once

#include <optional>
#include <string>

#include "scenarios/trace/format.hpp"

namespace zhili::node {

/// The scenario that the trace was recorded from, if it is here and still the same; else says so on stderr. `yaml` gets
/// its file.
std::optional<scenarios::scenario> truth_of(const scenarios::trace_head& head, const std::string& name, std::string& yaml);

}  // namespace zhili::node
