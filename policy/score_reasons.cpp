// SPDX-License-Identifier: Apache-2.0
#include "policy/score_reasons.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace zhili::policy {
namespace {

/// As of scored_characters(), with the units that each was made of.
std::vector<placed_character> placed(const normalised_text& text) {
  std::vector<placed_character> out;
  for (placed_character c : placed_characters(text)) {
    const bool is_digit = c.character >= '0' && c.character <= '9';
    if (is_digit && !out.empty() && out.back().character == '0') {
      out.back().last = c.last;
      continue;
    }
    if (is_digit) c.character = '0';
    out.push_back(c);
  }
  return out;
}

}  // namespace

explained_score explain_score(const scorecard& card, text_reading& read, std::string_view text) {
  const normalised_text& normal = read.normalised();
  const std::vector<placed_character> all = placed(normal);
  std::vector<std::uint32_t> characters;
  characters.reserve(all.size());
  for (const placed_character& c : all) characters.push_back(c.character);
  const auto bytes_of = [&](std::size_t first, std::size_t length) {
    if (length == 0) return std::pair<std::uint32_t, std::uint32_t>{0, 0};
    return normal.written(all[first].first, all[first + length - 1].last);
  };

  scorecard::reason why = card.why(characters);
  explained_score out;
  out.card = card.name();
  out.title = card.title();
  out.score = why.score;
  out.bias = card.bias();
  const auto [begin, end] = bytes_of(why.first, why.length);
  out.begin = begin;
  out.length = end - begin;
  std::stable_sort(why.terms.begin(), why.terms.end(), [](const auto& a, const auto& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  for (const auto& t : why.terms) {
    scored_term& term = out.terms.emplace_back();
    const auto at = characters.begin() + static_cast<std::ptrdiff_t>(t.first);
    in_utf8({at, at + static_cast<std::ptrdiff_t>(t.length)}, term.term);
    const auto [from, to] = bytes_of(t.first, t.length);
    term.written = text.substr(from, to - from);
    term.begin = from;
    term.weight = t.weight;
  }
  return out;
}

}  // namespace zhili::policy
