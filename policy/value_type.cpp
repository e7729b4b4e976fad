// SPDX-License-Identifier: Apache-2.0
#include "policy/value_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "policy/suggest.hpp"
#include "protocols/types/money.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {

std::string_view described(value_type type) {
  switch (type) {
    case value_type::boolean: return "true or false";
    case value_type::integer: return "a number";
    case value_type::money: return "an amount of money such as 9.9元";
    case value_type::text: return "a text in quotes";
    case value_type::duration: return "a span of time such as 30m or 7d";
    case value_type::date: return "a date such as 2021-07-18";
    case value_type::enumeration: return "one of the field's words in quotes";
  }
  return "a value";
}

result<std::int64_t> parse_value(
    value_type type, std::span<const std::string_view> words, std::string_view text) {
  const auto bad = [&] {
    return fail(errc::malformed, fmt::format("'{}' is not {}", text, described(type)));
  };
  switch (type) {
    case value_type::boolean:
      if (text == "true") return 1;
      if (text == "false") return 0;
      return bad();
    case value_type::integer: {
      std::int64_t n = 0;
      const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
      if (ec != std::errc{} || end != text.data() + text.size()) return bad();
      return n;
    }
    case value_type::money: return parse_money(text).map([](fen v) { return v.value; });
    case value_type::text: return 0;
    case value_type::duration: return parse_duration(text).map([](duration v) { return v.count(); });
    case value_type::date: {
      const auto t = parse_instant(text);
      if (!t || text.size() != 10) return bad();
      return china_day(*t);
    }
    case value_type::enumeration: {
      const auto found = std::find(words.begin(), words.end(), text);
      if (found == words.end())
        return fail(errc::malformed, fmt::format("unknown word '{}'{}", text, suggestion(text, words)));
      return found - words.begin();
    }
  }
  return bad();
}

}  // namespace zhili::policy
