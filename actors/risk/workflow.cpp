// SPDX-License-Identifier: Apache-2.0
#include "actors/risk/workflow.hpp"

namespace zhili::risk {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view { return msg::EnumNamerisk_command(static_cast<msg::risk_command>(n)); },
      [](type_no n) -> std::string_view { return msg::EnumNamerisk_event(static_cast<msg::risk_event>(n)); });
  return d;
}

}  // namespace zhili::risk
