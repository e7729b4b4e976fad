// SPDX-License-Identifier: Apache-2.0
#include "bench/rule_walker.hpp"

#include <algorithm>

namespace zhili::bench {

using policy::kind;
using policy::node_kind;
using policy::value;

rule_walker::rule_walker(const std::vector<std::string>& conditions, const policy::workflow_info& workflow) {
  for (const std::string& source : conditions) {
    std::vector<policy::problem> problems;
    const policy::expression e = policy::parse_expression(source, problems);
    roots_.push_back(built(e, e.root, workflow, nullptr));
  }
}

std::unique_ptr<rule_walker::node> rule_walker::built(
    const policy::expression& e, std::uint32_t n, const policy::workflow_info& workflow,
    const policy::field_info* words_of) const {
  const policy::expression_node& from = e.nodes[n];
  auto out = std::make_unique<node>();
  out->kind = from.kind;
  out->relation = from.relation;
  out->constant = from.literal.scalar;
  if (from.kind == node_kind::literal && from.literal.kind() == kind::text && words_of != nullptr) {
    const auto found = std::find(words_of->words.begin(), words_of->words.end(), from.literal.text);
    out->constant = policy::number_value(kind::word, found - words_of->words.begin());
  }
  for (const policy::field_info& f : workflow.fields) {
    if (from.kind == node_kind::name && f.name == from.text) out->field = &f;
  }
  const policy::field_info* words = words_of;
  for (const std::uint32_t c : from.children) {
    for (const policy::field_info& f : workflow.fields) {
      if (e.nodes[c].kind == node_kind::name && f.name == e.nodes[c].text && !f.words.empty()) words = &f;
    }
  }
  for (const std::uint32_t c : from.children) out->children.push_back(built(e, c, workflow, words));
  return out;
}

value rule_walker::walk(const node& n, const policy::slots& facts) {
  switch (n.kind) {
    case node_kind::literal: return n.constant;
    case node_kind::name:
      if (!facts.has(n.field->slot)) return policy::error_value("missing");
      return policy::number_value(policy::kind_of(n.field->type), facts.number(n.field->slot));
    case node_kind::presence: return policy::bool_value(facts.has(n.children[0]->field->slot));
    case node_kind::negation: {
      const value v = walk(*n.children[0], facts);
      return v.is(kind::error) ? v : policy::bool_value(v.number == 0);
    }
    case node_kind::conjunction: {
      const value a = walk(*n.children[0], facts);
      if (a.is_false()) return a;
      const value b = walk(*n.children[1], facts);
      return b.is_false() || a.is_true() ? b : a;
    }
    case node_kind::disjunction: {
      const value a = walk(*n.children[0], facts);
      if (a.is_true()) return a;
      const value b = walk(*n.children[1], facts);
      return b.is_true() || a.is_false() ? b : a;
    }
    case node_kind::comparison: {
      const value a = walk(*n.children[0], facts), b = walk(*n.children[1], facts);
      if (a.is(kind::error)) return a;
      if (b.is(kind::error)) return b;
      return policy::bool_value(holds(n.relation, a.number <=> b.number));
    }
    case node_kind::in: {
      const value a = walk(*n.children[0], facts);
      if (a.is(kind::error)) return a;
      const auto& items = n.children[1]->children;
      return policy::bool_value(std::any_of(
          items.begin(), items.end(), [&](const auto& i) { return walk(*i, facts).number == a.number; }));
    }
    default: return policy::error_value("unknown");
  }
}

void rule_walker::run(
    const policy::slots& facts, std::vector<std::uint16_t>& fired, std::uint32_t& errors) const {
  fired.clear();
  errors = 0;
  for (std::size_t r = 0; r < roots_.size(); ++r) {
    const value v = walk(*roots_[r], facts);
    if (v.is_true()) fired.push_back(static_cast<std::uint16_t>(r));
    if (v.is(kind::error)) ++errors;
  }
}

}  // namespace zhili::bench
