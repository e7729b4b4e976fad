// SPDX-License-Identifier: Apache-2.0
// pack.yaml: name, version, settings of the workflows, disguises that are not looked for.
#pragma once

#include <utility>
#include <vector>

#include "policy/pack_compiled.hpp"
#include "policy/yaml.hpp"

namespace zhili::policy {

/// Settings begin with what the fields files say. What is wrong goes to the document's diagnostics.
/// The parts under `let` that every rule may name.
std::vector<std::pair<yaml_node, yaml_node>> read_pack_head(const yaml_node& root, pack::compiled& into);
void set_initial_settings(pack::compiled& into);

}  // namespace zhili::policy
