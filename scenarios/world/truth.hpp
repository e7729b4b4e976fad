// SPDX-License-Identifier: Apache-2.0
// Ground truth: what is really wrong with an item of the world model. Agents act on it, the ledger joins it with
// decisions afterwards, tests read it; no workflow may ever include this header (a test holds it so).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocols/types/time.hpp"
#include "scenarios/texts/violation.hpp"
#include "scenarios/world/ref.hpp"

namespace zhili::scenarios {

/// Numbers stand in recorded truths: append only.
enum class wrong : std::uint8_t {
  none = 0,
  // institutions
  bad_code = 1,
  forged_licence = 2,
  lapsed_licence = 3,
  revoked_licence = 4,
  unlicensed = 5,
  // practitioners
  malformed_certificate = 10,
  not_registered = 11,
  registration_lapsed = 12,
  impostor = 13,
  // products
  not_in_catalogue = 20,
  above_level = 21,
  department_missing = 22,
  out_of_scope = 23,
  unadmitted_practitioner = 24,
  approval_wrong = 25,
  bait_price = 26,
  /// A phrase in the text; products and contents.
  text = 27,
  /// Nothing that a program could see: a fake vial, a picture, a word spoken.
  hidden = 28,
  // ads
  no_certificate = 30,
  to_minors = 31,
  // reviews
  no_order = 40,
  quick = 41,
  ring = 42,
  burst = 43,
  disguised = 44,
};

std::string_view name(wrong w);
std::optional<wrong> wrong_named(std::string_view text);

struct truth {
  scenarios::wrong wrong = wrong::none;
  scenarios::violation violation = violation::none;
  scenarios::evasion evasion = evasion::none;
  /// Lawful, but looks like something that is not.
  bool lookalike = false;
  /// The page is changed into something unlawful this long after it went live; 0: never.
  duration changes_after{0};

  bool unlawful() const { return wrong != wrong::none; }
};

}  // namespace zhili::scenarios
