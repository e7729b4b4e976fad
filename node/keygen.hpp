// SPDX-License-Identifier: Apache-2.0
// Writes a node's or client's CURVE keys as files; behind the verb `keygen`.
#pragma once

#include <filesystem>
#include <string>

#include "protocols/types/result.hpp"

namespace zhili::node {

struct key_files {
  std::filesystem::path public_file;
  std::filesystem::path secret_file;
  /// Z85.
  std::string public_key;
};

/// Makes a pair and writes <name>.public (0644) and <name>.secret (0600) into a folder that exists. Nothing is
/// overwritten, and after an error nothing new is there. Errors: bad_argument (name, folder, or a file that
/// exists), io.
result<key_files> write_key_files(const std::filesystem::path& folder, const std::string& name);

}  // namespace zhili::node
