// SPDX-License-Identifier: Apache-2.0
// hits(category) and score(card): what the pack itself names.
#include <algorithm>

#include "policy/expression/compiler.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {

/// The position of the name in brackets; 0 where it is not known, which is reported.
std::uint32_t compiler::named(
    const expression_node& n, std::span<const std::string_view> known, const bilingual_view& what) {
  const expression_node& argument = node(n.children[0]);
  const auto found = std::find(known.begin(), known.end(), argument.text);
  if (found == known.end()) {
    report(
        argument.offset, tell(
                             "规则包里没有叫 '{0}' 的{1}{2}", "the pack has no {1} '{0}'{2}", argument.text,
                             bilingual(what), suggestion(argument.text, known)));
    return 0;
  }
  if (!names_.has_text) {
    report(
        n.offset, tell(
                      "{}() 要有正文，环节 {} 没有正文", "{}() needs a text; {} has none", n.text,
                      stage_names(names_.stages)));
  }
  return static_cast<std::uint32_t>(found - known.begin());
}

part compiler::hits(const expression_node& n) {
  if (!typed()) return raise("hits() counts in a submission; there is none here");
  const std::uint32_t category = named(n, names_.categories, {"词表", "lexicon of category"});
  code(opcode::hits, category, 1);
  out_.categories |= std::uint64_t{1} << category;
  return {kind::integer, {}, 0, kind::any, 0};
}

part compiler::score(const expression_node& n) {
  if (!typed()) return raise("score() reads a submission; there is none here");
  code(opcode::score, named(n, names_.scorecards, {"评分卡", "scorecard"}), 1);
  out_.reads_text = true;
  out_.scores = true;
  return {kind::integer, {}, 0, kind::any, 0};
}

}  // namespace zhili::policy
