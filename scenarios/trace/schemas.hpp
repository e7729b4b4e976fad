// SPDX-License-Identifier: Apache-2.0
// The schemas of the workflows that take submissions, as this program was built with them: what turns bodies into JSON
// and back. The table is generated from ZHILI_WORKFLOWS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace zhili::scenarios {

struct workflow_schema {
  std::string_view workflow;
  /// A FlatBuffers binary schema.
  std::span<const std::uint8_t> bytes;
};

std::span<const workflow_schema> workflow_schemas();

}  // namespace zhili::scenarios
