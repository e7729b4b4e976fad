// SPDX-License-Identifier: Apache-2.0
// What expressions compute with: a tagged value of 16 bytes. Texts, lists and maps lie elsewhere, in the
// pack's constants, the submission or the evaluation's arena, and live as long as that.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/expression/arena.hpp"
#include "policy/value_type.hpp"

namespace zhili::policy {

enum class kind : std::uint8_t {
  /// A missing fact, an overflow …: `text` says what. It travels through && and || as CEL wants it.
  error,
  null,
  boolean,
  integer,
  uint,
  real,
  text,
  bytes,
  list,
  map,
  /// Seconds since 1970-01-01T00:00Z in `number`, nanoseconds in `length`; years 1 to 9999.
  timestamp,
  /// A span of time in nanoseconds, at most 292 years.
  span,
  /// Names a kind, in `number`.
  type,
  /// Fen.
  money,
  /// Days since 1970-01-01 in China.
  date,
  /// The position of an enumeration's word, and a span of a fact in ms: never leave the compiled code, which
  /// turns them into texts and spans where a function wants one.
  word,
  span_ms,
  /// Of the checker alone: known when it runs.
  any,
};

struct map_entry;

struct value {
  kind tag = kind::null;
  /// Bytes of a text, items of a list, entries of a map, nanoseconds of a timestamp.
  std::uint32_t length = 0;
  union {
    std::int64_t number = 0;
    std::uint64_t whole;
    double real;
    const char* characters;
    const value* items;
    const map_entry* entries;
  };

  bool is(kind k) const { return tag == k; }
  bool is_false() const { return tag == kind::boolean && number == 0; }
  bool is_true() const { return tag == kind::boolean && number != 0; }
  bool is_number() const { return tag == kind::integer || tag == kind::uint || tag == kind::real; }
  /// Of a text, bytes or an error.
  std::string_view text() const { return {characters, length}; }
  std::span<const value> list() const { return {items, length}; }
  inline std::span<const map_entry> map() const;
};
static_assert(sizeof(value) == 16);

struct map_entry {
  value key, content;
};

inline std::span<const map_entry> value::map() const {
  return {entries, length};
}

constexpr value number_value(kind k, std::int64_t n) {
  value v;
  v.tag = k;
  v.number = n;
  return v;
}
constexpr value bool_value(bool b) {
  return number_value(kind::boolean, b ? 1 : 0);
}
constexpr value int_value(std::int64_t n) {
  return number_value(kind::integer, n);
}
value uint_value(std::uint64_t n);
value real_value(double d);
/// The text is not copied.
value text_value(std::string_view text, kind k = kind::text);
/// `message` is not copied: a literal, or in the arena.
value error_value(std::string_view message);
value list_value(std::span<const value> items);
value map_value(std::span<const map_entry> entries);
/// A span of a fact or literal, in ms; an error where it has no room in nanoseconds.
value span_value(std::int64_t ms);
value time_value(std::int64_t seconds, std::uint32_t nanos);

/// As type() prints it: int, string, google.protobuf.Timestamp …
std::string_view type_name(kind k);
/// The kind that a name such as `int` denotes.
std::optional<kind> type_named(std::string_view name);
/// What a fact of a pack is inside an expression.
kind kind_of(value_type type);
/// For messages: "a number", "a text in quotes" …
bilingual_view described(kind k);

/// CEL's ==: different kinds are unequal, numbers compare as numbers, NaN equals nothing. Nothing where the
/// values are so large that `steps` ran out.
std::optional<bool> equal(const value& a, const value& b, std::int64_t& steps);

enum class ordering : std::int8_t { less = -1, equal = 0, greater = 1, unordered = 2, none = 3 };
/// none: the two have no order; unordered: NaN.
ordering order(const value& a, const value& b);

/// The entry under that key, numbers compared as numbers; null where there is none.
const value* find(const value& map, const value& key);

/// As docs/language.md says, section "How values are printed". Nothing where it would be longer than
/// `bytes_max`.
std::optional<std::string> to_json(const value& v, std::size_t bytes_max);
/// For people: amounts as 9.9元, texts in quotes. Cut off at about `bytes_max`.
std::string shown(const value& v, std::size_t bytes_max = 400);

}  // namespace zhili::policy
