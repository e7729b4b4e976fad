// SPDX-License-Identifier: Apache-2.0
#include "policy/lost_names.hpp"

#include <algorithm>

namespace zhili::policy {
namespace {

/// Bytes of the character at `at` where names are made of such, else 0. Wide signs (：，（“ and their like) are in none.
std::size_t of_name(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) {
    const bool is_letter = (lead >= 'a' && lead <= 'z') || (lead >= 'A' && lead <= 'Z');
    return is_letter || (lead >= '0' && lead <= '9') || lead == '_' ? 1 : 0;
  }
  // Of three bytes, U+4000 to U+9FFF: Chinese.
  return lead >= 0xe4 && lead <= 0xe9 && at + 3 <= text.size() ? 3 : 0;
}

}  // namespace

void lost_names::add_text(std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = of_name(text, at);
    at += std::max<std::size_t>(length, 1);
    if (length != 0 && at < text.size()) continue;
    const std::size_t end = length != 0 ? at : at - 1;
    if (begin < end) add(text.substr(begin, end - begin));
    begin = at;
  }
}

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
