// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/licence.hpp"

#include <algorithm>
#include <array>

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/region.hpp"
#include "actors/credentials/uscc.hpp"
#include "protocols/schema/onboarding_generated.h"

namespace zhili::credentials {
namespace {

using wire::onboarding::department;

struct category_row {
  std::string_view code;
  std::string_view zh;
};

// Leaves of the classification of health institutions (WS 218) that can hold a practice licence, by code.
constexpr auto categories = std::to_array<category_row>({
    {"A100", "综合医院"},         {"A210", "中医(综合)医院"}, {"A221", "肛肠医院"},       {"A222", "骨伤医院"},
    {"A223", "针灸医院"},         {"A224", "按摩医院"},       {"A229", "其他中医专科医院"}, {"A300", "中西医结合医院"},
    {"A411", "蒙医院"},           {"A412", "藏医院"},         {"A413", "维医院"},         {"A414", "傣医院"},
    {"A419", "其他民族医院"},     {"A511", "口腔医院"},       {"A512", "眼科医院"},       {"A513", "耳鼻喉科医院"},
    {"A514", "肿瘤医院"},         {"A515", "心血管病医院"},   {"A516", "胸科医院"},       {"A517", "血液病医院"},
    {"A518", "妇产(科)医院"},     {"A519", "儿童医院"},       {"A520", "精神病医院"},     {"A521", "传染病医院"},
    {"A522", "皮肤病医院"},       {"A523", "结核病医院"},     {"A524", "麻风病医院"},     {"A525", "职业病医院"},
    {"A526", "骨科医院"},         {"A527", "康复医院"},       {"A528", "整形外科医院"},   {"A529", "美容医院"},
    {"A539", "其他专科医院"},     {"A600", "疗养院"},         {"A710", "护理院"},         {"A720", "护理站"},
    {"B100", "社区卫生服务中心"}, {"B200", "社区卫生服务站"}, {"C100", "街道卫生院"},     {"C210", "中心卫生院"},
    {"C220", "乡卫生院"},         {"D110", "综合门诊部"},     {"D121", "中医(综合)门诊部"}, {"D122", "中医专科门诊部"},
    {"D130", "中西医结合门诊部"}, {"D140", "民族医门诊部"},   {"D151", "普通专科门诊部"}, {"D152", "口腔门诊部"},
    {"D153", "眼科门诊部"},       {"D154", "医疗美容门诊部"}, {"D155", "精神卫生门诊部"}, {"D159", "其他专科门诊部"},
    {"D211", "普通诊所"},         {"D212", "中医诊所"},       {"D213", "中西医结合诊所"}, {"D214", "民族医诊所"},
    {"D215", "口腔诊所"},         {"D216", "医疗美容诊所"},   {"D217", "精神卫生诊所"},   {"D229", "其他诊所"},
    {"D300", "卫生所(室)"},       {"D400", "医务室"},         {"D500", "中小学卫生保健所"}, {"D600", "村卫生室"},
    {"E100", "急救中心"},         {"E200", "急救中心站"},     {"E300", "急救站"},         {"G100", "妇幼保健院"},
});
static_assert(std::ranges::is_sorted(categories, {}, &category_row::code));

constexpr category value_of(std::string_view code) {
  const auto digit = [&](std::size_t i) { return static_cast<std::uint32_t>(code[i] - '0'); };
  const auto letter = static_cast<std::uint32_t>(code[0] - 'A' + 10);
  return category{letter << 12 | digit(1) << 8 | digit(2) << 4 | digit(3)};
}
static_assert(value_of("D154") == category::aesthetic_outpatient);

const category_row* row_of(category v) {
  const auto* row = std::ranges::find(categories, v, [](const category_row& r) { return value_of(r.code); });
  return row == categories.end() ? nullptr : row;
}

licence wrong(licence_verdict verdict, std::size_t position = 0, char expected = 0) {
  licence out;
  out.verdict = verdict;
  out.position = static_cast<std::uint8_t>(position);
  out.expected = expected;
  return out;
}

// Place of the first character that cannot stand where it does, 0: none.
std::size_t misplaced(std::string_view text, bool provisional) {
  for (std::size_t i = 0; i < 22; ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9', capital = c >= 'A' && c <= 'Z';
    // Organisation codes come from the credit code, whose alphabet has no I, O, S, V or Z.
    const bool holder = provisional ? digit || capital : uscc_alphabet.find(c) != std::string_view::npos;
    if (i < 9 ? !holder : i == 17 ? !capital : !digit) return i + 1;
  }
  return 0;
}

std::uint8_t level_of_grade(std::uint8_t grade) { return grade == 3 ? 4 : grade == 2 ? 2 : 1; }

}  // namespace

category find_category(std::string_view code) {
  const auto* row = std::ranges::lower_bound(categories, code, {}, &category_row::code);
  return row != categories.end() && row->code == code ? value_of(code) : category::unknown;
}

std::string_view category_code(category v) {
  const auto* row = row_of(v);
  return row != nullptr ? row->code : std::string_view{};
}

std::string_view category_name(category v) {
  const auto* row = row_of(v);
  return row != nullptr ? row->zh : std::string_view{};
}

licence read_licence(std::string_view text) {
  using enum licence_verdict;
  if (const auto foreign = foreign_position(text, 22); foreign != 0) return wrong(bad_character, foreign);
  if (text.size() != 22) return wrong(bad_length);
  const bool provisional = text.starts_with("PDY");
  if (const auto at = misplaced(text, provisional); at != 0) return wrong(bad_character, at);
  if (!provisional)
    if (const char check = organisation_check_character(text.substr(0, 8)); check != text[8])
      return wrong(bad_organisation_check, 9, check);
  if (!mainland_province(number_of(text.substr(9, 2)))) return wrong(bad_region, 10);
  const char management = text[21];
  if (management != '1' && management != '2' && management != '9') return wrong(bad_class, 22);

  licence out;
  out.organisation = text.substr(0, 9);
  out.provisional = provisional;
  out.region = number_of(text.substr(9, 6));
  out.economic_type = static_cast<std::uint8_t>(number_of(text.substr(15, 2)));
  out.kind = find_category(text.substr(17, 4));
  out.management_class = static_cast<std::uint8_t>(management - '0');
  const bool known = out.kind != category::unknown;
  out.verdict = known ? good : unknown_category;
  out.position = known ? 0 : 18;
  return out;
}

bool agrees(std::string_view uscc, const licence& held) {
  if (held.organisation.empty() || uscc.size() != 18) return false;
  return held.provisional || organisation_of(uscc) == held.organisation;
}

std::uint8_t surgery_level_max(category kind, std::uint8_t hospital_grade, std::uint32_t departments) {
  const auto has = [departments](department d) { return (departments & static_cast<std::uint32_t>(d)) != 0; };
  const bool surgery = has(department::aesthetic_surgery) || has(department::plastic_surgery);
  const std::uint8_t outpatient = has(department::anaesthesia) ? 2 : 1;
  switch (kind) {
    case category::aesthetic_hospital: return 3;
    case category::plastic_surgery_hospital: return level_of_grade(hospital_grade);
    case category::general_hospital: return surgery ? level_of_grade(hospital_grade) : 0;
    case category::aesthetic_outpatient: return outpatient;
    case category::aesthetic_clinic: return 1;
    default: break;
  }
  // Other 门诊部 (D1..) may have either subject, other 诊所 (D2..) only 医疗美容科.
  switch (static_cast<std::uint32_t>(kind) >> 8) {
    case 0xD1: return surgery ? outpatient : 0;
    case 0xD2: return has(department::aesthetic_surgery) ? 1 : 0;
    default: return 0;
  }
}

}  // namespace zhili::credentials
