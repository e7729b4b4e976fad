// SPDX-License-Identifier: Apache-2.0
// 医疗机构执业许可证 登记号, the registration number of a medical institution's practice licence: 22 characters that
// tell the holder, the region and the category, and with the category how difficult an operation may be.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::credentials {

/// Category of a medical institution; the number reads as the code does (0xD154 is D154, G100 is 0x10100).
/// Only those that a rule or a scenario speaks of have a name; `category_name` knows all.
enum class category : std::uint32_t {
  unknown = 0,
  general_hospital = 0xA100,
  dental_hospital = 0xA511,
  dermatology_hospital = 0xA522,
  plastic_surgery_hospital = 0xA528,
  aesthetic_hospital = 0xA529,
  general_outpatient = 0xD110,
  dental_outpatient = 0xD152,
  aesthetic_outpatient = 0xD154,
  general_clinic = 0xD211,
  dental_clinic = 0xD215,
  aesthetic_clinic = 0xD216,
};

/// Reads a code such as D154; `unknown` where the table does not list it.
category find_category(std::string_view code);
/// D154; empty for `unknown`.
std::string_view category_code(category v);
/// 医疗美容门诊部; empty for `unknown`.
std::string_view category_name(category v);

enum class licence_verdict : std::uint8_t {
  good,
  /// Not 22 characters. Small clinics are said to hold shorter numbers and filings since 2022; they end here too.
  bad_length,
  bad_character,
  /// The ninth character does not follow from the first eight (GB 11714).
  bad_organisation_check,
  /// The region begins with no province of the mainland.
  bad_region,
  /// The category is not in the table; it may be one that the table lacks.
  unknown_category,
  /// Not 1 non-profit, 2 for profit or 9 other.
  bad_class,
};

/// A number taken apart. With any verdict but good or unknown_category, only `verdict`, `position` and `expected` hold.
struct licence {
  licence_verdict verdict = licence_verdict::bad_length;
  /// Place of the fault, from 1; 0 where there is none to point at.
  std::uint8_t position = 0;
  /// The check character that would be right; 0 unless that is the fault.
  char expected = 0;
  /// The holder has no organisation code: PDY and six characters stand there, whose check rule is not public.
  bool provisional = false;
  std::uint8_t economic_type = 0;
  std::uint8_t management_class = 0;
  category kind = category::unknown;
  std::uint32_t region = 0;
  /// First nine characters; a view of the text that was read.
  std::string_view organisation;

  explicit operator bool() const { return verdict == licence_verdict::good; }
};

/// Judges a number as it stands (see `normalise`).
licence read_licence(std::string_view text);

/// Is the licence that of the company? False where both say who they are and differ, or where either is malformed;
/// a provisional number names nobody, so it agrees with all.
bool agrees(std::string_view uscc, const licence& held);

/// Highest level of surgical item that the institution may do, 0 for none: 医疗美容项目分级管理目录
/// (卫办医政发〔2009〕220号), part 1. It speaks of aesthetic surgery alone; dental, skin and Chinese-medicine items are
/// not graded. `hospital_grade` is 1 to 3, 0 for ungraded; `departments` are bits of wire::onboarding::department.
/// What the catalogue does not name gets what is surely allowed: ADR 0004.
std::uint8_t surgery_level_max(category kind, std::uint8_t hospital_grade, std::uint32_t departments);

}  // namespace zhili::credentials
