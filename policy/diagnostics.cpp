// SPDX-License-Identifier: Apache-2.0
#include "policy/diagnostics.hpp"

#include <algorithm>

#include "protocols/types/tell.hpp"

namespace zhili::policy {

bilingual diagnostics::text(std::size_t lines_max) const {
  std::vector<diagnostic> sorted = list_;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  bilingual out;
  for (std::size_t i = 0; i < sorted.size() && i < lines_max; ++i) {
    const diagnostic& d = sorted[i];
    const std::string where = fmt::format(
        "{}{}: ", i == 0 ? "" : "\n",
        d.at.line == 0 ? d.file : fmt::format("{}:{}:{}", d.file, d.at.line, d.at.column));
    out.zh += where + d.message.zh;
    out.en += where + d.message.en;
  }
  if (sorted.size() > lines_max) {
    const bilingual rest = tell("\n另有 {} 处错误", "\nand {} more", sorted.size() - lines_max);
    out.zh += rest.zh;
    out.en += rest.en;
  }
  return out;
}

}  // namespace zhili::policy
