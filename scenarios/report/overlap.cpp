// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/overlap.hpp"

#include "policy/text/matcher.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::scenarios {

phrase_overlap overlap_with(const policy::pack& pack) {
  std::vector<policy::term> terms;
  std::uint16_t category = 0;
  for (const auto& c : pack.categories()) {
    for (const std::string& text : c.terms) terms.push_back({text, category, static_cast<std::uint32_t>(terms.size())});
    ++category;
  }
  phrase_overlap out;
  const auto matcher = policy::matcher::compile(terms);
  if (!matcher) return out;  // the pack compiled the same terms when it was loaded
  policy::matcher::scratch memory;
  policy::folded_text folded;
  std::vector<policy::hit> hits;
  const auto is_listed = [&](std::string_view text) {
    policy::fold(text, folded);
    matcher->scan(folded, memory, hits);
    return !hits.empty();
  };
  const phrasebook& book = phrasebook::embedded();
  for (std::size_t v = 1; v < violation_count; ++v) {
    for (const std::string_view phrase : book.phrases(static_cast<violation>(v))) {
      ++out.phrases;
      if (is_listed(phrase)) ++out.listed;
    }
  }
  for (const std::string_view harmless : book.harmless()) {
    ++out.harmless;
    if (is_listed(harmless)) ++out.harmless_listed;
  }
  return out;
}

}  // namespace zhili::scenarios
