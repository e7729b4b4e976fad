// SPDX-License-Identifier: Apache-2.0
// What the tests of content share: an author, a clinic, and contents with everything in order.
#pragma once

#include <string>
#include <vector>

#include "actors/content/workflow.hpp"
#include "actors/decision/follow_up.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::content::tests {

using namespace testkit;
using std::chrono::hours;
using std::chrono::minutes;
using wire::cause;
using wire::gate;
using wire::refusal;
using wire::standing;
using wire::desk::purpose;
using gates_found = std::vector<gate>;
using content_stage = stage<workflow>;
using open_task = wire::desk::open_task;
using impose = wire::takedown::impose;
using lift = wire::takedown::lift;
using mentioned = wire::takedown::mentioned;

inline const stage_options by_words{.pack = "tests/actors/content_pack"};
inline const std::string strict = "tests/actors/content_pack_strict";
inline const account_id author = subject(subject_kind::user, "author");
inline const account_id clinic = subject(subject_kind::institution, "clinic");
inline const account_id other_clinic = subject(subject_kind::institution, "other clinic");

inline subject_id diary(std::string_view name = "diary") {
  return subject(subject_kind::diary, name);
}
inline subject_id ad(std::string_view name = "ad") {
  return subject(subject_kind::ad, name);
}
inline subject_id review_of(std::string_view name = "review") {
  return subject(subject_kind::review, name);
}

/// The n-th user whose account lives in that shard.
inline account_id user_in(shard_no shard, int nth = 0) {
  for (int n = 0;; ++n) {
    const account_id u = subject(subject_kind::user, "user " + std::to_string(n));
    if (shard_of(u) == shard && nth-- == 0) return u;
  }
}

struct content_form {
  std::uint64_t ref = 77;
  std::optional<subject_kind> kind{};
  account_id institution{};
  std::string text = "术后第三天，还有一点肿，面诊很耐心。";
  std::int64_t order_at = 0;
  std::uint8_t stars = 0;
  std::string certificate{};
  bool minors = false;
  msg::ad_placement placement = msg::ad_placement::feed;
  msg::ad_audience audience = msg::ad_audience::unknown;
  std::vector<msg::recognised_part> recognised{};
};

inline flat<msg::submit_content> paper(const content_form& f, subject_id what) {
  const wire::id named = to_wire(f.institution);
  const wire::hash256 hash = hash_of(f.text);
  return build<msg::submit_content>([&](auto& b) {
    const auto certificate = b.CreateString(f.certificate);
    return msg::Createsubmit_content(
        b, f.ref, f.kind.value_or(what.kind()), f.institution ? &named : nullptr,
        f.text.empty() ? nullptr : &hash, static_cast<std::uint32_t>(f.text.size()), f.order_at, f.stars,
        certificate, f.minors, f.placement, f.audience,
        f.recognised.empty() ? 0 : b.CreateVectorOfStructs(f.recognised));
  });
}
inline input<msg::submit_content> published(const content_form& f, subject_id what = diary()) {
  return submission(paper(f, what)).about(what).text(f.text);
}
inline input<msg::withdraw_content> taken_back(subject_id what = diary()) {
  return submission(build<msg::withdraw_content>([](auto& b) { return msg::Createwithdraw_content(b, 77); }))
      .about(what);
}
/// No text: the page is gone.
/// Another version than was submitted has a handle of its own.
inline constexpr std::uint64_t shown_handle = 88;

inline input<msg::page_seen> page_seen(const std::string& text, subject_id what) {
  const wire::hash256 hash = hash_of(text);
  return submission(build<msg::page_seen>([&](auto& b) {
           return msg::Createpage_seen(
               b, shown_handle, 1, text.empty() ? nullptr : &hash, static_cast<std::uint32_t>(text.size()));
         }))
      .about(what)
      .text(text);
}

/// A review with everything in order: two days after the visit.
inline content_form fair_review(
    const content_stage& s, std::string text = "医生讲解清楚，恢复得比预期要好。",
    account_id institution = clinic) {
  return {
      .institution = institution, .text = std::move(text), .order_at = (s.now() - hours{48}).ms, .stars = 5};
}
inline constexpr const char* good_certificate = "(沪)医广【2021】第05-22-131号";
inline content_form fair_ad(account_id institution = clinic) {
  return {.institution = institution, .text = "门诊时间与地址，欢迎来电。", .certificate = good_certificate};
}

inline const publication& row_of(const content_stage& s, subject_id what = diary()) {
  const row_no row = s.state().contents.find(what);
  REQUIRE(row != no_row);
  return s.state().contents[row];
}
inline const review& signs_of(const content_stage& s, subject_id what = review_of()) {
  return s.state().reviews[row_of(s, what).detail];
}
inline bool shown(const content_stage& s, subject_id what = diary()) {
  return s.state().shown(s.state().contents.find(what));
}

/// A person's answer to the question that was asked at that decision; 0: at the last.
inline wire::desk_answer answer(
    const content_stage& s, verdict v, subject_id what = diary(), purpose why = purpose::submission,
    std::uint32_t number = 0) {
  const row_no row = s.state().contents.find(what);
  if (number == 0) number = row_of(s, what).decisions;
  const subject_id task = decision::task_id(what, why, number);
  return wire::desk_answer(to_wire(task), to_wire(what), 501, row, v, static_cast<std::uint8_t>(why), 1000);
}
inline wire::reversal upheld(const content_stage& s, subject_id what = diary(), std::uint64_t by = 502) {
  return wire::reversal(to_wire(what), by, s.state().contents.find(what), row_of(s, what).decisions);
}
inline wire::institution_status status_of(account_id institution, standing now, std::uint32_t version = 1) {
  return wire::institution_status(to_wire(institution), 4'102'444'800'000, 1, version, now, 2, 0, 0);
}
inline wire::band_changed band(std::uint8_t b, std::uint32_t version = 1) {
  return wire::band_changed(b * 40, version, b, 0, 0);
}
inline wire::mention_label label(
    const content_stage& s, bool offline, subject_id what = diary(), account_id institution = clinic) {
  return wire::mention_label(to_wire(institution), s.state().contents.find(what), offline ? 1 : 0, 0, 0);
}

/// Ids of the pack's rules among the findings of the last decision.
inline std::vector<std::string> rules_found(
    const content_stage& s, const std::string& folder = by_words.pack) {
  const auto loaded = shelf{}.load(folder);
  std::vector<std::string> ids;
  if (s.decision_event().findings() == nullptr) return ids;
  for (const wire::finding* f : *s.decision_event().findings()) {
    if (f->source() == wire::finding_source::rule) ids.push_back(loaded->rule(f->code()).id);
  }
  return ids;
}

}  // namespace zhili::content::tests
