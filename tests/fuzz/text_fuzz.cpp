// SPDX-License-Identifier: Apache-2.0
// Texts in the hands of libFuzzer: normalising, matching and reading a lexicon hold their promises whatever the bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "policy/lexicon.hpp"
#include "policy/text/matcher.hpp"
#include "policy/text/readable.hpp"

namespace {

using namespace zhili::policy;

void must(bool holds) {
  if (!holds) std::abort();
}

const matcher& terms() {
  static const matcher compiled = [] {
    std::vector<term> all;
    for (const char* text : {"加微信", "最佳", "一元购", "botox", "国家级", "100%有效", "瘦脸针"})
      all.push_back({text, 1, static_cast<std::uint32_t>(all.size())});
    all[0].conditions.initials = true;
    all[1].conditions.near = {"医院", "品牌"};
    all[1].conditions.not_near = {"实践"};
    return *matcher::compile(all);
  }();
  return compiled;
}

void normalise_and_match(std::string_view text) {
  static normalised_text once, again;
  static matcher::scratch memory;
  static std::vector<hit> hits;
  terms().words().normalise(text, once);
  for (const text_unit& u : once.units) must(u.begin < u.end && u.end <= text.size());
  terms().scan(once, memory, hits);
  for (const hit& h : hits) must(h.length > 0 && h.begin + h.length <= text.size());
  // What is printed can be read again, and prints the same.
  const std::string printed = readable(once);
  terms().words().normalise(printed, again);
  for (const text_unit& u : again.units) must(u.end <= printed.size());
}

void read_as_lexicon(std::string_view bytes, std::string_view name) {
  zhili::policy::diagnostics found;
  for (const auto& category : read_lexicon(bytes, name, found, terms().words()))
    must(category.terms.size() == category.conditions.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0: read_as_lexicon(rest, "a.txt"); break;
    case 1: read_as_lexicon(rest, "a.csv"); break;
    default: normalise_and_match(rest);
  }
  return 0;
}
