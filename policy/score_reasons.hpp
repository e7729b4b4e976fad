// SPDX-License-Identifier: Apache-2.0
// Why a scorecard says what it says of one text: the terms that made the score, and where they stand. For explanations.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/scorecard.hpp"

namespace zhili::policy {

/// Places and lengths are bytes of the text as given.
struct scored_term {
  /// As the card writes it: brought to one spelling, a number as 0.
  std::string term;
  /// As the text has it.
  std::string written;
  std::uint32_t begin = 0;
  std::int32_t weight = 0;
};

struct explained_score {
  std::string card;
  bilingual title;
  std::int64_t score = 0;
  /// What a text begins with; the score is this and the weights of all terms.
  std::int32_t bias = 0;
  /// The sentences that the score is of: of several spans the highest.
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  /// The heaviest first, by their weight without its sign.
  std::vector<scored_term> terms;
};

explained_score explain_score(const scorecard& card, text_reading& read, std::string_view text);

}  // namespace zhili::policy
