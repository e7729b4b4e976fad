// SPDX-License-Identifier: Apache-2.0
#include "policy/text/matcher.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

#include "protocols/types/hash.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

/// What a plain search of folded texts sees; the disguises have a file of their own.
constexpr techniques plain = techniques::none()
                                 .with(technique::compatibility)
                                 .with(technique::letter_case)
                                 .with(technique::traditional);

matcher compiled(const std::vector<term>& terms) {
  auto out = matcher::compile(terms, plain);
  REQUIRE(out);
  return std::move(*out);
}

std::vector<hit> hits(const matcher& in, std::string_view text) {
  normalised_text normalised;
  in.words().normalise(text, normalised);
  matcher::scratch memory;
  std::vector<hit> out;
  in.scan(normalised, memory, out);
  return out;
}

/// What the hits cover in the original, in order.
std::vector<std::string> covered(const matcher& in, std::string_view text) {
  std::vector<std::string> out;
  for (const auto& hit : hits(in, text)) out.emplace_back(text.substr(hit.begin, hit.length));
  return out;
}

using texts = std::vector<std::string>;

std::uint64_t drawn(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t key[2] = {a, b};
  return xxh3_64({reinterpret_cast<const std::byte*>(key), sizeof key});
}

/// `length` characters out of a small alphabet, so that terms meet, overlap and repeat.
std::string babble(std::uint64_t seed, std::size_t length) {
  static const texts alphabet{"美", "医", "疗", "無", "a", "B", "Ｃ", "㎎", "①", "ﷺ", "🙂", " "};
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += alphabet[drawn(seed, i) % alphabet.size()];
  return out;
}

