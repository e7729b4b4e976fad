// SPDX-License-Identifier: Apache-2.0
// What is wrong with files that people write, all of it at once, each with its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"

namespace zhili::policy {

/// Both count from 1; the column counts characters, not bytes. Line 0: the file as a whole.
struct place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const place&) const = default;
};

struct diagnostic {
  std::string file;
  place at;
  bilingual message;
  auto operator<=>(const diagnostic&) const = default;
};

/// Collects; nothing that reads a file stops at its first error.
class diagnostics {
 public:
  void add(std::string_view file, place at, bilingual message) {
    list_.push_back({std::string(file), at, std::move(message)});
  }

  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }

  /// In each language file:line:column: message, one a line, by file and place, each once; beyond `lines_max`
  /// only their number.
  bilingual text(std::size_t lines_max = 200) const;
  /// REQUIRES: not empty.
  error as_error() const { return {errc::malformed, text()}; }

 private:
  std::vector<diagnostic> list_;
};

}  // namespace zhili::policy
