// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/text_table.hpp"

#include <algorithm>
#include <string_view>

namespace zhili::scenarios {
namespace {

/// Columns that a text takes on a terminal: Chinese characters take two.
std::size_t columns(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) n += byte >= 0xe0 ? 2 : 1;
  }
  return n;
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const std::size_t has = columns(text);
  const std::string fill(width > has ? width - has : 0, ' ');
  return right ? fill + std::string(text) : std::string(text) + fill;
}

}  // namespace

std::string grouped(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string table(const std::vector<text_row>& rows) {
  std::vector<std::size_t> widths;
  for (const text_row& r : rows) {
    widths.resize(std::max(widths.size(), r.size()));
    for (std::size_t c = 0; c < r.size(); ++c) widths[c] = std::max(widths[c], columns(r[c]));
  }
  std::string out;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    for (std::size_t c = 0; c < rows[n].size(); ++c) {
      out += (c == 0 ? "  " : "  ") + padded(rows[n][c], widths[c], c > 0);
    }
    out += '\n';
    if (n == 0) {
      std::size_t line = 0;
      for (const std::size_t w : widths) line += w + 2;
      out += "  " + std::string(line - 2, '-') + '\n';
    }
  }
  return out;
}

}  // namespace zhili::scenarios
