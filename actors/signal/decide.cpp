// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "actors/signal/workflow.hpp"
#include "policy/fields/content.hpp"

namespace zhili::signal {

using partition::done;
using partition::refused;
using wire::refusal;

namespace {

// As many sightings as can be needed to tell everybody at the threshold, and a few more: an early one learns
// how far its text went on spreading.
constexpr std::uint32_t kept_min = 8;

}  // namespace

outcome decide(const state& s, const msg::seen& m, const context& cx, decide_sink& out) {
  if (cx.origin != wire::origin::message) return refused(subject_kind::none, refusal::unknown_type);
  if (m.kind() != msg::key_kind::text || cx.account.kind() != subject_kind::signal) {
    return refused(subject_kind::none, refusal::out_of_range);
  }
  const auto threshold =
      static_cast<std::uint32_t>(cx.pack->setting(fields::content::setting::shared_text_threshold));
  const std::uint32_t kept_max = std::max(kept_min, threshold);

  const std::int32_t today = china_day(cx.now);
  const key* known = s.find(cx.account, today);
  const std::uint32_t before = known == nullptr ? 0 : known->authors;
  const bool fresh = known == nullptr || !s.remembers(*known, from_wire(m.author()));
  const std::uint32_t authors = before + (fresh ? 1 : 0);
  const bool kept = fresh && authors <= kept_max;
  msg::told who = msg::told::nobody;
  if (authors >= threshold) who = kept ? msg::told::all_kept : msg::told::this_one;
  out.emit<workflow>(msg::sighting_kept(
      to_wire(cx.account), m.author(), m.subject(), m.row(), authors, today, kept ? 1 : 0, who, m.kind(), 0));
  return done(subject_kind::none);
}

}  // namespace zhili::signal
