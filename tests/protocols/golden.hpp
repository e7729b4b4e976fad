// SPDX-License-Identifier: Apache-2.0
// Golden files: one line a sample, a name and hex bytes. Run the tests with ZHILI_WRITE_GOLDEN=1 to write them anew,
// and look at the difference: bytes that were released may not change.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace zhili {

using golden_lines = std::map<std::string, std::vector<std::byte>>;

/// tests/protocols/golden/<name>.txt; empty where there is none. Tests run in the root of the project.
golden_lines read_golden(const std::string& name);

/// Checks that the file holds exactly these lines; or writes it.
void check_golden(const std::string& name, const golden_lines& now);

}  // namespace zhili
