// SPDX-License-Identifier: Apache-2.0
// Named time zones from the machine's own tables, for `policy eval` alone: packs write offsets, since these
// tables change.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zhili::node {

/// Offset from UTC in seconds of 'Europe/Rome' and the like at that second; nothing for an unknown name.
std::optional<std::int32_t> zone_offset(std::string_view zone, std::int64_t utc_seconds);

}  // namespace zhili::node
