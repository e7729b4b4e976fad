// SPDX-License-Identifier: Apache-2.0
// Why a file does not read as YAML, in words for people who never heard of YAML: what the writer did, and on
// which line.
#pragma once

#include <optional>
#include <string_view>

#include "policy/yaml_tree.hpp"

namespace zhili::policy {

struct slip_found {
  place at;
  bilingual message;
};

/// The slip that explains why the parser stopped at `line` (from 0): tabs and wide blanks in the indentation,
/// wide colons, commas and dashes, a blank that is missing behind ':' or '-', quotes and brackets that stay
/// open, texts that need quotes, lines that are not aligned. Nothing where none of these is seen.
std::optional<slip_found> find_slip(const yaml_tree& tree, std::size_t line);

/// What the parser itself says, in both languages.
bilingual parser_words(std::string_view message);

}  // namespace zhili::policy
