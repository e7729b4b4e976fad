// SPDX-License-Identifier: Apache-2.0
// What the policy verbs share: which pack is meant when none is named, and columns for Chinese and English.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/options.hpp"
#include "policy/pack.hpp"

namespace zhili::node {

/// packs/default, or the pack of 2021 where there is no default yet.
std::string default_pack();

/// Columns that a terminal takes: a Chinese character is two wide.
std::size_t width_of(std::string_view text);
/// The text with blanks behind it up to that width.
std::string padded(std::string_view text, std::size_t width);
/// Rows with their columns under one another, two blanks between.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

/// The words of the wanted language.
std::string_view in(scenarios::language lang, std::string_view zh, std::string_view en);
inline const std::string& in(scenarios::language lang, const policy::bilingual& b) {
  return lang == scenarios::language::zh ? b.zh : b.en;
}

}  // namespace zhili::node
