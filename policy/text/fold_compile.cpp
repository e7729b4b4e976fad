// SPDX-License-Identifier: Apache-2.0
// Build tool: turns policy/data/fold.tsv into the source of the tables that fold_table.hpp declares. A body
// that does not match the digest in its header stops the build.
#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "policy/text/fold_table.hpp"

namespace {

using zhili::policy::table::page_bits;
using zhili::policy::table::page_size;
using page = std::array<std::uint16_t, page_size>;

constexpr char32_t code_point_max = 0x10FFFF;

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "fold.tsv: {}\n", why);
  std::exit(1);
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

char32_t code_point(const std::string& hex) {
  char* end = nullptr;
  const auto value = std::strtoul(hex.c_str(), &end, 16);
  if (end == hex.c_str() || *end != '\0' || value > code_point_max || (value >= 0xD800 && value < 0xE000)) {
    stop(fmt::format("\"{}\" is no code point", hex));
  }
  return static_cast<char32_t>(value);
}

struct tables {
  std::array<char, 0x80> ascii{};
  std::vector<std::uint16_t> page_of = std::vector<std::uint16_t>((code_point_max + 1) >> page_bits);
  /// The first page holds nothing: every code point folds to itself.
  std::vector<page> pages = std::vector<page>(1);
  /// The first target is never used: its number means "itself".
  std::string targets = "{0, 0}";
  std::size_t target_count = 1;
  std::string bytes;
  std::map<std::string, std::uint16_t> known;

  std::uint16_t target_of(const std::string& folded) {
    const auto [place, is_new] = known.try_emplace(folded, static_cast<std::uint16_t>(target_count));
    if (is_new) {
      if (folded.size() > 0xFF || bytes.size() > 0xFFFF || target_count > 0xFFFF)
        stop("too large for the tables");
      targets += fmt::format(",{{{}, {}}}", bytes.size(), folded.size());
      bytes += folded;
      ++target_count;
    }
    return place->second;
  }

  void add(char32_t from, const std::string& folded) {
    if (from < 0x80) {
      if (folded.size() != 1) stop("an ASCII character must fold to one ASCII character");
      ascii[from] = folded[0];
    }
    auto& number = page_of[from >> page_bits];
    if (number == 0) {
      number = static_cast<std::uint16_t>(pages.size());
      pages.emplace_back();
    }
    pages[number][from % page_size] = target_of(folded);
  }
};

tables read(const std::string& body) {
  tables out;
  for (std::size_t i = 0; i < out.ascii.size(); ++i) out.ascii[i] = static_cast<char>(i);
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) stop(fmt::format("\"{}\" has no tab", line));
    std::istringstream sequence(line.substr(tab + 1));
    std::string folded;
    for (std::string hex; sequence >> hex;) append_utf8(folded, code_point(hex));
    if (folded.empty()) stop(fmt::format("\"{}\" folds to nothing", line));
    out.add(code_point(line.substr(0, tab)), folded);
  }
  return out;
}

std::string source(const tables& from, std::uint64_t digest) {
  std::string pages;
  for (const auto& entries : from.pages) pages += fmt::format("{{{}}},\n", fmt::join(entries, ","));
  std::vector<int> ascii(from.ascii.begin(), from.ascii.end());
  std::string bytes;
  for (const char byte : from.bytes) bytes += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  return fmt::format(
      "#include \"policy/text/fold_table.hpp\"\n"
      "namespace zhili::policy::table {{\n"
      "const std::uint64_t digest = 0x{:016x}U;\n"
      "const char ascii[0x80] = {{{}}};\n"
      "const std::uint16_t page_of[0x110000U >> page_bits] = {{{}}};\n"
      "const std::uint16_t pages[][page_size] = {{\n{}}};\n"
      "const target targets[] = {{{}}};\n"
      "const char bytes[] = \"{}\";\n"
      "}}  // namespace zhili::policy::table\n",
      digest, fmt::join(ascii, ","), fmt::join(from.page_of, ","), pages, from.targets, bytes);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) stop("usage: fold_compile FOLD.tsv OUT.cpp");
  std::ifstream in(argv[1], std::ios::binary);
  std::string header;
  std::string body;
  for (std::string line; std::getline(in, line);) (line.starts_with('#') ? header : body) += line + '\n';
  const std::uint64_t digest = XXH3_64bits(body.data(), body.size());
  if (header.find(fmt::format("{:016x}", digest)) == std::string::npos) {
    stop(fmt::format("the header does not name the body's digest {:016x}", digest));
  }
  std::ofstream out(argv[2], std::ios::binary);
  out << source(read(body), digest);
  return out.flush() ? 0 : 1;
}
