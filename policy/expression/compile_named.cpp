// SPDX-License-Identifier: Apache-2.0
// hits(category) and score(card): what the pack itself names.
#include <algorithm>

#include "policy/expression/compiler.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {

part compiler::hits(const expression_node& n) {
  if (!typed()) return raise("hits() counts in a submission; there is none here");
  const expression_node& argument = node(n.children[0]);
  const auto& known = names_.categories;
  const auto found = std::find(known.begin(), known.end(), argument.text);
  if (found == known.end()) {
    report(
        argument.offset, tell(
                             "规则包里没有叫 '{}' 的词表{}", "the pack has no lexicon of category '{}'{}",
                             argument.text, suggestion(argument.text, known)));
  } else if (!names_.has_text) {
    report(
        n.offset, tell(
                      "hits() 要有正文，环节 {} 没有正文", "hits() needs a text; {} has none",
                      stage_names(names_.stages)));
  }
  const auto category = static_cast<std::uint32_t>(found == known.end() ? 0 : found - known.begin());
  code(opcode::hits, category, 1);
  out_.categories |= std::uint64_t{1} << category;
  return {kind::integer, {}, 0, kind::any, 0};
}

part compiler::score(const expression_node& n) {
  if (!typed()) return raise("score() reads a submission; there is none here");
  const expression_node& argument = node(n.children[0]);
  const auto& known = names_.scorecards;
  const auto found = std::find(known.begin(), known.end(), argument.text);
  if (found == known.end()) {
    report(
        argument.offset, tell(
                             "规则包里没有叫 '{}' 的评分卡{}", "the pack has no scorecard '{}'{}", argument.text,
                             suggestion(argument.text, known)));
  } else if (!names_.has_text) {
    report(
        n.offset, tell(
                      "score() 要有正文，环节 {} 没有正文", "score() needs a text; {} has none",
                      stage_names(names_.stages)));
  }
  code(opcode::score, static_cast<std::uint32_t>(found == known.end() ? 0 : found - known.begin()), 1);
  out_.reads_text = true;
  out_.scores = true;
  return {kind::integer, {}, 0, kind::any, 0};
}

}  // namespace zhili::policy
