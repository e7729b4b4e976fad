// SPDX-License-Identifier: Apache-2.0
// Texts as lines: one a line, with \n, \t, \\ and \uXXXX for what a line cannot hold. Shared by the verbs that read
// texts from standard input.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace zhili::node {

class line_reader {
 public:
  enum class outcome { read, too_long };
  static constexpr std::size_t bytes_max = 16 * 1024 * 1024;

  explicit line_reader(std::istream& in) : in_(in) {}

  /// Replaces `line` with the next one, its escapes undone; of one that is too long nothing is kept. Nothing at the end.
  std::optional<outcome> next(std::string& line);
  /// Of the line that was read last, from 1.
  std::size_t number() const { return number_; }

 private:
  std::istream& in_;
  std::size_t number_ = 0;
  std::string raw_;
};

/// \n, \t, \\ and \uXXXX (two of them for what lies beyond U+FFFF) as the characters they name; any other backslash
/// stays, and half of a pair becomes U+FFFD.
void undo_escapes(std::string_view line, std::string& out);
/// The reverse for what would break a line: newline, tab, carriage return and backslash.
std::string one_line(std::string_view text);

}  // namespace zhili::node
