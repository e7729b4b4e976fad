// SPDX-License-Identifier: Apache-2.0
// What `judge` and `measure` are asked alike: pack, day, kind and facts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/options.hpp"
#include "node/policy/text_judge.hpp"

namespace zhili::node {

/// Adds --pack, --date, --kind, --facts.
void add_judge_options(po::options_description& options, const words& say);

struct judge_setup {
  std::unique_ptr<text_judge> judge;
  std::string date;
  /// What text facts point into.
  std::vector<std::unique_ptr<std::string>> texts;
};

status set_up(const po::variables_map& values, judge_setup& out);

}  // namespace zhili::node
