// SPDX-License-Identifier: Apache-2.0
#include "policy/text/fold.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "protocols/types/hash.hpp"

namespace zhili::policy {
namespace {

std::string folded(std::string_view text) {
  folded_text out;
  fold(text, out);
  return out.bytes;
}

std::filesystem::path committed_table() {
  return "policy/data/fold.tsv";  // tests run in the root of the project
}

std::string body_of_table() {
  std::ifstream in(committed_table(), std::ios::binary);
  REQUIRE(in);
  std::string body;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('#')) body += line + '\n';
  }
  return body;
}

std::string utf8(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  const auto tail = [&](unsigned shift) { return byte(0x80U | (c >> shift & 0x3FU)); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0U | c >> 6), tail(0)};
  if (c < 0x10000) return {byte(0xE0U | c >> 12), tail(6), tail(0)};
  return {byte(0xF0U | c >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_SUITE("policy/text") {
  TEST_CASE("brings spellings of the same words together") {
    struct row {
      const char* written;
      const char* folded;
    };
    const auto rows = std::vector<row>{
        {"BOTOX Botox botox", "botox botox botox"},
        {"ＢＯＴＯＸ", "botox"},
        {"ｗｅｉｘｉｎ：１３８", "weixin:138"},
        {"①②⑳", "1220"},
        {"⒈㈠㊀", "1.(一)一"},
        {"Ⅲ类", "iii类"},
        {"５０㎎ ㎡ ㏄", "50mg m2 cc"},
        {"ﬁne Straße", "fine strasse"},
        {"ΓΑΛΑ Москва", "γαλα москва"},
        {"㍿", "株式会社"},
        {"ｶﾀｶﾅ", "カタカナ"},
        {"　", " "},
        {"醫療美容", "医疗美容"},
        {"隆鼻術", "隆鼻术"},
        {"雙眼皮 熱瑪吉 溶脂針 線雕", "双眼皮 热玛吉 溶脂针 线雕"},
        {"除皺 豐胸 植髮 幹細胞 顴骨", "除皱 丰胸 植发 干细胞 颧骨"},
        {"牙齒矯正 脫毛 診所 醫師執業", "牙齿矫正 脱毛 诊所 医师执业"},
        // A compatibility ideograph: first the traditional character, then the simplified one.
        {"\uF978", "两"},
        {"医疗美容，双眼皮。", "医疗美容,双眼皮。"},
        {"无痛🙂", "无痛🙂"},
    };
    for (const auto& row : rows) {
      CAPTURE(row.written);
      CHECK(folded(row.written) == row.folded);
    }
  }

  TEST_CASE("folds as each line of the table says, and what was folded is at rest") {
    std::istringstream lines(body_of_table());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      CAPTURE(line);
      std::istringstream numbers(line);
      std::uint32_t from = 0;
      numbers >> std::hex >> from;
      std::string to;
      for (std::uint32_t c = 0; numbers >> c;) to += utf8(c);
      REQUIRE(folded(utf8(from)) == to);
      REQUIRE(folded(to) == to);
    }
    CHECK(count > 9000);
  }

  TEST_CASE("leaves alone what neither width, case nor script concerns") {
    for (const std::string text : {"玻尿酸", "ひらがな", "한글", "𠮷", "\u200B", "🅰"})
      CHECK(folded(text) == text);
  }

  TEST_CASE("maps each folded byte to the character it came from") {
    // Bytes:            0 1..3 4..6 7..9 10..13 14
    const std::string text = "A醫㎎ß🙂z";
    folded_text out;
    fold(text, out);
    CHECK(out.bytes == "a医mgss🙂z");
    CHECK(out.origin == std::vector<std::uint32_t>{0, 1, 1, 1, 4, 4, 7, 7, 9, 9, 9, 9, 13, 14});
  }

  TEST_CASE("keeps the map whole where folding makes a text many times longer") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "ﷺ";
    folded_text out;
    fold(text, out);
    REQUIRE(out.origin.size() == out.bytes.size() + 1);
    CHECK(out.bytes.size() == 100 * 33);
    for (std::size_t i = 0; i < out.bytes.size(); ++i) REQUIRE(out.origin[i] == i / 33 * 3);
    CHECK(out.origin.back() == text.size());
  }

  TEST_CASE("an empty text folds to an empty text with the end in its map") {
    folded_text out;
    fold("before", out);
    fold("", out);
    CHECK(out.bytes.empty());
    CHECK(out.origin == std::vector<std::uint32_t>{0});
  }

  TEST_CASE("turns each byte outside of valid UTF-8 into U+FFFD and loses no place") {
    struct row {
      std::string_view written;
      std::string folded;
    };
    const std::string bad = "\uFFFD";
    const auto rows = std::vector<row>{
        {"\x80", bad},
        {"A\xFFZ", "a" + bad + "z"},
        // Cut off at the end, after one, two and three bytes.
        {"\xE5\x8C", bad + bad},
        {"\xF0\x9F\x99", bad + bad + bad},
        {"\xC3", bad},
        // Overlong: '/' in two bytes, NUL in two, three and four.
        {"\xC0\xAF", bad + bad},
        {std::string_view("\xC0\x80", 2), bad + bad},
        {"\xE0\x80\x80", bad + bad + bad},
        {"\xF0\x80\x80\x80", bad + bad + bad + bad},
        // A surrogate, and beyond U+10FFFF.
        {"\xED\xA0\x80", bad + bad + bad},
        {"\xF4\x90\x80\x80", bad + bad + bad + bad},
        {"\xF5\x80\x80\x80", bad + bad + bad + bad},
        // A lead byte with an ASCII byte in place of its continuation: the ASCII byte stays.
        {"\xE5Z", bad + "z"},
        {std::string_view("a\0b", 3), std::string("a\0b", 3)},
    };
    for (const auto& row : rows) {
      CAPTURE(row.folded);
      folded_text out;
      fold(row.written, out);
      CHECK(out.bytes == row.folded);
      CHECK(out.origin.size() == out.bytes.size() + 1);
      CHECK(out.origin.back() == row.written.size());
      CHECK(std::is_sorted(out.origin.begin(), out.origin.end()));
    }
    folded_text out;
    fold("医\xFF\xFF美", out);
    CHECK(out.origin == std::vector<std::uint32_t>{0, 0, 0, 3, 3, 3, 4, 4, 4, 5, 5, 5, 8});
  }

  TEST_CASE("allocates nothing once its buffers have grown") {
    folded_text out;
    const std::string longest(4096, 'A');
    fold(longest, out);
    const auto* bytes = out.bytes.data();
    const auto* origin = out.origin.data();
    for (std::size_t size : {0U, 1U, 400U, 4096U}) fold(std::string_view(longest).substr(0, size), out);
    CHECK(out.bytes.data() == bytes);
    CHECK(out.origin.data() == origin);
  }

  TEST_CASE("the committed table carries the digest of its own body, and it is the program's") {
    const auto body = body_of_table();
    const auto digest = xxh3_64(as_bytes_view(body));
    CHECK(digest == folding_digest());
    std::ifstream in(committed_table());
    std::string header;
    for (std::string line; std::getline(in, line) && line.starts_with('#');) header += line;
    CHECK(header.find(fmt::format("xxh3-64 of the lines below: {:016x}", digest)) != std::string::npos);
    CHECK(header.find("ICU") != std::string::npos);
  }
}

}  // namespace zhili::policy
