// SPDX-License-Identifier: Apache-2.0
#include "actors/desk/workflow.hpp"

namespace zhili::desk {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view { return msg::EnumNamedesk_command(static_cast<msg::desk_command>(n)); },
      [](type_no n) -> std::string_view { return msg::EnumNamedesk_event(static_cast<msg::desk_event>(n)); });
  return d;
}

}  // namespace zhili::desk
