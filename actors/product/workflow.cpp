// SPDX-License-Identifier: Apache-2.0
#include "actors/product/workflow.hpp"

namespace zhili::product {

const partition::workflow_descriptor& descriptor() {
  static const auto d = partition::describe<workflow>(
      [](type_no n) -> std::string_view {
        return msg::EnumNameproduct_command(static_cast<msg::product_command>(n));
      },
      [](type_no n) -> std::string_view {
        return msg::EnumNameproduct_event(static_cast<msg::product_event>(n));
      });
  return d;
}

}  // namespace zhili::product
