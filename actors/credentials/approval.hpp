// SPDX-License-Identifier: Apache-2.0
// 药品批准文号 and 医疗器械注册证编号: what kind of product a number speaks of, whether it is well formed, and whether it
// fits what an item needs. None has a check digit: a good form proves nothing, only the register does.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::credentials {

enum class approval_kind : std::uint8_t {
  unknown,
  drug,
  /// Class 2 or 3, registered.
  device,
  /// Class 1, filed only.
  device_filing,
  /// 国妆特字 and the like: no product that may be injected or implanted.
  cosmetic,
};

enum class approval_verdict : std::uint8_t {
  good,
  /// An empty text.
  missing,
  /// Neither a drug, a device nor a cosmetic.
  unknown_scheme,
  /// Too few or too many digits.
  bad_length,
  bad_layout,
  future_year,
  /// A device class that this authority or this kind of registration does not have.
  bad_class,
  /// A province's number on an imported device.
  bad_authority,
  /// No such category of devices.
  bad_category,
};

enum class product_origin : std::uint8_t {
  domestic,
  foreign,
  /// Hong Kong, Macao, Taiwan.
  hmt,
};

struct approval {
  approval_kind kind = approval_kind::unknown;
  approval_verdict verdict = approval_verdict::unknown_scheme;
  product_origin origin = product_origin::domestic;
  /// Devices: 1 to 3. Drugs: 0.
  std::uint8_t device_class = 0;
  /// Devices: category of the catalogue, as 13 for passive implants since 2018. Drugs and filings: 0.
  std::uint8_t device_category = 0;
  /// Drugs: H chemical, Z Chinese medicine, S biological, J repacked import; devices: 0.
  char letter = 0;
  /// Devices and drugs of the newer layouts: year of first registration, else 0.
  std::uint16_t year = 0;
  /// Region code of the province that registered, 0: the state.
  std::uint8_t province = 0;

  explicit operator bool() const { return verdict == approval_verdict::good; }
};

/// Judges a number as it stands (see `normalise`); `year_max` is the last year that can have come.
/// Where the verdict is not good, only `kind` and `verdict` hold.
approval read_approval(std::string_view text, int year_max);

/// What a product used for an item must have been approved as.
enum class product_need : std::uint8_t {
  none,
  drug,
  /// A registered device, class 2 or 3.
  device,
  /// A registered device of class 3, as fillers, threads and implants are.
  device_class3,
};

enum class approval_fit : std::uint8_t {
  fits,
  /// No number given.
  missing,
  malformed,
  /// Well formed or not, it is the number of another kind of thing.
  wrong_kind,
  /// A device, but of a class that may not be used so; a province's number where only the state registers.
  wrong_class,
};

/// Without a need every number fits, and so does none.
approval_fit fits(product_need need, const approval& number);

}  // namespace zhili::credentials
