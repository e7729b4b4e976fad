// SPDX-License-Identifier: Apache-2.0
// int() uint() double() string() bytes() bool() timestamp() duration().
#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "policy/expression/civil.hpp"
#include "policy/expression/functions.hpp"
#include "protocols/types/money.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view range = "range error: the number does not fit";
constexpr std::string_view unreadable = "the text cannot be read as that";

// std::from_chars knows no plus.
std::string_view without_plus(std::string_view text) {
  return text.starts_with('+') && !text.starts_with("+-") ? text.substr(1) : text;
}

template <class Number>
bool read_whole(std::string_view text, Number& out) {
  text = without_plus(text);
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return ec == std::errc{} && end == text.data() + text.size() && !text.empty();
}

value to_int(const value& v) {
  switch (v.tag) {
    case kind::integer: return v;
    case kind::uint: return v.whole > INT64_MAX ? error_value(range) : int_value(v.number);
    case kind::real:
      // Both ends are left out, as CEL's Go library does: what rounds there is not the number that was meant.
      if (!(v.real > -9223372036854775808.0 && v.real < 9223372036854775808.0)) return error_value(range);
      return int_value(static_cast<std::int64_t>(v.real));
    case kind::text: {
      std::int64_t n = 0;
      return read_whole(v.text(), n) ? int_value(n) : error_value(unreadable);
    }
    case kind::timestamp: return int_value(v.number);
    default: return error_value(no_overload);
  }
}

value to_uint(const value& v) {
  switch (v.tag) {
    case kind::uint: return v;
    case kind::integer: return v.number < 0 ? error_value(range) : uint_value(v.whole);
    case kind::real:
      if (!(v.real >= 0 && v.real < 18446744073709551616.0)) return error_value(range);
      return uint_value(static_cast<std::uint64_t>(v.real));
    case kind::text: {
      std::uint64_t n = 0;
      return read_whole(v.text(), n) ? uint_value(n) : error_value(unreadable);
    }
    default: return error_value(no_overload);
  }
}

value read_real(std::string_view text) {
  const std::string_view bare = without_plus(text);
  double d = 0;
  const auto [end, ec] = std::from_chars(bare.data(), bare.data() + bare.size(), d);
  if (bare.empty() || end != bare.data() + bare.size()) return error_value(unreadable);
  if (ec == std::errc::result_out_of_range)
    return real_value(std::strtod(std::string(bare).c_str(), nullptr));
  if (ec != std::errc{}) return error_value(unreadable);
  return real_value(d);
}

value to_real(const value& v) {
  switch (v.tag) {
    case kind::real: return v;
    case kind::integer: return real_value(static_cast<double>(v.number));
    case kind::uint: return real_value(static_cast<double>(v.whole));
    case kind::text: return read_real(v.text());
    default: return error_value(no_overload);
  }
}

// Digits that read back as the same number; an exponent from 1e21 on and below 1e-4.
value real_text(double d, workspace& w) {
  if (std::isnan(d)) return text_value("NaN");
  if (std::isinf(d)) return text_value(d > 0 ? "+Inf" : "-Inf");
  std::array<char, 400> buffer;
  const double size = std::fabs(d);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e21);
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), d, format);
  return kept_text({buffer.data(), static_cast<std::size_t>(done.ptr - buffer.data())}, w);
}

template <class Number>
short_text digits(Number n) {
  short_text out;
  fmt::format_to(std::back_inserter(out), "{}", n);
  return out;
}

value to_text(const value& v, workspace& w) {
  switch (v.tag) {
    case kind::text: return v;
    case kind::boolean: return text_value(v.number != 0 ? "true" : "false");
    case kind::integer: return kept_text(view(digits(v.number)), w);
    case kind::uint: return kept_text(view(digits(v.whole)), w);
    case kind::real: return real_text(v.real, w);
    case kind::bytes:
      if (!simdjson::validate_utf8(v.characters, v.length))
        return error_value("invalid UTF-8: these bytes are no text");
      return text_value(v.text());
    case kind::timestamp: return kept_text(view(time_text(v)), w);
    case kind::span: return kept_text(view(span_text(v.number)), w);
    case kind::money: return kept_text(to_string(fen{v.number}), w);
    case kind::date: return kept_text(date_string(static_cast<std::int32_t>(v.number)), w);
    default: return error_value(no_overload);
  }
}

value to_bool(const value& v) {
  if (v.is(kind::boolean)) return v;
  if (!v.is(kind::text)) return error_value(no_overload);
  for (const std::string_view yes : {"1", "t", "true", "TRUE", "True"}) {
    if (v.text() == yes) return bool_value(true);
  }
  for (const std::string_view no : {"0", "f", "false", "FALSE", "False"}) {
    if (v.text() == no) return bool_value(false);
  }
  return error_value(unreadable);
}

value to_time(const value& v) {
  if (v.is(kind::timestamp)) return v;
  if (v.is(kind::text)) {
    const auto t = parse_time(v.text());
    return t ? *t : error_value("range error or no point in time: write 2021-07-18T09:30:00Z");
  }
  if (!v.is(kind::integer)) return error_value(no_overload);
  if (v.number < time_seconds_min || v.number > time_seconds_max) return error_value(range);
  return time_value(v.number, 0);
}

value to_span(const value& v) {
  if (v.is(kind::span)) return v;
  if (!v.is(kind::text)) return error_value(no_overload);
  const auto nanos = parse_span(v.text());
  return nanos ? number_value(kind::span, *nanos)
               : error_value("range error or no span of time: write 90s or 1h30m");
}

}  // namespace

value convert(function id, const value& v, workspace& w) {
  switch (id) {
    case function::to_int: return to_int(v);
    case function::to_uint: return to_uint(v);
    case function::to_real: return to_real(v);
    case function::to_text: return to_text(v, w);
    case function::to_bytes:
      if (!v.is(kind::text) && !v.is(kind::bytes)) return error_value(no_overload);
      return text_value(v.text(), kind::bytes);
    case function::to_bool: return to_bool(v);
    case function::to_time: return to_time(v);
    case function::to_span: return to_span(v);
    default: return error_value(no_overload);
  }
}

}  // namespace zhili::policy
