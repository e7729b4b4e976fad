// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/value.hpp"

#include <algorithm>
#include <compare>
#include <cstring>

namespace zhili::policy {
namespace {

struct named_kind {
  std::string_view name;
  kind k;
};
constexpr named_kind type_names[] = {
    {"null_type", kind::null},
    {"bool", kind::boolean},
    {"int", kind::integer},
    {"uint", kind::uint},
    {"double", kind::real},
    {"string", kind::text},
    {"bytes", kind::bytes},
    {"list", kind::list},
    {"map", kind::map},
    {"type", kind::type},
    {"money", kind::money},
    {"date", kind::date},
    {"google.protobuf.Timestamp", kind::timestamp},
    {"google.protobuf.Duration", kind::span},
};

ordering from(std::strong_ordering o) {
  return o < 0 ? ordering::less : o > 0 ? ordering::greater : ordering::equal;
}

double as_real(const value& v) {
  return v.is(kind::real)      ? v.real
         : v.is(kind::integer) ? static_cast<double>(v.number)
                               : static_cast<double>(v.whole);
}

// Whole numbers are held against each other exactly, against a double as the double next to them: so CEL's
// public cases and its implementations have it.
ordering order_numbers(const value& a, const value& b) {
  if (a.is(kind::real) || b.is(kind::real)) {
    const double x = as_real(a), y = as_real(b);
    return x < y    ? ordering::less
           : x > y  ? ordering::greater
           : x == y ? ordering::equal
                    : ordering::unordered;
  }
  if (a.is(kind::uint) && b.is(kind::uint)) return from(a.whole <=> b.whole);
  if (a.is(kind::uint))
    return b.number < 0 ? ordering::greater : from(a.whole <=> static_cast<std::uint64_t>(b.number));
  if (b.is(kind::uint))
    return a.number < 0 ? ordering::less : from(static_cast<std::uint64_t>(a.number) <=> b.whole);
  return from(a.number <=> b.number);
}

std::optional<bool> equal_lists(const value& a, const value& b, std::int64_t& steps) {
  if (a.length != b.length) return false;
  for (std::uint32_t i = 0; i < a.length; ++i) {
    const auto same = equal(a.items[i], b.items[i], steps);
    if (!same || !*same) return same;
  }
  return true;
}

std::optional<bool> equal_maps(const value& a, const value& b, std::int64_t& steps) {
  if (a.length != b.length) return false;
  for (const map_entry& e : a.map()) {
    if ((steps -= b.length) < 0) return std::nullopt;
    const value* other = find(b, e.key);
    if (other == nullptr) return false;
    const auto same = equal(e.content, *other, steps);
    if (!same || !*same) return same;
  }
  return true;
}

}  // namespace

value uint_value(std::uint64_t n) {
  value v;
  v.tag = kind::uint;
  v.whole = n;
  return v;
}

value real_value(double d) {
  value v;
  v.tag = kind::real;
  v.real = d;
  return v;
}

value text_value(std::string_view text, kind k) {
  value v;
  v.tag = k;
  v.length = static_cast<std::uint32_t>(text.size());
  v.characters = text.data();
  return v;
}

value error_value(std::string_view message) {
  return text_value(message, kind::error);
}

value list_value(std::span<const value> items) {
  value v;
  v.tag = kind::list;
  v.length = static_cast<std::uint32_t>(items.size());
  v.items = items.data();
  return v;
}

value map_value(std::span<const map_entry> entries) {
  value v;
  v.tag = kind::map;
  v.length = static_cast<std::uint32_t>(entries.size());
  v.entries = entries.data();
  return v;
}

value span_value(std::int64_t ms) {
  std::int64_t nanos = 0;
  if (__builtin_mul_overflow(ms, std::int64_t{1'000'000}, &nanos))
    return error_value("out of range: spans of at most 292 years");
  return number_value(kind::span, nanos);
}

value time_value(std::int64_t seconds, std::uint32_t nanos) {
  value v;
  v.tag = kind::timestamp;
  v.length = nanos;
  v.number = seconds;
  return v;
}

std::string_view type_name(kind k) {
  for (const named_kind& n : type_names) {
    if (n.k == k) return n.name;
  }
  return k == kind::word ? "string" : k == kind::span_ms ? "google.protobuf.Duration" : "dyn";
}

std::optional<kind> type_named(std::string_view name) {
  for (const named_kind& n : type_names) {
    if (n.name == name) return n.k;
  }
  return std::nullopt;
}

kind kind_of(value_type type) {
  switch (type) {
    case value_type::boolean: return kind::boolean;
    case value_type::integer: return kind::integer;
    case value_type::money: return kind::money;
    case value_type::text: return kind::text;
    case value_type::duration: return kind::span_ms;
    case value_type::date: return kind::date;
    case value_type::enumeration: return kind::word;
  }
  return kind::any;
}

bilingual_view described(kind k) {
  switch (k) {
    case kind::boolean: return described(value_type::boolean);
    case kind::integer: return described(value_type::integer);
    case kind::money: return described(value_type::money);
    case kind::text: return described(value_type::text);
    case kind::span:
    case kind::span_ms: return described(value_type::duration);
    case kind::date: return described(value_type::date);
    case kind::word: return described(value_type::enumeration);
    case kind::uint: return {"非负整数（如 1u）", "an unsigned number such as 1u"};
    case kind::real: return {"小数", "a number with decimals"};
    case kind::bytes: return {"字节串", "bytes"};
    case kind::list: return {"列表", "a list"};
    case kind::map: return {"映射", "a map"};
    case kind::timestamp: return {"时刻", "a point in time"};
    case kind::type: return {"类型", "a type"};
    case kind::null: return {"null（空）", "null"};
    default: return {"一个值", "a value"};
  }
}

ordering order(const value& a, const value& b) {
  if (a.is_number() && b.is_number()) return order_numbers(a, b);
  if (a.tag != b.tag) return ordering::none;
  switch (a.tag) {
    case kind::boolean:
    case kind::money:
    case kind::date:
    case kind::span: return from(a.number <=> b.number);
    case kind::text:
    case kind::bytes: return from(a.text() <=> b.text());
    case kind::timestamp:
      return a.number != b.number ? from(a.number <=> b.number) : from(a.length <=> b.length);
    default: return ordering::none;
  }
}

std::optional<bool> equal(const value& a, const value& b, std::int64_t& steps) {
  if (--steps < 0) return std::nullopt;
  if (a.is_number() && b.is_number()) return order_numbers(a, b) == ordering::equal;
  if (a.tag != b.tag) return false;
  switch (a.tag) {
    case kind::null: return true;
    case kind::type: return a.number == b.number;
    case kind::list: return equal_lists(a, b, steps);
    case kind::map: return equal_maps(a, b, steps);
    default: return order(a, b) == ordering::equal;
  }
}

const value* find(const value& map, const value& key) {
  if (key.is(kind::list) || key.is(kind::map)) return nullptr;
  for (const map_entry& e : map.map()) {
    std::int64_t steps = 1;
    if (equal(e.key, key, steps).value_or(false)) return &e.content;
  }
  return nullptr;
}

}  // namespace zhili::policy
