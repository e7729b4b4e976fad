// SPDX-License-Identifier: Apache-2.0
// How a content is judged, the first time and again: the facts for the pack, the gates, and what a second
// judgement may change.
#pragma once

#include "actors/content/workflow.hpp"
#include "actors/decision/draft.hpp"
#include "protocols/schema/desk_generated.h"

namespace zhili::content {

/// What is known of a content beside its text.
struct case_facts {
  subject_kind kind{};
  account_id account;
  std::uint8_t band = 0;
  std::uint32_t band_version = 0;
  bool institution_named = false;
  // Of ads.
  certificate_form certificate{};
  bool minors_audience = false;
  msg::ad_placement placement{};
  msg::ad_audience audience{};
  /// Of any kind; source none: all was typed.
  content::recognised recognised;
  // Of reviews; zero: not known.
  std::uint32_t at_s = 0;
  std::uint32_t order_at_s = 0;
  std::uint32_t burst = 0;
  std::uint32_t shared_authors = 0;
  std::uint8_t stars = 0;
};

case_facts facts_of(const state& s, const publication& c);

/// Gates and the pack's findings, into the draft. `first`: of a submission, which then counts for the pack's counters.
void judge(
    const state& s, const case_facts& facts, std::string_view text, bool first, const context& cx, decision::draft& d);

struct second_judgement {
  /// In force from now on.
  zhili::verdict verdict{};
  /// A person was asked to read it.
  bool person_asked = false;
};

/// Judges what is live once more, by the law of today, and decides where the verdict is another one. What a
/// person decided stands: if it would fare worse today, a person is asked. Nothing happens to what is not
/// live, or whose text is not at hand.
second_judgement judge_again(
    const state& s, row_no row, const case_facts& facts, wire::cause why, std::uint32_t visit,
    const context& cx, decide_sink& out);

/// Another pack is in force than the one that judged it, or another status of its institution.
bool judged_long_ago(const state& s, const publication& c, const context& cx);

/// The context of a judgement about what is shown now, whenever it was written and whoever made us look.
context on_behalf(account_id owner, const context& cx);

/// The `signal` account of a text; zero where it is too short to tell authors apart by.
account_id fingerprint_of(std::string_view text, const policy::pack& pack, policy::scratch& memory);

}  // namespace zhili::content