std::vector<hit> searched_one_by_one(const std::vector<term>& terms, std::string_view text) {
  normalised_text in;
  normalised_text pattern;
  normaliser::with(plain)->normalise(text, in);
  std::vector<hit> out;
  for (const auto& term : terms) {
    normaliser::with(plain)->normalise(term.text, pattern);
    const auto same = [](const text_unit& a, const text_unit& b) { return a.character == b.character; };
    for (auto at = in.units.begin();; ++at) {
      at = std::search(at, in.units.end(), pattern.units.begin(), pattern.units.end(), same);
      if (at == in.units.end()) break;
      const auto first = static_cast<std::size_t>(at - in.units.begin());
      const auto [begin, end] = in.written(first, first + pattern.units.size() - 1);
      out.push_back({term.id, term.category, begin, end - begin});
    }
  }
  std::sort(out.begin(), out.end(), [](const hit& a, const hit& b) {
    return std::tie(a.begin, a.term, a.length) < std::tie(b.begin, b.term, b.length);
  });
  // ㎎ holds two letters: a term that ends in either covers the whole of it.
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

TEST_SUITE("policy/text") {
  TEST_CASE("finds a term however width, case and script are written, and places it in the original") {
    const auto in = compiled({{"医疗美容", 3, 70}, {"Botox", 4, 71}});
    CHECK(hits(in, "正规醫療美容") == std::vector<hit>{{70, 3, 6, 12}});
    CHECK(hits(in, "打ＢＯＴＯＸ针") == std::vector<hit>{{71, 4, 3, 15}});
    CHECK(covered(in, "bOtOx与ＢoｔoX") == texts{"bOtOx", "ＢoｔoX"});
    CHECK(hits(in, "美容医疗").empty());
  }

  TEST_CASE("folds the terms too") {
    const auto in = compiled({{"隆鼻術", 1, 1}, {"第①", 1, 2}});
    CHECK(covered(in, "隆鼻术与隆鼻術，第1") == texts{"隆鼻术", "隆鼻術", "第1"});
  }

  TEST_CASE("a hit covers whole characters where folding changes their lengths") {
    const auto in = compiled({{"mg", 1, 1}, {"g", 1, 2}, {"50m", 1, 3}, {"ss", 1, 4}});
    // ㎎ folds to "mg", three bytes to two.
    CHECK(hits(in, "５０㎎用") == std::vector<hit>{{3, 1, 0, 9}, {1, 1, 6, 3}, {2, 1, 6, 3}});
    CHECK(covered(in, "Straße") == texts{"ß"});
    CHECK(hits(in, "ﷺ50ml") == std::vector<hit>{{3, 1, 3, 3}});
  }

  TEST_CASE("reports overlapping terms, terms inside of others and repeated ones, by begin, then term") {
    const auto in =
        compiled({{"双眼皮", 1, 9}, {"眼皮手术", 1, 5}, {"眼皮", 2, 7}, {"双眼皮手术", 2, 3}, {"aa", 3, 1}});
    const std::string text = "双眼皮手术aaa";
    CHECK(
        hits(in, text) ==
        std::vector<hit>{
            {3, 2, 0, 15}, {9, 1, 0, 9}, {5, 1, 3, 12}, {7, 2, 3, 6}, {1, 3, 15, 2}, {1, 3, 16, 2}});
  }

  TEST_CASE("reports terms that fold to the same, each with its own id and category") {
    const auto in = compiled({{"醫療", 1, 1}, {"医疗", 2, 2}});
    CHECK(hits(in, "医療") == std::vector<hit>{{1, 1, 0, 6}, {2, 2, 0, 6}});
  }

  TEST_CASE("takes a term literally, whatever a pattern language would make of it") {
    const auto in =
        compiled({{"a.c", 1, 1}, {".*", 1, 2}, {"[美]\\d", 1, 3}, {std::string("x\0y", 3), 1, 4}});
    CHECK(covered(in, "abc a.c 美5") == texts{"a.c"});
    CHECK(covered(in, "[美]\\d.*") == texts{"[美]\\d", ".*"});
    CHECK(covered(in, std::string_view("x\0y", 3)) == texts{std::string("x\0y", 3)});
  }

  TEST_CASE("matches nothing without terms and in an empty text") {
    CHECK(hits(matcher(), "医疗美容").empty());
    CHECK(hits(compiled({}), "医疗美容").empty());
    CHECK(hits(compiled({{"医", 1, 1}}), "").empty());
  }

  TEST_CASE("replaces the hits of the text before") {
    const auto in = compiled({{"医", 1, 1}});
    matcher::scratch memory;
    normalised_text folded;
    std::vector<hit> out{{9, 9, 9, 9}};
    in.words().normalise("医", folded);
    in.scan(folded, memory, out);
    CHECK(out == std::vector<hit>{{1, 1, 0, 3}});
    matcher().scan(folded, memory, out);
    CHECK(out.empty());
  }

  TEST_CASE("never matches what is broken in a text") {
    const auto in = compiled({{"医", 1, 1}});
    CHECK(hits(in, "\xE5\x8C\xFF\xBB").empty());
    CHECK(hits(in, "\xFF\xE5医") == std::vector<hit>{{1, 1, 2, 3}});
  }

  TEST_CASE("refuses a term that is empty, too long or not UTF-8, and names it") {
    const auto code = [](std::string text) {
      const auto out = matcher::compile(std::vector<term>{{"好", 1, 1}, {std::move(text), 2, 42}});
      REQUIRE_FALSE(out);
      CHECK(out.error().detail.find("term 42 of category 2") != std::string::npos);
      return out.error().code;
    };
    CHECK(code("") == errc::malformed);
    CHECK(code("\xE5\x8C") == errc::malformed);
    CHECK(code(std::string(limits::string_bytes_max + 1, 'a')) == errc::too_large);
    CHECK(matcher::compile(std::vector<term>{{std::string(limits::string_bytes_max, 'a'), 1, 1}}));
  }

  TEST_CASE("what stands near stands in the same sentence") {
    term_conditions near, not_near;
    near.near = {"返图"};
    not_near.not_near = {"无法"};
    for (const techniques on : {plain, techniques::all()}) {
      const auto m = matcher::compile(std::vector<term>{{"顾客", 0, 0, near}, {"根治", 0, 1, not_near}}, on);
      REQUIRE(m);
      const auto finds = [&](std::string_view text) { return !hits(*m, text).empty(); };
      CHECK(finds("请顾客多返图"));
      CHECK(finds("返图的顾客"));
      CHECK(finds("请顾客到店，记得返图"));
      CHECK_FALSE(finds("目前无法做到根治"));
      CHECK_FALSE(finds("根治：目前无法做到"));
      for (const std::string_view end : {"。", "！", "？", "；", "!", "?", ";", "\n"}) {
        CAPTURE(end);
        CHECK_FALSE(finds("服务好顾客" + std::string(end) + "返图另发"));
        CHECK_FALSE(finds("返图另发" + std::string(end) + "顾客很多"));
        CHECK(finds("目前无法联系" + std::string(end) + "根治老毛病"));
        CHECK(finds("根治老毛病" + std::string(end) + "目前无法联系"));
        CHECK(finds("好的" + std::string(end) + "顾客返图" + std::string(end)));
      }
    }
  }

  TEST_CASE("finds what a search term by term finds, with few terms and with many") {
    for (const std::size_t count : {1U, 2U, 20U, 300U}) {
      std::vector<term> terms;
      for (std::size_t i = 0; i < count; ++i) {
        const auto length = 1 + drawn(i, count) % (i % 10 == 0 ? 24 : 4);
        terms.push_back(
            {babble(1000 + i, length), static_cast<std::uint16_t>(i % 7), static_cast<std::uint32_t>(i)});
      }
      const auto in = compiled(terms);
      std::size_t found = 0;
      for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CAPTURE(count);
        CAPTURE(seed);
        // Each text holds one of the terms on purpose, so that the long ones are met too.
        const auto text = babble(seed, seed * 4) + terms[seed % count].text + babble(seed + 500, 5);
        const auto out = hits(in, text);
        found += out.size();
        REQUIRE(out == searched_one_by_one(terms, text));
      }
      CHECK(found >= 50);
    }
  }

  TEST_CASE("compiles ten thousand terms and finds each") {
    std::vector<term> terms;
    for (std::uint32_t i = 0; i < 10'000; ++i) terms.push_back({fmt::format("禁词{:05}号", i), 1, i});
    const auto in = compiled(terms);
    matcher::scratch memory;
    normalised_text folded;
    std::vector<hit> out;
    for (const auto& term : terms) {
      in.words().normalise(term.text, folded);
      in.scan(folded, memory, out);
      REQUIRE(out == std::vector<hit>{{term.id, 1, 0, static_cast<std::uint32_t>(term.text.size())}});
    }
  }

  TEST_CASE("one scratch serves matchers in turn, and a matcher may move") {
    matcher::scratch memory;
    normalised_text folded;
    normaliser::with(plain)->normalise("医疗美容", folded);
    std::vector<hit> out;
    std::vector<term> many;
    for (std::uint32_t i = 0; i < 500; ++i) many.push_back({fmt::format("美容{}", i), 1, i});
    many.push_back({"美容", 1, 500});
    for (int round = 0; round < 3; ++round) {
      auto small = compiled({{"医疗", 1, 7}});
      const auto moved = std::move(small);
      moved.scan(folded, memory, out);
      CHECK(out == std::vector<hit>{{7, 1, 0, 6}});
      compiled(many).scan(folded, memory, out);
      CHECK(out == std::vector<hit>{{500, 1, 6, 6}});
    }
  }

  TEST_CASE("several threads scan with one matcher") {
    const auto in = compiled({{"医", 1, 1}, {"美容", 1, 2}});
    const auto expected = hits(in, "醫療美容");
    REQUIRE(expected.size() == 2);
    std::vector<int> equal(4);
    std::vector<std::thread> threads;
    for (auto& mine : equal) {
      threads.emplace_back([&] {
        matcher::scratch memory;
        normalised_text folded;
        std::vector<hit> out;
        for (int i = 0; i < 500; ++i) {
          in.words().normalise("醫療美容", folded);
          in.scan(folded, memory, out);
          mine += out == expected ? 1 : 0;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(equal == std::vector<int>(4, 500));
  }
}

}  // namespace zhili::policy
