// SPDX-License-Identifier: Apache-2.0
// The provinces of GB/T 2260: the first two digits of a region code, and the one-character sign (简称) that
// registration numbers carry. Whole region codes are not checked: they change, and an old one is no error.
#pragma once

#include <array>
#include <string_view>

#include "actors/credentials/code_text.hpp"

namespace zhili::credentials {

struct province {
  unsigned code;
  std::string_view sign;
};

/// The 31 of the mainland, by code.
inline constexpr std::array<province, 31> provinces{{
    {11, "京"}, {12, "津"}, {13, "冀"}, {14, "晋"}, {15, "蒙"}, {21, "辽"}, {22, "吉"}, {23, "黑"},
    {31, "沪"}, {32, "苏"}, {33, "浙"}, {34, "皖"}, {35, "闽"}, {36, "赣"}, {37, "鲁"}, {41, "豫"},
    {42, "鄂"}, {43, "湘"}, {44, "粤"}, {45, "桂"}, {46, "琼"}, {50, "渝"}, {51, "川"}, {52, "贵"},
    {53, "云"}, {54, "藏"}, {61, "陕"}, {62, "甘"}, {63, "青"}, {64, "宁"}, {65, "新"},
}};

constexpr bool mainland_province(unsigned code) {
  for (const auto& p : provinces)
    if (p.code == code) return true;
  return false;
}

/// Empty where the code names no province.
constexpr std::string_view sign_of(unsigned code) {
  for (const auto& p : provinces)
    if (p.code == code) return p.sign;
  return {};
}

/// Drops a province's sign from the front of `rest` and tells its code; 0: none stands there.
constexpr unsigned eat_province(std::string_view& rest) {
  for (const auto& p : provinces)
    if (eat(rest, p.sign)) return p.code;
  return 0;
}

}  // namespace zhili::credentials
