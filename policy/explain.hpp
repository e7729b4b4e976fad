// SPDX-License-Identifier: Apache-2.0
// Why a pack says what it says of one case: every rule that was asked, with what each part of its condition
// came to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.hpp"
#include "policy/pack.hpp"
#include "policy/score_reasons.hpp"

namespace zhili::policy {

/// A part of a condition, as written, and its value.
struct explained_part {
  std::string source;
  /// As people read it. A fact that was not given is absent, and what leans on it is undecided: no fault of
  /// anybody.
  bilingual value;
  /// 0: the whole condition; parts of a part are one deeper. A part under `let` stands before, at depth 0.
  int depth = 0;
  /// Its name under `let`.
  std::string let;
  /// The scorecard that it compares with something: the part is a threshold. Empty: none.
  std::string threshold_of;
};

enum class explained_outcome : std::uint8_t { fires, silent, error, not_in_force, off };

struct explained_rule {
  std::uint16_t rule = 0;
  explained_outcome outcome = explained_outcome::silent;
  /// The provision in force that day, null where none is.
  const provision* basis = nullptr;
  std::vector<explained_part> parts;
};

/// A place in the text that a lexicon's term hit.
struct explained_hit {
  std::string category;
  std::string text;
  std::uint32_t begin = 0;
};

struct explanation {
  judgement verdict;
  std::vector<explained_hit> hits;
  /// Of the scorecards that the stage's rules ask.
  std::vector<explained_score> scores;
  /// All rules of the stage in the order of the pack.
  std::vector<explained_rule> rules;
};

explanation explain(
    const pack& p, std::uint16_t stage, const slots& facts, std::string_view text, instant at,
    std::uint64_t account_hash);

/// What the person concerned can put right of that rule; empty where its file does not say.
const bilingual& correction(const pack& p, std::uint16_t rule);

}  // namespace zhili::policy
