// SPDX-License-Identifier: Apache-2.0
// Lines of a stream, of whatever length, in bounded memory.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace zhili::node {

/// Of a line only the first `line_bytes_max` bytes are kept: enough to see that its text is too long whatever its
/// escapes stand for. A carriage return before the newline does not belong to the line.
class line_reader {
 public:
  static constexpr std::size_t line_bytes_max = 512 * 1024;

  explicit line_reader(std::FILE* in) : in_(in) {}

  /// Reads the next line; false at the end. A last line without newline counts, an empty rest does not.
  bool next();
  std::string_view line() const { return line_; }
  bool failed() const { return std::ferror(in_) != 0; }

 private:
  bool fill();

  std::FILE* in_;
  std::string line_;
  char buffer_[64 * 1024];
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

}  // namespace zhili::node
