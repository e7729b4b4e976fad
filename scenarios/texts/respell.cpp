// SPDX-License-Identifier: Apache-2.0
#include "scenarios/texts/respell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace zhili::scenarios {
namespace {

constexpr std::uint32_t further_ppm = 600'000;
constexpr char32_t full_width_offset = 0xfee0;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end != 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool has_full_width(char32_t character) {
  return character >= 0x21 && character <= 0x7e;
}

}  // namespace

const respeller::substitute* respeller::table::find(char32_t from) const {
  const auto at = std::lower_bound(
      substitutes.begin(), substitutes.end(), from,
      [](const substitute& s, char32_t c) { return s.from < c; });
  return at != substitutes.end() && at->from == from ? &*at : nullptr;
}

result<respeller> respeller::parse(const text_source& source) {
  const auto sections = read_sections(source);
  if (!sections) return tl::unexpected(sections.error());
  respeller made;
  for (const auto& each : *sections) {
    const auto spelling = evasion_named(each.name);
    if (!spelling || *spelling == evasion::none) {
      return fail_at(source, each.number, fmt::format("no evasion is called {}", each.name));
    }
    if (*spelling == evasion::separators) {
      if (auto read = made.read_separators(source, each); !read) return tl::unexpected(read.error());
    } else {
      auto pairs = read_pairs(source, each);
      if (!pairs) return tl::unexpected(pairs.error());
      made.tables_[static_cast<std::size_t>(*spelling)] = std::move(*pairs);
    }
  }
  for (std::size_t i = 1; i < evasion_count; ++i) {
    const auto spelling = static_cast<evasion>(i);
    const bool empty =
        spelling == evasion::separators ? made.separators_.empty() : made.tables_[i].substitutes.empty();
    if (empty) return fail_at(source, 1, fmt::format("there is no section [{}]", name(spelling)));
  }
  return made;
}

result<respeller::table> respeller::read_pairs(const text_source& source, const section& from) {
  table made;
  for (const auto& line : from.lines) {
    for (const auto token : split(line.text, ' ')) {
      auto rest = token;
      substitute entry{take_character(rest), {}};
      if (rest.empty() || rest.front() != ':') {
        return fail_at(source, line.number, fmt::format("{} is not of the form from:to", token));
      }
      entry.to = split(rest.substr(1), '|');
      if (entry.to.empty())
        return fail_at(source, line.number, fmt::format("{} has nothing behind the colon", token));
      made.substitutes.push_back(std::move(entry));
    }
  }
  const auto less = [](const substitute& a, const substitute& b) { return a.from < b.from; };
  std::sort(made.substitutes.begin(), made.substitutes.end(), less);
  const auto twice = std::adjacent_find(
      made.substitutes.begin(), made.substitutes.end(),
      [](const auto& a, const auto& b) { return a.from == b.from; });
  if (twice != made.substitutes.end()) {
    std::string character;
    append_character(twice->from, character);
    return fail_at(source, from.number, fmt::format("{} stands twice in section {}", character, from.name));
  }
  return made;
}

status respeller::read_separators(const text_source& source, const section& from) {
  for (const auto& line : from.lines) {
    for (const auto token : split(line.text, ' ')) {
      std::string separator{token};
      if (token.starts_with("U+")) {
        std::uint32_t code = 0;
        const auto [end, error] = std::from_chars(token.data() + 2, token.data() + token.size(), code, 16);
        separator.clear();
        append_character(code, separator);
        std::string_view read_back = separator;
        if (error != std::errc{} || end != token.data() + token.size() || take_character(read_back) != code) {
          return fail_at(source, line.number, fmt::format("{} is no character", token));
        }
      }
      separators_.push_back(std::move(separator));
    }
  }
  return {};
}

bool respeller::changes(std::string_view text, evasion spelling) const {
  if (spelling == evasion::none) return false;
  auto rest = text;
  if (spelling == evasion::separators) {
    take_character(rest);
    return !rest.empty() && !separators_.empty();
  }
  while (!rest.empty()) {
    const auto character = take_character(rest);
    if (spelling == evasion::full_width && has_full_width(character)) return true;
    if (tables_[static_cast<std::size_t>(spelling)].find(character) != nullptr) return true;
  }
  return false;
}

void respeller::append(std::string_view text, evasion spelling, dice& draw, std::string& out) const {
  if (spelling == evasion::none) {
    out.append(text);
  } else if (spelling == evasion::separators) {
    append_separated(text, draw, out);
  } else {
    append_substituted(text, spelling, draw, out);
  }
}

void respeller::append_separated(std::string_view text, dice& draw, std::string& out) const {
  const std::string& separator = separators_[draw.below(separators_.size())];
  bool separated = false;
  while (!text.empty()) {
    const auto before = text;
    take_character(text);
    out.append(before.substr(0, before.size() - text.size()));
    if (text.empty()) break;
    if (!separated || draw.chance_ppm(further_ppm)) out.append(separator);
    separated = true;
  }
}

void respeller::append_substituted(
    std::string_view text, evasion spelling, dice& draw, std::string& out) const {
  const auto& substitutes = tables_[static_cast<std::size_t>(spelling)];
  const bool every = spelling == evasion::full_width || spelling == evasion::traditional;
  bool substituted = false;
  while (!text.empty()) {
    const auto before = text;
    const auto character = take_character(text);
    if (spelling == evasion::full_width && has_full_width(character)) {
      append_character(character + full_width_offset, out);
      continue;
    }
    const auto* found = substitutes.find(character);
    if (found != nullptr && (every || !substituted || draw.chance_ppm(further_ppm))) {
      out.append(found->to[draw.below(found->to.size())]);
      substituted = true;
    } else {
      out.append(before.substr(0, before.size() - text.size()));
    }
  }
}

}  // namespace zhili::scenarios
