// SPDX-License-Identifier: Apache-2.0
#include "policy/table_check.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "protocols/types/money.hpp"
#include "protocols/types/tell.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {
namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

// What the rows can tell apart in a column: spans of numbers, or texts with one for all others.
struct axis {
  std::vector<span_of_numbers> spans;
  std::vector<std::string> texts;
  bool of_texts = false;
  std::size_t size() const { return of_texts ? texts.size() + 1 : spans.size(); }
};

using table_rows = std::vector<std::vector<unary_test>>;

axis axis_of(const table_column& column, const table_rows& rows, std::size_t c) {
  axis out;
  if (column.type == value_type::text) {
    out.of_texts = true;
    std::set<std::string> all;
    for (const auto& row : rows) all.insert(row[c].texts.begin(), row[c].texts.end());
    out.texts.assign(all.begin(), all.end());
    return out;
  }
  std::int64_t low = lowest, high = highest;
  if (column.type == value_type::boolean) low = 0, high = 1;
  if (column.type == value_type::enumeration)
    low = 0, high = static_cast<std::int64_t>(column.words.size()) - 1;
  std::set<std::int64_t> begins{low};
  for (const auto& row : rows) {
    for (const span_of_numbers& s : row[c].numbers) {
      if (s.low > low && s.low <= high) begins.insert(s.low);
      if (s.high >= low && s.high < high) begins.insert(s.high + 1);
    }
  }
  for (auto at = begins.begin(); at != begins.end(); ++at) {
    const auto next = std::next(at);
    out.spans.push_back({*at, next == begins.end() ? high : *next - 1});
  }
  return out;
}

bool lets_through(const unary_test& t, const axis& a, std::size_t i) {
  if (t.anything) return true;
  if (a.of_texts) {
    const bool listed = i < a.texts.size() && t.texts.count(a.texts[i]) != 0;
    return listed != t.others;
  }
  return std::any_of(t.numbers.begin(), t.numbers.end(), [&](const span_of_numbers& s) {
    return s.low <= a.spans[i].low && a.spans[i].high <= s.high;
  });
}

std::string value_text(const table_column& column, std::int64_t n) {
  switch (column.type) {
    case value_type::boolean: return n != 0 ? "true" : "false";
    case value_type::enumeration: return std::string(column.words[static_cast<std::size_t>(n)]);
    case value_type::money: return to_string(fen{n});
    case value_type::date: return date_string(static_cast<std::int32_t>(n));
    case value_type::duration: return fmt::format("{}s", static_cast<double>(n) / 1000);
    default: return fmt::format("{}", n);
  }
}

bilingual place_text(const table_column& column, const axis& a, std::size_t i) {
  const std::string& name = column.name;
  if (a.of_texts)
    return i < a.texts.size() ? tell("{} 为 \"{}\"", "{} \"{}\"", name, a.texts[i])
                              : tell("{} 为其他", "{} anything else", name);
  const auto [low, high] = a.spans[i];
  if (low == high) return tell("{} 为 {}", "{} {}", name, value_text(column, low));
  if (low == lowest && high == highest) return tell("{} 不论", "{} anything", name);
  if (low == lowest) return tell("{} ≤ {}", "{} <= {}", name, value_text(column, high));
  if (high == highest) return tell("{} ≥ {}", "{} >= {}", name, value_text(column, low));
  return tell("{} 从 {} 到 {}", "{} {}..{}", name, value_text(column, low), value_text(column, high));
}

}  // namespace

table_findings check_table(const std::vector<table_column>& columns, const table_rows& rows) {
  table_findings out;
  std::vector<axis> axes;
  std::size_t combinations = 1;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    axes.push_back(axis_of(columns[c], rows, c));
    combinations *= std::max<std::size_t>(axes.back().size(), 1);
    if (combinations > table_combinations_max || combinations * rows.size() > 20 * table_combinations_max) {
      out.skipped = true;
      return out;
    }
  }
  std::vector<bool> reached(rows.size());
  std::set<std::pair<std::size_t, std::size_t>> overlaps;
  std::vector<std::size_t> at(columns.size());
  for (std::size_t n = 0; n < combinations; ++n) {
    std::size_t rest = n;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      at[c] = rest % axes[c].size();
      rest /= axes[c].size();
    }
    std::size_t first = rows.size();
    for (std::size_t r = 0; r < rows.size(); ++r) {
      bool all = true;
      for (std::size_t c = 0; all && c < columns.size(); ++c) all = lets_through(rows[r][c], axes[c], at[c]);
      if (!all) continue;
      if (first == rows.size()) {
        first = r;
        reached[r] = true;
      } else {
        overlaps.emplace(r, first);
      }
    }
    if (first < rows.size() || !out.gap.en.empty()) continue;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const bilingual part = place_text(columns[c], axes[c], at[c]);
      out.gap.zh += (c > 0 ? "，" : "") + part.zh;
      out.gap.en += (c > 0 ? ", " : "") + part.en;
    }
    if (columns.empty()) out.gap = {"任何情形", "everything"};
  }
  out.overlaps.assign(overlaps.begin(), overlaps.end());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!reached[r]) out.dead.push_back(r);
  }
  return out;
}

}  // namespace zhili::policy
