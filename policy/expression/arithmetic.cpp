// SPDX-License-Identifier: Apache-2.0
// + - * / %: whole numbers checked for overflow, texts and lists joined, time and money with what makes
// sense.
#include <algorithm>
#include <cstring>

#include "policy/expression/civil.hpp"
#include "policy/expression/functions.hpp"

namespace zhili::policy {
namespace {

constexpr std::string_view overflow = "overflow: the result does not fit 64 bits";
constexpr std::string_view out_of_time = "out of range: years 1 to 9999, spans of at most 292 years";
constexpr std::int64_t second_nanos = 1'000'000'000;

template <class Number>
bool checked(arithmetic op, Number a, Number b, Number& out) {
  switch (op) {
    case arithmetic::add: return !__builtin_add_overflow(a, b, &out);
    case arithmetic::subtract: return !__builtin_sub_overflow(a, b, &out);
    default: return !__builtin_mul_overflow(a, b, &out);
  }
}

value whole_result(arithmetic op, kind as, std::int64_t a, std::int64_t b) {
  if (op == arithmetic::divide || op == arithmetic::modulo) {
    if (b == 0) return error_value(op == arithmetic::divide ? "divide by zero" : "modulus by zero");
    if (a == INT64_MIN && b == -1) return error_value(overflow);
    return number_value(as, op == arithmetic::divide ? a / b : a % b);
  }
  std::int64_t out = 0;
  if (!checked(op, a, b, out)) return error_value(overflow);
  return number_value(as, out);
}

value unsigned_result(arithmetic op, std::uint64_t a, std::uint64_t b) {
  if (op == arithmetic::divide || op == arithmetic::modulo) {
    if (b == 0) return error_value(op == arithmetic::divide ? "divide by zero" : "modulus by zero");
    return uint_value(op == arithmetic::divide ? a / b : a % b);
  }
  std::uint64_t out = 0;
  if (!checked(op, a, b, out)) return error_value(overflow);
  return uint_value(out);
}

value real_result(arithmetic op, double a, double b) {
  switch (op) {
    case arithmetic::add: return real_value(a + b);
    case arithmetic::subtract: return real_value(a - b);
    case arithmetic::multiply: return real_value(a * b);
    case arithmetic::divide: return real_value(a / b);
    case arithmetic::modulo: break;
  }
  return error_value(no_overload);
}

value moved(const value& t, std::int64_t nanos) {
  std::int64_t seconds = t.number + nanos / second_nanos;
  std::int64_t rest = t.length + nanos % second_nanos;
  if (rest < 0) {
    rest += second_nanos;
    --seconds;
  } else if (rest >= second_nanos) {
    rest -= second_nanos;
    ++seconds;
  }
  if (seconds < time_seconds_min || seconds > time_seconds_max) return error_value(out_of_time);
  return time_value(seconds, static_cast<std::uint32_t>(rest));
}

value between(const value& later, const value& earlier) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(later.number - earlier.number, second_nanos, &nanos) ||
      __builtin_add_overflow(
          nanos, static_cast<std::int64_t>(later.length) - static_cast<std::int64_t>(earlier.length), &nanos))
    return error_value(out_of_time);
  return number_value(kind::span, nanos);
}

value time_result(arithmetic op, const value& a, const value& b) {
  const bool plus = op == arithmetic::add;
  if (!plus && op != arithmetic::subtract) return error_value(no_overload);
  if (a.is(kind::timestamp) && b.is(kind::timestamp) && !plus) return between(a, b);
  if (a.is(kind::timestamp) && b.is(kind::span)) {
    if (!plus && b.number == INT64_MIN) return error_value(out_of_time);
    return moved(a, plus ? b.number : -b.number);
  }
  if (a.is(kind::span) && b.is(kind::timestamp) && plus) return moved(b, a.number);
  if (!a.is(kind::span) || !b.is(kind::span)) return error_value(no_overload);
  const value out = whole_result(op, kind::span, a.number, b.number);
  return out.is(kind::error) ? error_value(out_of_time) : out;
}

