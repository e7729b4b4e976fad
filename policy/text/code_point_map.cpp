// SPDX-License-Identifier: Apache-2.0
#include "policy/text/code_point_map.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "policy/text/text_table.hpp"
#include "protocols/types/result.hpp"

namespace zhili::policy {
namespace {

constexpr std::uint32_t code_points = 0x110000;
/// Signs that stand for figures come before NFKC takes them apart, and what NFKC gives may be one again.
constexpr std::string_view order = "dkncmnsvd";

techniques needed(char step) {
  switch (step) {
    case 'n': return techniques::none().with(technique::compatibility);
    case 'c': return techniques::none().with(technique::letter_case);
    case 's': return techniques::none().with(technique::traditional);
    case 'd': return techniques::none().with(technique::digits);
    default: return techniques::none().with(technique::look_alikes);
  }
}

const table::step* find(std::uint32_t from, char what) {
  const auto found = std::lower_bound(
      table::steps.begin(), table::steps.end(), std::pair{from, what},
      [](const table::step& s, const auto& key) { return std::pair{s.from, s.what} < key; });
  return found != table::steps.end() && found->from == from && found->what == what ? &*found : nullptr;
}

std::u32string composed(std::uint32_t code_point, techniques on) {
  std::u32string now{static_cast<char32_t>(code_point)};
  for (int round = 0; round < 8; ++round) {
    const auto before = now;
    for (const char what : order) {
      if ((needed(what).bits() & on.bits()) == 0) continue;
      std::u32string next;
      for (const char32_t c : now) {
        const auto* step = find(c, what);
        if (step == nullptr) {
          next += c;
        } else {
          for (std::uint32_t i = 0; i < step->count; ++i) next += static_cast<char32_t>(table::targets[step->begin + i]);
        }
      }
      now = next;
    }
    if (now == before) return now;
  }
  return now;
}

/// By the letters of policy/data/kinds.tsv. Where a technique is off, its characters are like any other.
mapped of_kind(char letter, techniques on) {
  switch (letter) {
    case 'h': return {0, trait::han};
    case 'l': return {0, trait::letter};
    case 'd': return {0, trait::digit};
    case 'w': return {0, on.has(technique::separators) ? trait::weak : 0};
    case 'p': return {0, on.has(technique::separators) ? trait::hard : 0};
    case 'b':
      if (on.has(technique::bidi)) return mapped::direction();
      [[fallthrough]];
    case 'i': return on.has(technique::invisible) ? mapped::invisible() : mapped{};
    default: return {};
  }
}

std::vector<mapped> classified(techniques on) {
  std::vector<mapped> out(code_points);
  for (const auto& range : table::kinds) {
    for (auto c = range.first; c <= range.last; ++c) out[c] = of_kind(range.kind, on);
  }
  const auto add = [&](std::uint32_t c, std::uint32_t traits) {
    if (!out[c].is_rare()) out[c] = mapped{0, out[c].traits() | traits};
  };
  if (on.has(technique::look_alikes)) {
    for (std::uint32_t c = 0; c < code_points; ++c) {
      if (out[c] == mapped{} && latin_alike(c) != 0) add(c, trait::alike);
    }
    for (const auto& s : table::similars) add(s.from, trait::similar);
  }
  if (on.has(technique::split_characters)) {
    for (const auto& s : table::splits) {
      add(s.first, trait::split_first);
      add(s.second, trait::split_second);
    }
  }
  if (on.has(technique::digits)) {
    for (const char32_t c : std::u32string_view(U"零一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟两")) add(c, trait::numeral);
  }
  return out;
}

}  // namespace

char latin_alike(std::uint32_t code_point) {
  if (code_point < 0x80) return 0;
  const auto* step = find(code_point, 'a');
  return step == nullptr ? '\0' : static_cast<char>(table::targets[step->begin]);
}

code_point_map::code_point_map(techniques on) : page_of_((code_points - first_plane) >> 6) {
  const auto self = classified(on);
  auto all = self;
  const auto target = [&](char32_t c) { return self[c].is_rare() ? self[c] : mapped{static_cast<std::uint32_t>(c), self[c].traits()}; };
  std::uint32_t last = code_points;
  for (const auto& step : table::steps) {
    if (step.from == last || step.what == 'a') continue;
    last = step.from;
    const auto to = composed(step.from, on);
    if (to.size() == 1 && to[0] == step.from) continue;
    if (to.size() == 1) {
      all[step.from] = target(to[0]);
      continue;
    }
    all[step.from] = mapped::expansion(static_cast<std::uint32_t>(expansions_.size()));
    expansions_.emplace_back(expanded_.size(), to.size());
    for (const char32_t c : to) expanded_.push_back(target(c));
  }
  common_.assign(all.begin(), all.begin() + first_plane);
  std::map<page, std::uint16_t> known;
  for (std::uint32_t number = 0; number < page_of_.size(); ++number) {
    page p;
    std::copy_n(all.begin() + first_plane + number * 64, 64, p.begin());
    const auto [place, is_new] = known.try_emplace(p, static_cast<std::uint16_t>(pages_.size()));
    if (is_new) pages_.push_back(p);
    page_of_[number] = place->second;
  }
}

}  // namespace zhili::policy
