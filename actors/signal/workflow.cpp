// SPDX-License-Identifier: Apache-2.0
#include "actors/signal/workflow.hpp"

namespace zhili::signal {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view {
        return msg::EnumNamesignal_command(static_cast<msg::signal_command>(n));
      },
      [](type_no n) -> std::string_view {
        return msg::EnumNamesignal_event(static_cast<msg::signal_event>(n));
      });
  return d;
}

}  // namespace zhili::signal
