// SPDX-License-Identifier: Apache-2.0
// What a benchmark found: rows of samples by metric, and the goals that they are held against. Plain data, and its
// three forms: for a terminal, for docs/benchmarks.md, for programs.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace zhili::bench {

/// A column. `digits` behind the point where it is shown.
struct metric {
  std::string name;
  int digits = 1;
};

struct row {
  std::string name;
  /// By metric, then by round.
  std::vector<std::vector<double>> samples;
};

struct spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

/// REQUIRES: at least one sample.
spread spread_of(std::vector<double> samples);

struct goal {
  std::string says;
  double reached = 0;
  double limit = 0;
  bool at_least = false;
  int digits = 1;
  std::string unit;

  bool met() const { return at_least ? reached >= limit : reached <= limit; }
};

struct table {
  /// Of the benchmark, and what this table is of it; no two tables have the same pair.
  std::string name;
  std::string title;
  /// What is in the figures and what is not: sentences.
  std::string says;
  std::vector<metric> metrics;
  std::vector<row> rows;
  std::vector<goal> goals;
  unsigned rounds = 0;

  /// Median of a row's first metric, or of the one given. REQUIRES: the row is there.
  double median(std::string_view row_name, std::size_t metric_index = 0) const;
};

/// Where and from what the figures come.
struct origin {
  std::string commit;
  std::string machine;
  std::string compiler;
  /// Load averages before the first and after the last benchmark: a busy machine shows.
  std::string load;
  bool smoke = false;
};

std::string as_text(const origin& from, std::span<const table> tables);
std::string as_markdown(const origin& from, std::span<const table> tables);
std::string as_json(const origin& from, std::span<const table> tables);

}  // namespace zhili::bench
