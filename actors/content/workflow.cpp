// SPDX-License-Identifier: Apache-2.0
#include "actors/content/workflow.hpp"

namespace zhili::content {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view {
        return msg::EnumNamecontent_command(static_cast<msg::content_command>(n));
      },
      [](type_no n) -> std::string_view {
        return msg::EnumNamecontent_event(static_cast<msg::content_event>(n));
      });
  return d;
}

}  // namespace zhili::content
