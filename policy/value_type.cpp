// SPDX-License-Identifier: Apache-2.0
#include "policy/value_type.hpp"

#include <algorithm>
#include <charconv>

#include "policy/suggest.hpp"
#include "protocols/types/half_width.hpp"
#include "protocols/types/money.hpp"
#include "protocols/types/tell.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {

bilingual_view described(value_type type) {
  switch (type) {
    case value_type::boolean: return {"是否（true 或 false）", "true or false"};
    case value_type::integer: return {"整数", "a number"};
    case value_type::money: return {"金额（如 9.9元）", "an amount of money such as 9.9元"};
    case value_type::text: return {"文字（写在引号里）", "a text in quotes"};
    case value_type::duration: return {"时长（如 30m、7d）", "a span of time such as 30m or 7d"};
    case value_type::date: return {"日期（如 2021-07-18）", "a date such as 2021-07-18"};
    case value_type::enumeration:
      return {"这个事实的某个词（写在引号里）", "one of the field's words in quotes"};
  }
  return {"一个值", "a value"};
}

namespace {

result<std::int64_t> read_value(
    value_type type, std::span<const std::string_view> words, std::string_view text) {
  const auto bad = [&] {
    return fail(errc::malformed, tell("'{}' 不是{}", "'{}' is not {}", text, described(type)));
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
        return fail(
            errc::malformed,
            tell("没有 '{}' 这个词{}", "unknown word '{}'{}", text, suggestion(text, words)));
      return found - words.begin();
    }
  }
  return bad();
}

// How a person may have meant it: half width, without blanks, money with its unit. What is meant must read.
std::string meant(value_type type, std::string_view text) {
  std::string out = half_width(text);
  std::erase(out, ' ');
  if (type == value_type::boolean) {
    if (out == "是" || out == "有" || out == "真" || out == "True" || out == "TRUE" || out == "yes")
      return "true";
    if (out == "否" || out == "无" || out == "假" || out == "False" || out == "FALSE" || out == "no")
      return "false";
  }
  if (type == value_type::date) {
    for (const std::string_view separator : {"年", "月", "/", "."}) {
      for (std::size_t at; (at = out.find(separator)) != std::string::npos;)
        out.replace(at, separator.size(), "-");
    }
    if (out.ends_with("日")) out.resize(out.size() - std::string_view("日").size());
    // 2015-9-1
    if (out.size() > 6 && out[4] == '-' && out[6] == '-') out.insert(5, "0");
    if (out.size() == 9 && out[7] == '-') out.insert(8, "0");
  }
  if (type == value_type::duration) {
    struct unit {
      std::string_view written, means;
    };
    for (const unit& u : {unit{"小时", "h"}, unit{"分钟", "m"}, unit{"天", "d"}, unit{"秒", "s"}}) {
      if (out.ends_with(u.written)) out.replace(out.size() - u.written.size(), u.written.size(), u.means);
    }
  }
  if (type == value_type::money) {
    for (const std::string_view sign : {"¥", "￥", "RMB"}) {
      if (out.starts_with(sign)) out.erase(0, sign.size());
    }
    for (const std::string_view unit : {"块钱", "块", "圆"}) {
      if (out.ends_with(unit)) out.resize(out.size() - unit.size());
    }
    if (!out.ends_with("元")) out += "元";
  }
  return out;
}

}  // namespace

std::string value_text(value_type type, std::int64_t n) {
  switch (type) {
    case value_type::duration:
      return n % 86'400'000 == 0  ? fmt::format("{}d", n / 86'400'000)
             : n % 3'600'000 == 0 ? fmt::format("{}h", n / 3'600'000)
                                  : fmt::format("{}s", n / 1000);
    case value_type::money: return to_string(fen{n});
    case value_type::boolean: return n != 0 ? "true" : "false";
    case value_type::date: return date_string(static_cast<std::int32_t>(n));
    default: return fmt::format("{}", n);
  }
}

std::string meant_value(value_type type, std::string_view text) {
  std::string better = meant(type, text);
  return better != text && read_value(type, {}, better) ? better : std::string{};
}

result<std::int64_t> parse_value(
    value_type type, std::span<const std::string_view> words, std::string_view text) {
  auto read = read_value(type, words, text);
  if (read || type == value_type::text || type == value_type::enumeration) return read;
  const std::string better = meant_value(type, text);
  if (better.empty()) return read;
  return fail(
      errc::malformed,
      tell("{}；你是不是想写 '{}'？", "{}; did you mean '{}'?", read.error().both(), better));
}

}  // namespace zhili::policy
