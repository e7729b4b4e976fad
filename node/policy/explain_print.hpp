// SPDX-License-Identifier: Apache-2.0
// An explanation for those who judge, for the person concerned, and for programs.
#pragma once

#include <string>
#include <string_view>

#include "node/policy/case_input.hpp"
#include "node/policy/text_judge.hpp"
#include "policy/explain.hpp"
#include "scenarios/report/summary.hpp"

namespace zhili::node {

struct explained_case {
  const policy::pack& pack;
  const judged_kind& kind;
  const case_input& given;
  std::string_view text;
  instant day;
  const policy::explanation& why;
  bool with_silent = false;
};

std::string explain_to_reviewer(const explained_case& c, scenarios::language lang);
std::string explain_to_person(const explained_case& c, scenarios::language lang);
std::string explain_json(const explained_case& c);

}  // namespace zhili::node
