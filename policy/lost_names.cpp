// SPDX-License-Identifier: Apache-2.0
#include "policy/lost_names.hpp"

namespace zhili::policy {
void lost_names::add_keys(const yaml_node& node) {
  if (node.is_list()) {
    for (const yaml_node& item : node.items()) add_keys(item);
  }
  if (!node.is_map()) return;
  for (const auto& [key, value] : node.entries()) {
    if (key.is_single()) add(key.text());
    add_keys(value);
  }
}

}  // namespace zhili::policy
