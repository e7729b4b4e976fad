// SPDX-License-Identifier: Apache-2.0
// Makes numbers that pass the checks, for scenarios and tests: pure, the same number for the same integers.
// Organisation codes begin with YT and practice numbers name no city, so that they look made up; approval numbers have
// no room for such a mark and may coincide with a real product's. None may ever be shown as somebody's.
#pragma once

#include <cstdint>
#include <string>

#include "actors/credentials/approval.hpp"
#include "actors/credentials/licence.hpp"

namespace zhili::credentials {

/// Serial numbers of organisations lie below this.
inline constexpr std::uint32_t organisation_serial_end = 31u * 31 * 31 * 31 * 31 * 31;

/// Nine characters. REQUIRES: serial < organisation_serial_end.
std::string make_organisation_code(std::uint32_t serial);

/// 统一社会信用代码 of the company with this serial. `region` has six digits; 9 and 1: registered by the market
/// authority, a company.
std::string make_uscc(std::uint32_t serial, std::uint32_t region, char authority = '9', char unit_class = '1');

/// 登记号 held by the same company, so that `agrees` holds. REQUIRES: a region in a mainland province, a category that
/// the table knows, management class 1, 2 or 9.
std::string make_licence(std::uint32_t serial, std::uint32_t region, category kind, unsigned management_class = 2,
                         unsigned economic_type = 90);

/// 医师执业证书 number. REQUIRES: a mainland province, serial below a million, a level and category that
/// `practice_form` knows.
std::string make_practice_number(unsigned province, std::uint32_t serial, unsigned level = 1, unsigned category = 10);

/// 国药准字 with letter H, Z or S. REQUIRES: year 1900 to 2099, serial below 10000.
std::string make_drug_number(char letter, unsigned year, unsigned serial);

/// 械注 number: domestic class 3 or imported class 2 and 3 by the state, domestic class 2 by `province` (a region code;
/// not used otherwise). REQUIRES: class 2 or 3, device category 1 to 77, serial below 10000, a mainland province.
std::string make_device_number(unsigned device_class, product_origin origin, unsigned year, unsigned device_category,
                               unsigned serial, unsigned province = 11);

/// 医疗广告审查证明文号. REQUIRES: a mainland province, a month, a day of at most 31, serial below 10000.
std::string make_ad_certificate(unsigned province, unsigned year, unsigned month, unsigned day, unsigned serial);

}  // namespace zhili::credentials
