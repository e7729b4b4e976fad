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

glyph kind_named(char letter) {
  constexpr std::string_view letters = "ohldwpib";
  return static_cast<glyph>(letters.find(letter));
}

/// Where a technique is off, its characters are like any other.
glyph switched(glyph k, techniques on) {
  if ((k == glyph::weak || k == glyph::hard) && !on.has(technique::separators)) return glyph::other;
  if (k == glyph::invisible && !on.has(technique::invisible)) return glyph::other;
  if (k == glyph::bidi && !on.has(technique::bidi)) return on.has(technique::invisible) ? glyph::invisible : glyph::other;
  return k;
}

std::vector<mapped> classified(techniques on) {
  std::vector<std::uint8_t> kinds(code_points), bits(code_points);
  for (const auto& range : table::kinds) {
    for (auto c = range.first; c <= range.last; ++c) kinds[c] = static_cast<std::uint8_t>(switched(kind_named(range.kind), on));
  }
  if (on.has(technique::split_characters)) {
    for (const auto& s : table::splits) {
      bits[s.first] |= mapped::split_first;
      bits[s.second] |= mapped::split_second;
    }
  }
  if (on.has(technique::look_alikes)) {
    for (const auto& s : table::similars) bits[s.from] |= mapped::similar;
  }
  if (on.has(technique::digits)) {
    for (const char32_t c : std::u32string_view(U"零一二三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟两")) bits[c] |= mapped::numeral;
  }
  std::vector<mapped> out(code_points);
  for (std::uint32_t c = 0; c < code_points; ++c) {
    auto b = bits[c];
    if (on.has(technique::look_alikes) && kinds[c] == static_cast<std::uint8_t>(glyph::other) && latin_alike(c) != 0)
      b |= mapped::alike;
    out[c] = mapped{0, static_cast<glyph>(kinds[c]), b};
  }
  return out;
}

}  // namespace

char latin_alike(std::uint32_t code_point) {
  if (code_point < 0x80) return 0;
  const auto* step = find(code_point, 'a');
  return step == nullptr ? '\0' : static_cast<char>(table::targets[step->begin]);
}

code_point_map::code_point_map(techniques on) : page_of_(code_points >> 6) {
  const auto self = classified(on);
  auto all = self;
  const auto target = [&](char32_t c) { return mapped{static_cast<std::uint32_t>(c), self[c].kind(), self[c].bits()}; };
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
  std::map<std::vector<std::uint32_t>, std::uint16_t> known;
  for (std::uint32_t number = 0; number < page_of_.size(); ++number) {
    page p;
    std::copy_n(all.begin() + number * 64, 64, p.begin());
    // Most pages are alike: one kind, and each character itself.
    std::vector<std::uint32_t> key;
    for (const mapped m : p)
      key.push_back(m.target() | static_cast<std::uint32_t>(m.is_expansion()) << 21 |
                    static_cast<std::uint32_t>(m.kind()) << 22 | static_cast<std::uint32_t>(m.bits()) << 25);
    const auto [place, is_new] = known.try_emplace(std::move(key), static_cast<std::uint16_t>(pages_.size()));
    if (is_new) pages_.push_back(p);
    page_of_[number] = place->second;
  }
}

}  // namespace zhili::policy
