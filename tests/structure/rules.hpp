// SPDX-License-Identifier: Apache-2.0
// The house rules that a compiler does not enforce: which folder may include which, which library and which
// standard header is known where, and how long a file may be. The rules stand in rules.cpp.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace zhili::structure {

/// A broken rule at a line of a file; line 0 means the file as a whole.
struct violation {
  std::string file;
  std::size_t line = 0;
  std::string rule;
};

/// The rules broken by `text`, the content of the C++ file at `path`, a path below the root with forward
/// slashes.
std::vector<violation> check_file(std::string_view path, std::string_view text);

/// What a walk over the house found.
struct inspection {
  std::size_t files = 0;
  std::vector<violation> violations;
};

/// Checks every source file in the folders of the house at `root`, in the order of their paths.
/// Folders that do not exist are passed over.
inspection check_tree(const std::filesystem::path& root);

}  // namespace zhili::structure
