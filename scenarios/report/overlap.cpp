// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/overlap.hpp"

#include "policy/text/matcher.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::scenarios {

phrase_overlap overlap_with(const policy::pack& pack) {
  std::vector<policy::term> terms;
  std::uint16_t category = 0;
  for (const auto& c : pack.categories()) {
    for (std::size_t i = 0; i < c.terms.size(); ++i)
      terms.push_back({c.terms[i], category, static_cast<std::uint32_t>(terms.size()), c.conditions[i]});
    ++category;
  }
  phrase_overlap out;
  const auto matcher = policy::matcher::compile(terms, pack.sees_through());
  if (!matcher) return out;  // the pack compiled the same terms when it was loaded
  policy::matcher::scratch memory;
  policy::normalised_text normalised;
  std::vector<policy::hit> hits;
  const auto is_listed = [&](std::string_view text) {
    matcher->words().normalise(text, normalised);
    matcher->scan(normalised, memory, hits);
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
