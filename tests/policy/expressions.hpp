// SPDX-License-Identifier: Apache-2.0
// Conditions built from their text and run on facts.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "policy/expression/compile.hpp"
#include "policy/fields/content.hpp"
#include "policy/fields/onboarding.hpp"
#include "policy/fields/product.hpp"

namespace zhili::policy {

inline constexpr std::string_view category_names[] = {"absolutes", "toxic"};

inline naming at_stage(std::string_view workflow, std::initializer_list<std::string_view> stages) {
  naming names;
  names.categories = category_names;
  names.has_text = true;
  for (const workflow_info& w : workflows()) {
    if (w.name != workflow) continue;
    names.workflow = &w;
    for (std::size_t i = 0; i < w.stages.size(); ++i) {
      if (std::find(stages.begin(), stages.end(), w.stages[i].name) == stages.end()) continue;
      names.stages |= 1u << i;
      names.has_text &= w.stages[i].has_text;
    }
  }
  return names;
}

using lets = std::vector<std::pair<std::string, std::string>>;

struct compiled {
  code_pool pool;
  program when;
  /// "offset: message", those of a let as "name+offset: message".
  std::vector<std::string> errors;
};

inline compiled build(std::string_view when, const naming& names, const lets& parts = {}) {
  compiled out;
  const auto note = [&](std::string_view part, const problem& p) {
    out.errors.push_back(std::string(part) + std::to_string(p.offset) + ": " + p.message.en);
  };
  std::vector<problem> problems;
  const expression root = parse_expression(when, problems);
  for (const problem& p : problems) note("", p);
  std::vector<expression> values;
  values.reserve(parts.size());
  std::vector<let_source> sources;
  for (const auto& [name, text] : parts) {
    problems.clear();
    values.push_back(parse_expression(text, problems));
    for (const problem& p : problems) note(name + "+", p);
    sources.push_back({name, &values.back()});
  }
  if (root.nodes.empty()) return out;
  std::vector<compile_problem> wrong;
  out.when = compile(root, sources, names, out.pool, wrong);
  for (const compile_problem& w : wrong) {
    note(w.part < 0 ? std::string() : parts[static_cast<std::size_t>(w.part)].first + "+", w.what);
  }
  return out;
}

inline std::string first_error(std::string_view when, const naming& names) {
  const compiled c = build(when, names);
  return c.errors.empty() ? std::string() : c.errors[0];
}

inline outcome eval(
    std::string_view when, const naming& names, const slots& facts, const lets& parts = {},
    std::initializer_list<std::uint32_t> hits = {0, 0}, std::string_view text = {}) {
  const compiled c = build(when, names, parts);
  CAPTURE(when);
  CHECK(c.errors == std::vector<std::string>{});
  if (!c.errors.empty()) return outcome::error;
  std::uint32_t counts[categories_max] = {};
  std::copy(hits.begin(), hits.end(), counts);
  arena made{std::size_t{1} << 20};
  workspace work{made, steps_max, nullptr, nullptr};
  return run(c.when, c.pool, {facts, counts, text, {}}, work);
}

inline const naming listing = at_stage("product", {"listing"});
inline const naming institution = at_stage("onboarding", {"institution"});
inline const naming review = at_stage("content", {"review"});

namespace product = fields::product;
namespace onboarding = fields::onboarding;
namespace content = fields::content;

}  // namespace zhili::policy
