// SPDX-License-Identifier: Apache-2.0
#include "node/policy/shared.hpp"

#include <algorithm>
#include <filesystem>

namespace zhili::node {

std::string default_pack() {
  std::error_code ec;
  return std::filesystem::exists("packs/default/pack.yaml", ec) ? "packs/default" : "packs/baseline-2021";
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;
    width += byte >= 0xe3 ? 2 : 1;
  }
  return width;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t has = width_of(text);
  if (has < width) out.append(width - has, ' ');
  return out;
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += padded(row[i], i + 1 < row.size() ? widths[i] + 2 : 0);
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string_view in(scenarios::language lang, std::string_view zh, std::string_view en) {
  return lang == scenarios::language::zh ? zh : en;
}

}  // namespace zhili::node
