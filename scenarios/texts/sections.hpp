// SPDX-License-Identifier: Apache-2.0
// The line format of the data files: `[name note]` opens a section, every other line belongs to it, `#` opens
// a comment line. UTF-8; views point into the caller's text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"

namespace zhili::scenarios {

struct text_source {
  /// For messages.
  std::string_view file;
  std::string_view text;
};

struct source_line {
  std::string_view text;
  unsigned number = 0;
};

struct section {
  std::string_view name;
  /// What stands behind the name in the header; often empty.
  std::string_view note;
  unsigned number = 0;
  /// Never empty.
  std::vector<source_line> lines;
};

/// Refuses text that is not UTF-8, lines outside a section, sections that are empty or stand twice.
result<std::vector<section>> read_sections(const text_source& source);

/// An error that names file and line.
tl::unexpected<error> fail_at(const text_source& source, unsigned line, std::string_view what);

inline constexpr char32_t not_a_character = 0xffff'ffff;
/// Takes the first code point off the text. `not_a_character`: the text is empty or no UTF-8.
char32_t take_character(std::string_view& text);
void append_character(char32_t character, std::string& out);

/// The sources that were compiled in, by file name without folder and suffix.
std::span<const text_source> embedded_sources();

}  // namespace zhili::scenarios
