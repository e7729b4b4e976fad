// SPDX-License-Identifier: Apache-2.0
// Numbers of a doctor's certificates: 医师资格证书 (qualification) and 医师执业证书 (practice). Published layouts do not
// agree, so these checks say "typed badly" and no more; the register decides. PERSONAL DATA: a qualification number
// holds an identity number. Only the edge may call this, and only the form goes on.
#pragma once

#include <string_view>

#include "protocols/schema/onboarding_generated.h"

namespace zhili::credentials {

using wire::onboarding::number_form;

/// 27 characters: year 4, province 2, level 1 (1 doctor, 2 assistant), category 2 (10 clinical, 20 dental, 30 public
/// health, 40 to 49 Chinese medicine), identity number 18; or 24 with an old identity number of 15.
/// `year_max` is the last year that can have come: the caller's, for nothing here reads a clock.
number_form qualification_form(std::string_view text, int year_max);

/// 15 digits: level 1, category 2, province 2, city 2, county 2, serial 6. Never `future_year` or `bad_check`.
number_form practice_form(std::string_view text);

}  // namespace zhili::credentials
