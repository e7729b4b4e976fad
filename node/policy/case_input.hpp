// SPDX-License-Identifier: Apache-2.0
// A case as people write it for `policy explain`: facts in JSON by the names of a stage's fields.
#pragma once

#include <string>
#include <vector>

#include "policy/fields.hpp"
#include "policy/slots.hpp"
#include "protocols/types/result.hpp"

namespace zhili::node {

struct case_input {
  policy::slots facts;
  /// What `facts` points into.
  std::vector<std::string> texts;
  /// Name and value as given, in the order of the file.
  std::vector<std::pair<std::string, std::string>> shown;
};

/// Money as "9.9元", spans as "48h", dates as "2021-07-18", words as their text. malformed names the field
/// and what would be right.
result<case_input> read_case(
    std::string_view json, const policy::workflow_info& workflow, const policy::stage_info& stage);

}  // namespace zhili::node
