// SPDX-License-Identifier: Apache-2.0
#include "policy/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::policy {

std::string diagnostics::text(std::size_t lines_max) const {
  std::vector<diagnostic> sorted = list_;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::string out;
  for (std::size_t i = 0; i < sorted.size() && i < lines_max; ++i) {
    const diagnostic& d = sorted[i];
    if (!out.empty()) out += '\n';
    out += d.at.line == 0 ? fmt::format("{}: {}", d.file, d.message)
                          : fmt::format("{}:{}:{}: {}", d.file, d.at.line, d.at.column, d.message);
  }
  if (sorted.size() > lines_max) out += fmt::format("\nand {} more", sorted.size() - lines_max);
  return out;
}

}  // namespace zhili::policy
