// SPDX-License-Identifier: Apache-2.0
// What a benchmark is to the program that runs it.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "bench/table.hpp"
#include "protocols/types/result.hpp"

namespace zhili::bench {

struct settings {
  /// Everything once and tiny: does it run at all?
  bool smoke = false;
  unsigned rounds = 7;
  /// Where scenarios/ and packs/ lie.
  std::filesystem::path root;
  /// Where this program lies, and `zhili` beside it.
  std::filesystem::path programs;

  /// As much work as a figure needs, or as little as shows that it runs.
  template <class Number>
  Number of(Number full, Number tiny) const {
    return smoke ? tiny : full;
  }
};

struct benchmark {
  std::string_view name;
  std::string_view says;
  /// Without --rounds.
  unsigned rounds;
  result<std::vector<table>> (*run)(const settings&);
  /// Runs only where it is named: it needs more than a clone.
  bool on_demand = false;
};

/// In the order in which they run: what is measured by its memory comes before what would leave some behind.
std::span<const benchmark> benchmarks();

result<std::vector<table>> run_summer(const settings& s);
result<std::vector<table>> run_year(const settings& s);
result<std::vector<table>> run_memory(const settings& s);
result<std::vector<table>> run_kernel_constant(const settings& s);
result<std::vector<table>> run_kernel_judging(const settings& s);
result<std::vector<table>> run_text(const settings& s);
result<std::vector<table>> run_rules(const settings& s);
result<std::vector<table>> run_log(const settings& s);
result<std::vector<table>> run_intake(const settings& s);
result<std::vector<table>> run_hop(const settings& s);
result<std::vector<table>> run_restart(const settings& s);
result<std::vector<table>> run_load(const settings& s);
// Beside others' programs, which bench/peers must hold installed.
result<std::vector<table>> run_peers(const settings& s);
result<std::vector<table>> run_text_peers(const settings& s);
result<std::vector<table>> run_rule_peers(const settings& s);
result<std::vector<table>> run_floors(const settings& s);

}  // namespace zhili::bench
