// SPDX-License-Identifier: Apache-2.0
#include "policy/suggest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

// Characters as slices of bytes: enough to compare them, valid UTF-8 or not.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    out.push_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

constexpr std::size_t word_bytes_max = 256;
constexpr std::size_t listed_max = 12;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto x = characters(a), y = characters(b);
  std::vector<std::size_t> before(y.size() + 1), above(y.size() + 1), row(y.size() + 1);
  for (std::size_t j = 0; j <= y.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= y.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (x[i - 1] == y[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[y.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > word_bytes_max) return {};
  std::string_view best;
  std::size_t best_distance = (characters(word).size() + 2) / 3 + 1;
  for (const std::string_view candidate : known) {
    const std::size_t d = edit_distance(word, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

bilingual suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (const auto near = nearest(word, known); !near.empty())
    return tell("；你是不是想写 '{}'？", "; did you mean '{}'?", near);
  if (known.empty() || known.size() > listed_max) return {};
  return tell(
      "；可以写的有：{}", "; known are {}",
      bilingual{fmt::format("{}", fmt::join(known, "、")), fmt::format("{}", fmt::join(known, ", "))});
}

}  // namespace zhili::policy
