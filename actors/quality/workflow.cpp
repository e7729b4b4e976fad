// SPDX-License-Identifier: Apache-2.0
#include "actors/quality/workflow.hpp"

namespace zhili::quality {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view {
        return msg::EnumNamequality_command(static_cast<msg::quality_command>(n));
      },
      [](type_no n) -> std::string_view {
        return msg::EnumNamequality_event(static_cast<msg::quality_event>(n));
      });
  return d;
}

}  // namespace zhili::quality
