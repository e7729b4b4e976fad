// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/make.hpp"

#include <string_view>

#include <fmt/format.h>

#include "actors/credentials/region.hpp"
#include "actors/credentials/uscc.hpp"
#include "protocols/types/result.hpp"

namespace zhili::credentials {

std::string make_organisation_code(std::uint32_t serial) {
  ZHILI_ASSERT(serial < organisation_serial_end, "six characters of 31 hold no such serial");
  std::string code = "YT000000";
  for (std::size_t i = code.size(); serial != 0; serial /= 31) code[--i] = uscc_alphabet[serial % 31];
  code += organisation_check_character(code);
  return code;
}

std::string make_uscc(std::uint32_t serial, std::uint32_t region, char authority, char unit_class) {
  ZHILI_ASSERT(region < 1'000'000, "a region has six digits");
  auto code = fmt::format("{}{}{:06}{}", authority, unit_class, region, make_organisation_code(serial));
  code += uscc_check_character(code);
  return code;
}

std::string make_licence(std::uint32_t serial, std::uint32_t region, category kind, unsigned management_class,
                         unsigned economic_type) {
  auto number = fmt::format("{}{:06}{:02}{}{}", make_organisation_code(serial), region, economic_type,
                            category_code(kind), management_class);
  ZHILI_ASSERT(read_licence(number), number);
  return number;
}

std::string make_practice_number(unsigned province, std::uint32_t serial, unsigned level, unsigned category) {
  ZHILI_ASSERT(mainland_province(province) && serial < 1'000'000 && level < 10 && category < 100,
               "practice number out of range");
  return fmt::format("{}{:02}{:02}0000{:06}", level, category, province, serial);
}

std::string make_drug_number(char letter, unsigned year, unsigned serial) {
  ZHILI_ASSERT(year >= 1900 && year < 2100 && serial < 10'000, "drug number out of range");
  return fmt::format("国药准字{}{:04}{:04}", letter, year, serial);
}

std::string make_device_number(unsigned device_class, product_origin origin, unsigned year, unsigned device_category,
                               unsigned serial, unsigned province) {
  ZHILI_ASSERT(year < 10'000 && device_category < 100 && serial < 10'000, "device number out of range");
  const bool domestic = origin == product_origin::domestic;
  const auto authority = domestic && device_class == 2 ? sign_of(province) : std::string_view("国");
  const auto* mark = domestic ? "准" : origin == product_origin::foreign ? "进" : "许";
  return fmt::format("{}械注{}{:04}{}{:02}{:04}", authority, mark, year, device_class, device_category, serial);
}

std::string make_ad_certificate(unsigned province, unsigned year, unsigned month, unsigned day, unsigned serial) {
  ZHILI_ASSERT(mainland_province(province) && year < 10'000 && month < 100 && day < 100 && serial < 10'000,
               "advertisement certificate out of range");
  return fmt::format("({})医广【{:04}】第{:02}-{:02}-{:02}号", sign_of(province), year, month, day, serial);
}

}  // namespace zhili::credentials
