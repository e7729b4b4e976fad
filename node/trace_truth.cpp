// SPDX-License-Identifier: Apache-2.0
#include "node/trace_truth.hpp"

#include <cstdio>

#include "node/files.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {

std::optional<scenarios::scenario> truth_of(const scenarios::trace_head& head, const std::string& name, std::string& yaml) {
  if (head.scenario_digest.empty()) return std::nullopt;
  const auto file = find_scenario(name);
  auto text = file ? policy::read_file(*file, policy::yaml_bytes_max) : result<std::string>(tl::unexpected(file.error()));
  if (!text || hex(blake2b_256(as_bytes_view(*text))) != head.scenario_digest) {
    std::fprintf(stderr,
                 "zhili: the scenario '%s' that the trace was recorded from is not here or was changed since (--scenario "
                 "names its file): figures without truth\n",
                 name.c_str());
    return std::nullopt;
  }
  auto loaded = scenarios::scenario::parse(*text, name);
  if (!loaded) return std::nullopt;
  yaml = std::move(*text);
  return std::move(*loaded);
}

}  // namespace zhili::node
