// SPDX-License-Identifier: Apache-2.0
// 医疗广告审查证明文号, the number that a reviewed medical advertisement must show (医疗广告管理办法 article 14), read with
// tolerance for the brackets that people type.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::credentials {

enum class ad_certificate_verdict : std::uint8_t {
  good,
  missing,
  /// Not (省)医广【年】第月-日-号号, as a drug advertisement's number is not.
  bad_layout,
  /// What stands in the first brackets is no province of the mainland.
  bad_province,
  /// No such month or day.
  bad_date,
  future_year,
};

struct ad_certificate {
  ad_certificate_verdict verdict = ad_certificate_verdict::bad_layout;
  /// 中医广: for Chinese medicine.
  bool chinese_medicine = false;
  /// Region code.
  std::uint8_t province = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  /// A certificate runs one year, but from its grant, which the number does not tell: the one real number that we know
  /// carries another day than its grant. Do not compute an expiry from these.
  std::uint16_t year = 0;
  std::uint16_t serial = 0;

  explicit operator bool() const { return verdict == ad_certificate_verdict::good; }
};

/// `year_max` is the last year that can have come. With any other verdict than good, only that holds.
ad_certificate read_ad_certificate(std::string_view text, int year_max);

}  // namespace zhili::credentials
