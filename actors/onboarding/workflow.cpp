// SPDX-License-Identifier: Apache-2.0
#include "actors/onboarding/workflow.hpp"

namespace zhili::onboarding {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view { return msg::EnumNameonboarding_command(static_cast<msg::onboarding_command>(n)); },
      [](type_no n) -> std::string_view { return msg::EnumNameonboarding_event(static_cast<msg::onboarding_event>(n)); });
  return d;
}

}  // namespace zhili::onboarding
