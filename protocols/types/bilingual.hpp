// SPDX-License-Identifier: Apache-2.0
// The same words in both languages of the product, made side by side where they are said
// (docs/adr/0013-two-languages.md).
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace zhili {

struct bilingual {
  std::string zh;
  std::string en;
  auto operator<=>(const bilingual&) const = default;
};

/// For tables of constant words.
struct bilingual_view {
  std::string_view zh;
  std::string_view en;
  operator bilingual() const { return {std::string(zh), std::string(en)}; }
};

}  // namespace zhili
