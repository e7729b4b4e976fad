// SPDX-License-Identifier: Apache-2.0
#include "actors/takedown/workflow.hpp"

namespace zhili::takedown {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view { return msg::EnumNametakedown_command(static_cast<msg::takedown_command>(n)); },
      [](type_no n) -> std::string_view { return msg::EnumNametakedown_event(static_cast<msg::takedown_event>(n)); });
  return d;
}

}  // namespace zhili::takedown
