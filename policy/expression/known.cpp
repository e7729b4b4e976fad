// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/known.hpp"

namespace zhili::policy {

known_parts::known_parts(std::span<const let_source> lets, const naming& names)
    : lets_(lets), names_(names), values_(lets.size()) {}

std::optional<bool> known_parts::value(const expression& e, std::uint32_t n) const {
  // While a pack is checked nothing is left out: a slip in a part that decides nothing is a slip.
  if (names_.given == 0) return std::nullopt;
  const expression_node& it = e.nodes[n];
  switch (it.kind) {
    case node_kind::literal:
      if (it.literal.kind() != kind::boolean) return std::nullopt;
      return it.literal.scalar.number != 0;
    case node_kind::name: return of_name(it.text);
    case node_kind::presence:
      return is_given(e.nodes[it.children[0]].text) ? std::optional(true) : std::nullopt;
    case node_kind::negation: {
      const auto inner = value(e, it.children[0]);
      return inner ? std::optional(!*inner) : std::nullopt;
    }
    case node_kind::conjunction: return of_junction(e, n, false);
    case node_kind::disjunction: return of_junction(e, n, true);
    default: return std::nullopt;
  }
}

/// `decides`: the value of one side that makes the other irrelevant.
std::optional<bool> known_parts::of_junction(const expression& e, std::uint32_t n, bool decides) const {
  const auto left = value(e, e.nodes[n].children[0]), right = value(e, e.nodes[n].children[1]);
  if (left == decides || right == decides) return decides;
  return left && right ? std::optional(!decides) : std::nullopt;
}

std::optional<bool> known_parts::of_name(std::string_view name) const {
  for (std::size_t i = 0; i < lets_.size(); ++i) {
    if (lets_[i].name != name) continue;
    let_value& known = values_[i];
    // A circle has been refused before.
    if (known.done || known.open || lets_[i].value->nodes.empty()) return known.value;
    known.open = true;
    known.value = value(*lets_[i].value, lets_[i].value->root);
    known.done = true;
    return known.value;
  }
  return std::nullopt;
}

bool known_parts::is_given(std::string_view field) const {
  for (const field_info& f : names_.workflow->fields) {
    if (f.name == field) return (names_.given >> f.slot & 1) != 0;
  }
  return false;
}

std::vector<bool> known_parts::asked(const expression& when) const {
  std::vector<bool> out(lets_.size());
  if (!when.nodes.empty()) mark(when, when.root, out);
  return out;
}

void known_parts::mark(const expression& e, std::uint32_t n, std::vector<bool>& out) const {
  if (value(e, n)) return;
  const expression_node& it = e.nodes[n];
  for (std::size_t i = 0; i < lets_.size() && it.kind == node_kind::name; ++i) {
    if (lets_[i].name != it.text || out[i] || lets_[i].value->nodes.empty()) continue;
    out[i] = true;
    mark(*lets_[i].value, lets_[i].value->root, out);
  }
  for (const std::uint32_t c : it.children) mark(e, c, out);
}

}  // namespace zhili::policy
