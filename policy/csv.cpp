// SPDX-License-Identifier: Apache-2.0
#include "policy/csv.hpp"

#include <algorithm>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

char comma_of(std::string_view text) {
  const auto first = text.substr(0, text.find('\n'));
  for (const char c : {',', '\t', ';'}) {
    if (first.find(c) != std::string_view::npos) return c;
  }
  return ',';
}

class reader {
 public:
  reader(std::string_view text, std::string_view file, diagnostics& found, std::size_t rows_max)
      : text_(text), file_(file), found_(found), rows_max_(rows_max), comma_(comma_of(text)) {}

  std::vector<csv_row> run() {
    while (at_ < text_.size()) {
      if (rows_.size() >= rows_max_) {
        found_.add(file_, {row_, 1}, tell("超过 {} 行", "more than {} rows", rows_max_));
        break;
      }
      csv_row row = read_row();
      const bool empty =
          std::all_of(row.begin(), row.end(), [](const csv_cell& c) { return c.text.empty(); });
      if (!empty) rows_.push_back(std::move(row));
      ++row_;
    }
    return std::move(rows_);
  }

 private:
  csv_row read_row() {
    csv_row row;
    while (true) {
      csv_cell cell{{}, row_, static_cast<std::uint32_t>(row.size() + 1)};
      cell.text = read_cell(cell);
      if (row.size() < csv_columns_max) {
        row.push_back(std::move(cell));
      } else if (!wide_) {
        wide_ = true;
        found_.add(file_, {row_, 1}, tell("超过 {} 列", "more than {} columns", csv_columns_max));
      }
      if (at_ >= text_.size()) return row;
      const char c = text_[at_++];
      if (c == '\n') return row;
    }
  }

  // Ends at the comma or line end behind it.
  std::string read_cell(const csv_cell& where) {
    std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != comma_ && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size() || text_[at_] != '"') {
      at_ = begin;
      while (at_ < text_.size() && text_[at_] != comma_ && text_[at_] != '\n') ++at_;
      return trimmed(text_.substr(begin, at_ - begin));
    }
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        out += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        out += '"';
        ++at_;
      } else {
        break;
      }
    }
    if (at_ >= text_.size()) {
      found_.add(
          file_, {where.row, where.column},
          tell("{}：这里的引号没有配对", "{}: the quotes that open here do not close", where.name()));
      return out;
    }
    for (++at_; at_ < text_.size() && text_[at_] != comma_ && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == ' ' || text_[at_] == '\r' || text_[at_] == '\t') continue;
      found_.add(
          file_, {where.row, where.column},
          tell(
              "{}：右引号后面不能再写东西", "{}: nothing may stand behind the closing quotes", where.name()));
      while (at_ < text_.size() && text_[at_] != comma_ && text_[at_] != '\n') ++at_;
      break;
    }
    return out;
  }

  std::string_view text_;
  std::string_view file_;
  diagnostics& found_;
  std::size_t rows_max_;
  char comma_;
  std::size_t at_ = 0;
  std::uint32_t row_ = 1;
  bool wide_ = false;
  std::vector<csv_row> rows_;
};

}  // namespace

std::string csv_cell::name() const {
  std::string letters;
  for (std::uint32_t n = column; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return fmt::format("{}{}", letters, row);
}

std::vector<csv_row> read_csv(std::string_view utf8, std::string_view file, diagnostics& found, std::size_t rows_max) {
  return reader(utf8, file, found, rows_max).run();
}

}  // namespace zhili::policy
