// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/approval.hpp"

#include "actors/credentials/code_text.hpp"
#include "actors/credentials/region.hpp"

namespace zhili::credentials {
namespace {

approval wrong(approval_kind kind, approval_verdict verdict) {
  approval out;
  out.kind = kind;
  out.verdict = verdict;
  return out;
}

// Good so far, or in the future.
approval dated(approval out, unsigned year, int year_max) {
  if (static_cast<int>(year) > year_max) return wrong(out.kind, approval_verdict::future_year);
  out.year = static_cast<std::uint16_t>(year);
  out.verdict = approval_verdict::good;
  return out;
}

// Drops one Han character of three bytes.
bool eat_han(std::string_view& rest) {
  if (rest.size() < 3 || static_cast<unsigned char>(rest[0]) < 0xe3 || static_cast<unsigned char>(rest[0]) > 0xe9)
    return false;
  rest.remove_prefix(3);
  return true;
}

// 药品注册管理办法 (2020) article 123 and the layout before it: letter, for new imports C or J, eight digits.
approval read_drug(std::string_view rest, std::string_view letters, std::string_view marks, bool marked, int year_max) {
  constexpr auto kind = approval_kind::drug;
  if (rest.empty() || letters.find(rest[0]) == std::string_view::npos) return wrong(kind, approval_verdict::bad_layout);
  approval out;
  out.kind = kind;
  out.letter = rest[0];
  rest.remove_prefix(1);
  if (!rest.empty() && marks.find(rest[0]) != std::string_view::npos) {
    // 国药准字 puts the mark behind H, Z or S alone.
    if (out.letter != 'H' && out.letter != 'Z' && out.letter != 'S') return wrong(kind, approval_verdict::bad_layout);
    out.origin = rest[0] == 'C' ? product_origin::hmt : product_origin::foreign;
    rest.remove_prefix(1);
  } else if (marked) {
    return wrong(kind, approval_verdict::bad_layout);
  } else if (out.letter == 'J') {
    out.origin = product_origin::foreign;
  }
  if (!all_digits(rest)) return wrong(kind, approval_verdict::bad_layout);
  if (rest.size() != 8) return wrong(kind, approval_verdict::bad_length);
  // Older numbers begin with a province or with 10 for the ministry; only 19.. and 20.. are years.
  const unsigned century = number_of(rest.substr(0, 2));
  return dated(out, century == 19 || century == 20 ? number_of(rest.substr(0, 4)) : 0, year_max);
}

// 医疗器械注册与备案管理办法 (2021) articles 115 and 116. `rest` begins behind 械注.
approval read_device(std::string_view rest, unsigned province, int year_max) {
  constexpr auto kind = approval_kind::device;
  approval out;
  out.kind = kind;
  out.province = static_cast<std::uint8_t>(province);
  if (eat(rest, "进")) out.origin = product_origin::foreign;
  else if (eat(rest, "许")) out.origin = product_origin::hmt;
  else if (!eat(rest, "准")) return wrong(kind, approval_verdict::bad_layout);
  if (!all_digits(rest)) return wrong(kind, approval_verdict::bad_layout);
  if (rest.size() != 11) return wrong(kind, approval_verdict::bad_length);

  out.device_class = static_cast<std::uint8_t>(rest[4] - '0');
  out.device_category = static_cast<std::uint8_t>(number_of(rest.substr(5, 2)));
  const bool domestic = out.origin == product_origin::domestic;
  if (province != 0 && !domestic) return wrong(kind, approval_verdict::bad_authority);
  // The state registers class 3 and all imports, a province only class 2.
  const bool classed = out.device_class == 3 ? province == 0 : out.device_class == 2 && domestic == (province != 0);
  if (!classed) return wrong(kind, approval_verdict::bad_class);
  // 01 to 22 since 2018, 40 for reagents; before, the numbers of the catalogue of 2002 up to 77.
  if (out.device_category == 0 || out.device_category > 77) return wrong(kind, approval_verdict::bad_category);
  return dated(out, number_of(rest.substr(0, 4)), year_max);
}

// Article 116: year and serial; `rest` begins behind 械备.
approval read_filing(std::string_view rest, unsigned province, int year_max) {
  constexpr auto kind = approval_kind::device_filing;
  if (rest.ends_with("号")) rest.remove_suffix(std::string_view("号").size());
  if (!all_digits(rest)) return wrong(kind, approval_verdict::bad_layout);
  if (rest.size() != 8) return wrong(kind, approval_verdict::bad_length);
  approval out;
  out.kind = kind;
  out.province = static_cast<std::uint8_t>(province);
  out.device_class = 1;
  return dated(out, number_of(rest.substr(0, 4)), year_max);
}

}  // namespace

approval read_approval(std::string_view text, int year_max) {
  if (text.empty()) return wrong(approval_kind::unknown, approval_verdict::missing);
  auto rest = text;
  if (eat(rest, "国药准字")) return read_drug(rest, "HZSJTFB", "CJ", false, year_max);
  if (eat(rest, "进口药品注册证号")) {
    auto out = read_drug(rest, "HZS", "", false, year_max);
    if (out) out.origin = product_origin::foreign;
    return out;
  }
  if (eat(rest, "医药产品注册证号")) return read_drug(rest, "HZS", "C", true, year_max);
  if (text.find("妆") != std::string_view::npos) {
    // 国妆特字, 国妆特进字, 国妆备进字, 卫妆准字: none of them is for us, so none is looked at closely.
    return wrong(approval_kind::cosmetic, approval_verdict::good);
  }

  const bool state = eat(rest, "国");
  const unsigned province = state ? 0 : eat_province(rest);
  if (!state && province == 0) return wrong(approval_kind::unknown, approval_verdict::unknown_scheme);
  if (eat(rest, "械注")) return read_device(rest, province, year_max);
  // A filing may carry a city behind its province, as 粤穗械备.
  if (eat(rest, "械备") || (province != 0 && eat_han(rest) && eat(rest, "械备")))
    return read_filing(rest, province, year_max);
  return wrong(approval_kind::unknown, approval_verdict::unknown_scheme);
}

approval_fit fits(product_need need, const approval& number) {
  using enum approval_fit;
  if (need == product_need::none) return approval_fit::fits;
  if (number.verdict == approval_verdict::missing) return missing;
  if (number.kind == approval_kind::unknown) return malformed;

  const bool device = number.kind == approval_kind::device || number.kind == approval_kind::device_filing;
  if (need == product_need::drug ? number.kind != approval_kind::drug : !device) return wrong_kind;
  if (number.verdict == approval_verdict::bad_class) return wrong_class;
  if (!number) return malformed;
  const std::uint8_t class_min = need == product_need::device_class3 ? 3 : need == product_need::device ? 2 : 0;
  return number.device_class < class_min ? wrong_class : approval_fit::fits;
}

}  // namespace zhili::credentials