// 9.9元 * 3, 3 * 9.9元, 100元 / 3 (fen, towards zero), 100元 / 20元 (how often), 1元 + 2元.
value money_result(arithmetic op, const value& a, const value& b) {
  const bool both = a.is(kind::money) && b.is(kind::money);
  if (both && op == arithmetic::divide) return whole_result(op, kind::integer, a.number, b.number);
  if (both && op != arithmetic::multiply) return whole_result(op, kind::money, a.number, b.number);
  const bool scaled = op == arithmetic::multiply && (a.is(kind::integer) || b.is(kind::integer));
  const bool shared = op == arithmetic::divide && a.is(kind::money) && b.is(kind::integer);
  if (!scaled && !shared) return error_value(no_overload);
  return whole_result(op, kind::money, a.number, b.number);
}

// 2021-07-18 + 30d counts whole days; the day between two dates is a span.
value date_result(arithmetic op, const value& a, const value& b) {
  constexpr std::int64_t day_nanos = 86'400 * second_nanos;
  if (op == arithmetic::subtract && a.is(kind::date) && b.is(kind::date))
    return whole_result(arithmetic::multiply, kind::span, a.number - b.number, day_nanos);
  if (!a.is(kind::date) || !b.is(kind::span) || (op != arithmetic::add && op != arithmetic::subtract))
    return error_value(no_overload);
  if (b.number % day_nanos != 0) return error_value("a date moves by whole days");
  const std::int64_t days = b.number / day_nanos;
  return number_value(kind::date, op == arithmetic::add ? a.number + days : a.number - days);
}

value joined(const value& a, const value& b, workspace& w) {
  const std::size_t bytes = std::size_t{a.length} + b.length;
  char* const to = w.memory.take(bytes + 1);
  if (to == nullptr) return error_value(too_large);
  if (a.length > 0) std::memcpy(to, a.characters, a.length);
  if (b.length > 0) std::memcpy(to + a.length, b.characters, b.length);
  return text_value({to, bytes}, a.tag);
}

value joined_lists(const value& a, const value& b, workspace& w) {
  const std::size_t count = std::size_t{a.length} + b.length;
  value* const to = w.memory.take_array<value>(count);
  if (to == nullptr) return error_value(too_large);
  std::copy(b.items, b.items + b.length, std::copy(a.items, a.items + a.length, to));
  return list_value({to, count});
}

}  // namespace

value calculate(arithmetic op, const value& a, const value& b, workspace& w) {
  if (a.is(kind::error)) return a;
  if (b.is(kind::error)) return b;
  const auto either = [&](kind k) { return a.is(k) || b.is(k); };
  if (a.tag == b.tag) {
    switch (a.tag) {
      case kind::integer: return whole_result(op, kind::integer, a.number, b.number);
      case kind::uint: return unsigned_result(op, a.whole, b.whole);
      case kind::real: return real_result(op, a.real, b.real);
      case kind::text:
      case kind::bytes: return op == arithmetic::add ? joined(a, b, w) : error_value(no_overload);
      case kind::list: return op == arithmetic::add ? joined_lists(a, b, w) : error_value(no_overload);
      default: break;
    }
  }
  if (either(kind::money)) return money_result(op, a, b);
  if (either(kind::date)) return date_result(op, a, b);
  if (either(kind::timestamp) || either(kind::span)) return time_result(op, a, b);
  return error_value(no_overload);
}

value negative(const value& v) {
  switch (v.tag) {
    case kind::error: return v;
    case kind::real: return real_value(-v.real);
    case kind::integer:
    case kind::money:
    case kind::span:
      if (v.number == INT64_MIN) return error_value(overflow);
      return number_value(v.tag, -v.number);
    default: return error_value(no_overload);
  }
}

}  // namespace zhili::policy
