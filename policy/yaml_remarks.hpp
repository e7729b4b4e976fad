// SPDX-License-Identifier: Apache-2.0
// YAML ends a text without quotes at ' #'. Where that cuts a condition inside of its own quotes or brackets, it was a sign of
// the condition and no remark.
#pragma once

#include <optional>
#include <string_view>

#include "policy/yaml_slips.hpp"

namespace zhili::policy {

/// The place of a '#' that cut `value` so; nothing where none did.
std::optional<slip_found> find_cut(const yaml_tree& tree, const yaml_value& value);

/// Byte of such a '#' in a line of which the text begins at `from`.
std::optional<std::size_t> cutting_sign(std::string_view line, std::size_t from);

/// `sample`: the text as it should be written; empty: it has several lines.
bilingual cut_message(std::string_view sample);

}  // namespace zhili::policy
