// SPDX-License-Identifier: Apache-2.0
// `zhili policy …`: what a policy team does with a pack. Each of these parses its own options and gives an exit code.
#pragma once

#include <span>

#include "node/verb.hpp"

namespace zhili::node {

std::span<const verb> policy_verbs();

}  // namespace zhili::node
