// SPDX-License-Identifier: Apache-2.0
// How a node speaks to whoever collects its lines.
#pragma once

#include <string>

namespace zhili::node {

/// One line a happening, on standard error: JSON, no personal data. From any thread.
void say(const char* level, const std::string& node, const std::string& what);

}  // namespace zhili::node
