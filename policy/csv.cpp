// SPDX-License-Identifier: Apache-2.0
#include "policy/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::policy {
namespace {

char comma_of(std::string_view text) {
  const auto first = text.substr(0, text.find('\n'));
  for (const char c : {',', '\t', ';'}) {
    if (first.find(c) != std::string_view::npos) return c;
  }
  return ',';
}

class reader {
 public:
  explicit reader(std::string_view text) : text_(text), comma_(comma_of(text)) {}

  result<std::vector<csv_row>> run() {
    std::vector<csv_row> rows;
    for (std::uint32_t number = 1; at_ < text_.size(); ++number) {
      csv_row row{{}, number};
      do {
        if (auto ok = cell(row); !ok) return tl::unexpected(ok.error());
      } while (take(comma_));
      take('\r');
      take('\n');
      const bool empty = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& c) { return c.empty(); });
      if (!empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  status cell(csv_row& row) {
    std::string out;
    if (!take('"')) {
      while (at_ < text_.size() && text_[at_] != comma_ && text_[at_] != '\n' && text_[at_] != '\r') out += text_[at_++];
      row.cells.push_back(std::move(out));
      return {};
    }
    while (true) {
      if (at_ == text_.size()) {
        return fail(errc::malformed, fmt::format("cell {}: its quote is not closed", cell_name(row.cells.size(), row.number)));
      }
      const char c = text_[at_++];
      if (c == '"' && !take('"')) break;
      out += c;
    }
    // What stands behind the closing quote belongs to the cell all the same.
    while (at_ < text_.size() && text_[at_] != comma_ && text_[at_] != '\n' && text_[at_] != '\r') out += text_[at_++];
    row.cells.push_back(std::move(out));
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char comma_;
};

}  // namespace

result<std::vector<csv_row>> read_csv(std::string_view text) { return reader(text).run(); }

std::string cell_name(std::size_t column, std::uint32_t row) {
  std::string letters;
  for (std::size_t n = column + 1; n > 0; n = (n - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters + std::to_string(row);
}

}  // namespace zhili::policy
