// SPDX-License-Identifier: Apache-2.0
#include "node/policy/lines.hpp"

#include <algorithm>
#include <cstring>

#include "protocols/types/limits.hpp"

namespace zhili::node {

// \uXXXX takes six bytes for at least one.
static_assert(line_reader::line_bytes_max > 6 * limits::text_bytes_max);

bool line_reader::fill() {
  at_ = 0;
  end_ = std::fread(buffer_, 1, sizeof buffer_, in_);
  return end_ != 0;
}

bool line_reader::next() {
  line_.clear();
  bool any = false;
  while (at_ != end_ || fill()) {
    any = true;
    const char* begin = buffer_ + at_;
    const auto* newline = static_cast<const char*>(std::memchr(begin, '\n', end_ - at_));
    const std::size_t length = newline == nullptr ? end_ - at_ : static_cast<std::size_t>(newline - begin);
    line_.append(begin, std::min(length, line_bytes_max - line_.size()));
    at_ += length;
    if (newline != nullptr) {
      ++at_;
      break;
    }
  }
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  return any;
}

}  // namespace zhili::node
