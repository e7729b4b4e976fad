// SPDX-License-Identifier: Apache-2.0
// CURVE keys as text: made, and read from the files that `zhili keygen` writes.
#pragma once

#include <filesystem>
#include <string>

#include "protocols/types/result.hpp"

namespace zhili::node {

/// Both in Z85, 40 characters.
struct curve_pair {
  std::string public_key;
  std::string secret_key;
};

/// A new pair from the operating system's randomness.
curve_pair make_curve_pair();
/// REQUIRES: a secret key as read_curve_key gives it.
std::string public_key_of(const std::string& secret_key);

enum class key_file {
  shared,
  /// Refused where everybody on the machine may read it.
  secret,
};

/// The key in a file: one line of Z85; lines that begin with # are passed over. Errors name the file: io, malformed,
/// bad_argument (a secret that all may read).
result<std::string> read_curve_key(const std::filesystem::path& file, key_file what);

}  // namespace zhili::node
