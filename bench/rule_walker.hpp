// SPDX-License-Identifier: Apache-2.0
// The floor of the rules benchmark: what an interpreter does that goes through the rules row by row and walks
// each condition's tree. Names are looked up once, before; comparisons go by the values' types.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/parse.hpp"
#include "policy/expression/value.hpp"
#include "policy/fields.hpp"
#include "policy/slots.hpp"

namespace zhili::bench {

/// Conditions over the facts of one workflow, without texts and lets.
class rule_walker {
 public:
  rule_walker(const std::vector<std::string>& conditions, const policy::workflow_info& workflow);

  /// The numbers of the conditions that hold; `errors` counts those that end in an error.
  void run(const policy::slots& facts, std::vector<std::uint16_t>& fired, std::uint32_t& errors) const;

 private:
  struct node {
    policy::node_kind kind;
    policy::relation relation;
    const policy::field_info* field = nullptr;
    policy::value constant;
    std::vector<std::unique_ptr<node>> children;
  };

  std::unique_ptr<node> built(
      const policy::expression& e, std::uint32_t n, const policy::workflow_info& workflow,
      const policy::field_info* words_of) const;
  static policy::value walk(const node& n, const policy::slots& facts);

  std::vector<std::unique_ptr<node>> roots_;
};

}  // namespace zhili::bench
