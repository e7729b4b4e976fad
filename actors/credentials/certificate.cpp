// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/certificate.hpp"

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/identity.hpp"
#include "actors/credentials/region.hpp"

namespace zhili::credentials {
namespace {

bool known_level(char c) { return c == '1' || c == '2'; }

bool known_category(unsigned v) { return v == 10 || v == 20 || v == 30 || (v >= 40 && v <= 49); }

}  // namespace

number_form qualification_form(std::string_view text, int year_max) {
  if (text.size() != 27 && text.size() != 24) return number_form::bad_length;
  const auto head = text.substr(0, 9), identity = text.substr(9);
  if (!all_digits(head) || !mainland_province(number_of(head.substr(4, 2))) || !known_level(head[6]) ||
      !known_category(number_of(head.substr(7, 2))))
    return number_form::bad_layout;
  if (static_cast<int>(number_of(head.substr(0, 4))) > year_max) return number_form::future_year;
  if (identity.size() == 15) return plausible_old_identity(identity) ? number_form::good : number_form::bad_layout;
  switch (check_identity(identity).verdict) {
    case identity_verdict::good: return number_form::good;
    case identity_verdict::bad_check: return number_form::bad_check;
    default: return number_form::bad_layout;
  }
}

number_form practice_form(std::string_view text) {
  if (text.size() != 15) return number_form::bad_length;
  const bool laid_out = all_digits(text) && known_level(text[0]) && known_category(number_of(text.substr(1, 2))) &&
                        mainland_province(number_of(text.substr(3, 2)));
  return laid_out ? number_form::good : number_form::bad_layout;
}

}  // namespace zhili::credentials
