// SPDX-License-Identifier: Apache-2.0
#include "scenarios/texts/sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace zhili::scenarios {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (take_character(text) == not_a_character) return false;
  }
  return true;
}

status open_section(const text_source& source, source_line line, std::vector<section>& sections) {
  if (line.text.back() != ']') return fail_at(source, line.number, "a section header ends in ]");
  const auto header = trim(line.text.substr(1, line.text.size() - 2));
  const auto space = std::min(header.find(' '), header.size());
  section opened{header.substr(0, space), trim(header.substr(space)), line.number, {}};
  if (opened.name.empty()) return fail_at(source, line.number, "a section needs a name");
  for (const auto& earlier : sections) {
    if (earlier.name == opened.name) {
      return fail_at(
          source, line.number,
          fmt::format("section {} stands already in line {}", opened.name, earlier.number));
    }
  }
  sections.push_back(std::move(opened));
  return {};
}

}  // namespace

tl::unexpected<error> fail_at(const text_source& source, unsigned line, std::string_view what) {
  return fail(errc::malformed, fmt::format("{}:{}: {}", source.file, line, what));
}

result<std::vector<section>> read_sections(const text_source& source) {
  std::vector<section> sections;
  unsigned number = 0;
  for (std::string_view rest = source.text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const source_line line{trim(rest.substr(0, end)), ++number};
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.text.empty() || line.text.front() == '#') continue;
    if (!is_utf8(line.text)) return fail_at(source, number, "the line is not UTF-8");
    if (line.text.front() == '[') {
      if (auto opened = open_section(source, line, sections); !opened) return tl::unexpected(opened.error());
    } else if (sections.empty()) {
      return fail_at(source, number, "a line before the first [section]");
    } else {
      sections.back().lines.push_back(line);
    }
  }
  for (const auto& each : sections) {
    if (each.lines.empty())
      return fail_at(source, each.number, fmt::format("section {} is empty", each.name));
  }
  return sections;
}

char32_t take_character(std::string_view& text) {
  if (text.empty()) return not_a_character;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || text.size() < size) return not_a_character;
  char32_t character = size == 1 ? lead : lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return not_a_character;
    character = character << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  if (character < smallest[size] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000)) {
    return not_a_character;
  }
  text.remove_prefix(size);
  return character;
}

void append_character(char32_t character, std::string& out) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (character < 0x80) {
    put(character);
    return;
  }
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else {
    if (character < 0x10000) {
      put(0xe0 | character >> 12);
    } else {
      put(0xf0 | character >> 18);
      put(0x80 | (character >> 12 & 0x3f));
    }
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
}

}  // namespace zhili::scenarios
