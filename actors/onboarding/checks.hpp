// SPDX-License-Identifier: Apache-2.0
// The hard gates of onboarding: what no pack can wave through. Each adds its finding to the draft and its facts to the
// slots that the pack judges.
#pragma once

#include "actors/decision/draft.hpp"
#include "actors/onboarding/state.hpp"

namespace zhili::onboarding {

/// What the checks of an institution's papers worked out.
struct institution_facts {
  std::uint64_t licence = 0;
  std::uint64_t content = 0;
  std::uint8_t level_max = 0;
  partition::registry::entry registry{};
};

institution_facts check_institution(
    const wire::onboarding::submit_institution& m, const institution* before, const policy::counter_book& counts,
    const partition::context& cx, decision::draft& draft);

void check_practitioner(const wire::onboarding::submit_practitioner& m, const practitioner* before,
                        const policy::counter_book& counts, const partition::context& cx, decision::draft& draft);

/// What a repeat is known by: all that was shown, and whether it is in its interval now.
std::uint64_t content_of(const wire::onboarding::submit_institution& m, instant now);
std::uint64_t content_of(const wire::onboarding::submit_practitioner& m, instant now);

}  // namespace zhili::onboarding
