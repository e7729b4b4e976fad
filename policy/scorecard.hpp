// SPDX-License-Identifier: Apache-2.0
// Scorecards: short terms with weights, learnt from labelled texts and then frozen in a file, so that a text is judged by all
// of its words together where no single one decides. Integers throughout; the same text has the same score everywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/diagnostics.hpp"
#include "policy/text/reading.hpp"
#include "protocols/types/bilingual.hpp"

namespace zhili::policy {

/// Characters of a term at most; of a span at least and at most.
inline constexpr std::size_t scored_characters_max = 3;
inline constexpr std::size_t scored_span_min = 16;
inline constexpr std::size_t scored_span_max = 60;
inline constexpr std::size_t scorecard_terms_max = 50'000;
inline constexpr std::size_t scorecard_bytes_max = 4 << 20;
inline constexpr std::int32_t score_weight_max = 10'000;

class scorecard {
 public:
  /// scorecards/*.txt: a head of `name:`, `zh:`, `en:` and `bias:`, an empty line, then a term, a tab and its weight a line.
  /// Terms are written as `zhili text normalise` prints them, a number of any length as 0. Nothing where the head is wrong.
  static std::optional<scorecard> read(std::string_view text, std::string_view file, diagnostics& found);

  const std::string& name() const { return name_; }
  const bilingual& title() const { return title_; }
  std::size_t terms() const { return count_; }
  /// The terms that hold `part`, all where it is empty, with their weights, by the characters. For people who search; walks
  /// the whole card.
  std::vector<std::pair<std::string, std::int32_t>> terms_with(std::string_view part) const;
  /// Of the whole file: two cards with one fingerprint score alike.
  std::uint64_t fingerprint() const { return fingerprint_; }

  /// A text is cut at the ends of its sentences into spans of 16 to 60 characters: what it was learnt from is that long. A
  /// span has the bias and the weight of every term in it, each once; the text has the highest of its spans. `characters`:
  /// as of `scored_characters`.
  std::int64_t score(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room) const;

  /// What made a score: the first of the highest spans, and its terms in the order in which they stand there, each where it
  /// stands first. Places and lengths count characters of the text.
  struct reason {
    struct counted {
      std::size_t first = 0;
      std::size_t length = 0;
      std::int32_t weight = 0;
    };
    std::int64_t score = 0;
    std::size_t first = 0;
    std::size_t length = 0;
    std::vector<counted> terms;
  };
  reason why(std::span<const std::uint32_t> characters) const;
  std::int32_t bias() const { return bias_; }

 private:
  struct slot {
    std::uint64_t term = 0;
    std::int32_t weight = 0;
  };
  /// Calls `take` with place and length of each span.
  template <class Take>
  static void cut(std::span<const std::uint32_t> characters, Take take);
  /// Calls `take` with place, length and weight of each term of a span, once each.
  template <class Take>
  void count(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room, Take take) const;
  std::int64_t score_span(std::span<const std::uint32_t> characters, std::vector<std::uint32_t>& room) const;
  void put(std::uint64_t term, std::int32_t weight);
  std::size_t place(std::uint64_t term, std::uint64_t hash) const;
  bool may_hold(std::uint64_t hash) const { return (filter_[hash % (64 * filter_words) / 64] >> (hash % 64) & 1) != 0; }

  std::string name_;
  bilingual title_;
  std::int32_t bias_ = 0;
  std::size_t count_ = 0;
  std::uint64_t fingerprint_ = 0;
  /// A bit for the hash of each term: most of a text's are none, and the filter stays in the nearest cache.
  static constexpr std::size_t filter_words = 4096;
  std::vector<std::uint64_t> filter_;
  /// Open addressing, at most half full.
  std::vector<slot> slots_;
};

/// Reads one behind the others; each has a name of its own.
void add_scorecard(std::string_view text, std::string_view file, std::vector<scorecard>& to, diagnostics& found);

/// A text as scorecards read it: what readable() says, with figures of any length as one 0. Replaces `out`.
void scored_characters(const std::vector<std::uint32_t>& readable, std::vector<std::uint32_t>& out);

/// The scores of one text, each computed when it is first asked for. Reused across texts: once grown it allocates nothing.
class score_sheet {
 public:
  /// Both must live until the last question about this text.
  void begin(std::span<const scorecard> cards, text_reading& text);
  std::int64_t score(std::size_t card);

 private:
  std::span<const scorecard> cards_;
  text_reading* text_ = nullptr;
  bool is_read_ = false;
  std::vector<std::uint32_t> characters_;
  std::vector<std::uint32_t> room_;
  std::vector<std::optional<std::int64_t>> known_;
};

}  // namespace zhili::policy
