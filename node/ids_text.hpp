// SPDX-License-Identifier: Apache-2.0
// Ids as people and programs write them: kind:30 hex digits, as `zhili tail` prints them.
#pragma once

#include <optional>
#include <string_view>

#include "protocols/types/ids.hpp"

namespace zhili::node {

/// What `to_string` gave; nothing for anything else.
std::optional<subject_id> parse_subject_id(std::string_view text);

}  // namespace zhili::node
