// SPDX-License-Identifier: Apache-2.0
// Composes Chinese texts as people write them on a medical-aesthetics marketplace, from templates and phrases
// that are compiled in. Immutable once read: any number of lanes may compose at once. What a pack catches of
// these texts is an input, not evidence; the overlap of phrases with a pack's lexicon is for the report to
// print.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/ids.hpp"
#include "protocols/types/result.hpp"
#include "scenarios/texts/respell.hpp"
#include "scenarios/texts/templates.hpp"
#include "scenarios/texts/violation.hpp"

namespace zhili::scenarios {

/// All that a text depends on: the same request gives the same bytes. Another spelling, or another violation,
/// of the same subject leaves the text around the phrase as it was, so an author who corrects a text changes
/// just that.
struct text_request {
  /// product, diary, post, ad or review.
  subject_kind kind = subject_kind::none;
  scenarios::violation violation = scenarios::violation::none;
  /// Of the phrase; of the whole text where there is no violation (a lawful author who writes traditional).
  scenarios::evasion evasion = scenarios::evasion::none;
  /// Adds a lawful sentence that shares words with unlawful ones.
  bool near_miss = false;
  std::uint64_t seed = 0;
  /// Any stable number of the subject.
  std::uint64_t subject = 0;
  /// Not 0: takes the place of `subject`, so that all who carry the same key post the same text (a brushing
  /// ring).
  std::uint64_t shared_text = 0;
};

class phrasebook {
 public:
  /// Reads illegal, harmless, words, evasions and the five kinds of text; sources that are missing, unknown
  /// slots and unknown sections are errors with file and line. REQUIRES: the sources' texts outlive the
  /// phrasebook.
  static result<phrasebook> parse(std::span<const text_source> sources);
  /// The one that is compiled in.
  static const phrasebook& embedded();

  /// Replaces `out` by the text, at most `text_bytes_max` bytes; allocates only where `out` must grow. The
  /// answer is the phrase before it was respelled, empty for a lawful text; it lives as long as the
  /// phrasebook's sources.
  std::string_view compose(const text_request& request, std::string& out) const;

  /// As written in the data; empty for `none`.
  [[nodiscard]] std::span<const std::string_view> phrases(violation v) const;
  [[nodiscard]] std::span<const std::string_view> harmless() const { return harmless_; }
  /// Whether the phrase can be spelled so: compose takes only such phrases.
  [[nodiscard]] bool can_respell(std::string_view phrase, evasion spelling) const {
    return respeller_.changes(phrase, spelling);
  }

  static bool has_text(subject_kind kind);

 private:
  enum shape_no : std::uint8_t { listing, diary, post, ad, review, shape_count };
  struct writer;

  status read_illegal(const text_source& source);
  status read_harmless(const text_source& source);
  [[nodiscard]] std::size_t choose_phrase(const text_request& request, dice& draw) const;
  static shape_no shape_of(subject_kind kind);

  std::array<std::vector<std::string_view>, violation_count> phrases_;
  /// A bit for each evasion that changes the phrase.
  std::array<std::vector<std::uint8_t>, violation_count> respellable_;
  std::vector<std::string_view> harmless_;
  std::vector<word_list> words_;
  std::array<text_shape, shape_count> shapes_;
  respeller respeller_;
};

}  // namespace zhili::scenarios
