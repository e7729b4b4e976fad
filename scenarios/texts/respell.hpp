// SPDX-License-Identifier: Apache-2.0
// Evasive spelling by small tables of substitutions. The tables are the author's, not the judge's: folding
// tables of policy/ are made from other sources.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"
#include "scenarios/random.hpp"
#include "scenarios/texts/sections.hpp"
#include "scenarios/texts/violation.hpp"

namespace zhili::scenarios {

class respeller {
 public:
  /// One section for each evasion but `none`: pairs `from:to`, with | between alternatives; for `separators`
  /// the separators alone. REQUIRES: the source's text outlives the respeller.
  static result<respeller> parse(const text_source& source);

  /// Whether the spelling has a substitute for anything in the text.
  [[nodiscard]] bool changes(std::string_view text, evasion spelling) const;
  /// Appends the text respelled. Full width and traditional take every character that has a substitute, the
  /// others the first and about three in five of the rest. REQUIRES: valid UTF-8.
  void append(std::string_view text, evasion spelling, dice& draw, std::string& out) const;

 private:
  struct substitute {
    char32_t from = 0;
    std::vector<std::string_view> to;
  };
  struct table {
    /// Sorted by `from`.
    std::vector<substitute> substitutes;
    [[nodiscard]] const substitute* find(char32_t from) const;
  };

  static result<table> read_pairs(const text_source& source, const section& from);
  status read_separators(const text_source& source, const section& from);
  void append_separated(std::string_view text, dice& draw, std::string& out) const;
  void append_substituted(std::string_view text, evasion spelling, dice& draw, std::string& out) const;

  std::array<table, evasion_count> tables_;
  std::vector<std::string> separators_;
};

}  // namespace zhili::scenarios
