// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/money.hpp"

#include "protocols/types/tell.hpp"

namespace zhili {

result<fen> parse_money(std::string_view text) {
  const auto bad = [&] {
    return fail(
        errc::malformed,
        tell("'{}' 不是金额：请写成 1元 或 9.9元", "'{}' is no amount: write 1元 or 9.9元", text));
  };
  std::string_view rest = text;
  std::int64_t scale = 100;
  constexpr std::string_view yuan = "元", wan = "万元";
  if (rest.ends_with(wan)) {
    rest.remove_suffix(wan.size());
    scale = 1'000'000;
  } else if (rest.ends_with(yuan)) {
    rest.remove_suffix(yuan.size());
  } else {
    return bad();
  }
  std::int64_t whole = 0, part = 0, part_scale = 1;
  bool dot = false, digit = false;  // `digit`: the last character was one
  for (const char c : rest) {
    if (c == '.' && !dot && digit) {
      dot = true;
      digit = false;
    } else if (c >= '0' && c <= '9' && part_scale < scale && whole < 100'000'000'000) {
      digit = true;
      if (dot) {
        part = part * 10 + (c - '0');
        part_scale *= 10;
      } else {
        whole = whole * 10 + (c - '0');
      }
    } else {
      return bad();
    }
  }
  if (!digit) return bad();
  return fen{whole * scale + part * (scale / part_scale)};
}

std::string to_string(fen amount) {
  const char* sign = amount.value < 0 ? "-" : "";
  const std::int64_t v = amount.value < 0 ? -amount.value : amount.value;
  return v % 100 == 0 ? fmt::format("{}{}元", sign, v / 100) : fmt::format("{}{}.{:02}元", sign, v / 100, v % 100);
}

}  // namespace zhili
