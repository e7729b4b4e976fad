// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/ad_certificate.hpp"

#include <initializer_list>

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/region.hpp"

namespace zhili::credentials {
namespace {

bool eat_any(std::string_view& rest, std::initializer_list<std::string_view> choices) {
  for (const auto choice : choices)
    if (eat(rest, choice)) return true;
  return false;
}

// Takes `least` to `most` digits; -1 where they do not stand there.
int eat_number(std::string_view& rest, std::size_t least, std::size_t most) {
  std::size_t n = 0;
  while (n < most && n < rest.size() && rest[n] >= '0' && rest[n] <= '9') ++n;
  if (n < least) return -1;
  const int value = static_cast<int>(number_of(rest.substr(0, n)));
  rest.remove_prefix(n);
  return value;
}

ad_certificate wrong(ad_certificate_verdict verdict) {
  ad_certificate out;
  out.verdict = verdict;
  return out;
}

}  // namespace

ad_certificate read_ad_certificate(std::string_view text, int year_max) {
  using enum ad_certificate_verdict;
  if (text.empty()) return wrong(missing);
  auto rest = text;
  ad_certificate out;
  if (!eat_any(rest, {"(", "（"})) return wrong(bad_layout);
  const unsigned province = eat_province(rest);
  if (province == 0) {
    const auto close = rest.find_first_of(")");
    const auto wide = rest.find("）");
    const auto end = close < wide ? close : wide;
    if (end == std::string_view::npos) return wrong(bad_layout);
    rest.remove_prefix(end);
  }
  if (!eat_any(rest, {")", "）"})) return wrong(bad_layout);
  out.chinese_medicine = eat(rest, "中");
  if (!eat(rest, "医广") || !eat_any(rest, {"【", "〔", "[", "(", "（"})) return wrong(bad_layout);
  const int year = eat_number(rest, 4, 4);
  if (year < 0 || !eat_any(rest, {"】", "〕", "]", ")", "）"}) || !eat(rest, "第")) return wrong(bad_layout);
  const int month = eat_number(rest, 2, 2);
  if (month < 0 || !eat(rest, "-")) return wrong(bad_layout);
  const int day = eat_number(rest, 2, 2);
  if (day < 0 || !eat(rest, "-")) return wrong(bad_layout);
  const int serial = eat_number(rest, 2, 4);
  if (serial < 0 || rest != "号") return wrong(bad_layout);

  if (province == 0) return wrong(bad_province);
  if (month < 1 || month > 12 || day < 1 || day > 31) return wrong(bad_date);
  if (year > year_max) return wrong(future_year);
  out.verdict = good;
  out.province = static_cast<std::uint8_t>(province);
  out.month = static_cast<std::uint8_t>(month);
  out.day = static_cast<std::uint8_t>(day);
  out.year = static_cast<std::uint16_t>(year);
  out.serial = static_cast<std::uint16_t>(serial);
  return out;
}

}  // namespace zhili::credentials
