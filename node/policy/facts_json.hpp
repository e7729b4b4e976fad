// SPDX-License-Identifier: Apache-2.0
// Facts as JSON for `policy eval`: an object whose names stand for its values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/expression/value.hpp"
#include "protocols/types/result.hpp"

namespace zhili::node {

struct json_facts {
  std::vector<std::string> names;
  std::vector<policy::value> values;
};

/// Numbers without point and exponent are ints (uints beyond them), others doubles. Texts and lists are kept
/// in `memory`. malformed: no JSON object, or nested deeper than 64 levels; too_large: it does not fit
/// `memory`.
result<json_facts> read_facts(std::string_view json, policy::arena& memory);

}  // namespace zhili::node
