// SPDX-License-Identifier: Apache-2.0
#include "actors/inspection/workflow.hpp"

namespace zhili::inspection {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view {
        return msg::EnumNameinspection_command(static_cast<msg::inspection_command>(n));
      },
      [](type_no n) -> std::string_view {
        return msg::EnumNameinspection_event(static_cast<msg::inspection_event>(n));
      });
  return d;
}

}  // namespace zhili::inspection
