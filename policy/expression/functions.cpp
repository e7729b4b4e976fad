// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/functions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "policy/expression/pattern.hpp"
#include "policy/prices.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

// A kilobyte of text is a step; a text has at most this many.
constexpr std::uint32_t text_steps = limits::text_bytes_max / 1024;

using k = kind;
using f = function;

constexpr overload member(std::string_view name, function id, kind on, kind result, std::uint32_t cost = 0) {
  return {name, id, true, 1, {on, k::any}, result, k::any, 0, cost};
}
constexpr overload member(
    std::string_view name, function id, kind on, kind argument, kind result, std::uint32_t cost = 0) {
  return {name, id, true, 2, {on, argument}, result, k::any, 0, cost};
}
constexpr overload global(
    std::string_view name, function id, kind argument, kind result, std::uint32_t cost = 0) {
  return {name, id, false, 1, {argument, k::any}, result, k::any, 0, cost};
}

constexpr overload table[] = {
    global("size", f::size, k::text, k::integer, text_steps),
    global("size", f::size, k::bytes, k::integer),
    global("size", f::size, k::list, k::integer),
    global("size", f::size, k::map, k::integer),
    member("size", f::size, k::text, k::integer, text_steps),
    member("size", f::size, k::bytes, k::integer),
    member("size", f::size, k::list, k::integer),
    member("size", f::size, k::map, k::integer),
    member("contains", f::contains, k::text, k::text, k::boolean, text_steps),
    member("startsWith", f::starts_with, k::text, k::text, k::boolean),
    member("endsWith", f::ends_with, k::text, k::text, k::boolean),
    member("matches", f::matches, k::text, k::text, k::boolean, 4 * text_steps),
    {"matches", f::matches, false, 2, {k::text, k::text}, k::boolean, k::any, 0, 4 * text_steps},
    global("int", f::to_int, k::integer, k::integer),
    global("int", f::to_int, k::uint, k::integer),
    global("int", f::to_int, k::real, k::integer),
    global("int", f::to_int, k::text, k::integer),
    global("int", f::to_int, k::timestamp, k::integer),
    global("uint", f::to_uint, k::uint, k::uint),
    global("uint", f::to_uint, k::integer, k::uint),
    global("uint", f::to_uint, k::real, k::uint),
    global("uint", f::to_uint, k::text, k::uint),
    global("double", f::to_real, k::real, k::real),
    global("double", f::to_real, k::integer, k::real),
    global("double", f::to_real, k::uint, k::real),
    global("double", f::to_real, k::text, k::real),
    global("string", f::to_text, k::text, k::text),
    global("string", f::to_text, k::integer, k::text),
    global("string", f::to_text, k::uint, k::text),
    global("string", f::to_text, k::real, k::text),
    global("string", f::to_text, k::boolean, k::text),
    global("string", f::to_text, k::bytes, k::text, text_steps),
    global("string", f::to_text, k::timestamp, k::text),
    global("string", f::to_text, k::span, k::text),
    global("string", f::to_text, k::money, k::text),
    global("string", f::to_text, k::date, k::text),
    global("bytes", f::to_bytes, k::bytes, k::bytes),
    global("bytes", f::to_bytes, k::text, k::bytes),
    global("bool", f::to_bool, k::boolean, k::boolean),
    global("bool", f::to_bool, k::text, k::boolean),
    global("timestamp", f::to_time, k::timestamp, k::timestamp),
    global("timestamp", f::to_time, k::text, k::timestamp),
    global("timestamp", f::to_time, k::integer, k::timestamp),
    global("duration", f::to_span, k::span, k::span),
    global("duration", f::to_span, k::text, k::span),
    global("dyn", f::dyn, k::any, k::any),
    global("type", f::type_of, k::any, k::type),
    member("getFullYear", f::full_year, k::timestamp, k::integer),
    member("getFullYear", f::full_year, k::timestamp, k::text, k::integer),
    member("getMonth", f::month, k::timestamp, k::integer),
    member("getMonth", f::month, k::timestamp, k::text, k::integer),
    member("getDayOfMonth", f::day_of_month, k::timestamp, k::integer),
    member("getDayOfMonth", f::day_of_month, k::timestamp, k::text, k::integer),
    member("getDate", f::date, k::timestamp, k::integer),
    member("getDate", f::date, k::timestamp, k::text, k::integer),
    member("getDayOfWeek", f::day_of_week, k::timestamp, k::integer),
    member("getDayOfWeek", f::day_of_week, k::timestamp, k::text, k::integer),
    member("getDayOfYear", f::day_of_year, k::timestamp, k::integer),
    member("getDayOfYear", f::day_of_year, k::timestamp, k::text, k::integer),
    member("getHours", f::hours, k::timestamp, k::integer),
    member("getHours", f::hours, k::timestamp, k::text, k::integer),
    member("getHours", f::hours, k::span, k::integer),
    member("getMinutes", f::minutes, k::timestamp, k::integer),
    member("getMinutes", f::minutes, k::timestamp, k::text, k::integer),
    member("getMinutes", f::minutes, k::span, k::integer),
    member("getSeconds", f::seconds, k::timestamp, k::integer),
    member("getSeconds", f::seconds, k::timestamp, k::text, k::integer),
    member("getSeconds", f::seconds, k::span, k::integer),
    member("getMilliseconds", f::milliseconds, k::timestamp, k::integer),
    member("getMilliseconds", f::milliseconds, k::timestamp, k::text, k::integer),
    member("getMilliseconds", f::milliseconds, k::span, k::integer),
    global("normalised", f::normalised, k::text, k::text, 16 * text_steps),
    {"prices", f::prices, false, 1, {k::text, k::any}, k::list, k::money, prices_max, 16 * text_steps},
};

value size_of(const value& v, workspace&) {
  switch (v.tag) {
    case kind::text: {
      // Code points: bytes that begin a character.
      std::int64_t n = 0;
      for (const char c : v.text()) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
      return int_value(n);
    }
    case kind::bytes:
    case kind::list:
    case kind::map: return int_value(v.length);
    default: return error_value(no_overload);
  }
}

value two_texts(function id, const value& a, const value& b) {
  if (!a.is(kind::text) || !b.is(kind::text)) return error_value(no_overload);
  const std::string_view text = a.text(), part = b.text();
  switch (id) {
    case function::contains:
      // memmem is linear in both lengths; string_view::find is not.
      return bool_value(
          part.empty() || ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr);
    case function::starts_with: return bool_value(text.starts_with(part));
    case function::ends_with: return bool_value(text.ends_with(part));
    default: return matches_pattern(a, b);
  }
}

value normal_form(const value& v, workspace& w) {
  if (!v.is(kind::text)) return error_value(no_overload);
  if (w.whole != nullptr && w.whole->is_of(v.text())) return text_value(w.whole->printed());
  text_reading own;
  text_reading& read = w.other != nullptr ? *w.other : own;
  const auto by = w.words == nullptr ? normaliser::with(techniques::all()) : nullptr;
  read.begin(w.words == nullptr ? *by : *w.words, v.text());
  return kept_text(read.printed(), w);
}

value prices_in(const value& v, workspace& w) {
  if (!v.is(kind::text)) return error_value(no_overload);
  fen found[prices_max];
  const std::size_t count = find_prices(v.text(), found);
  value* const items = w.memory.take_array<value>(count);
  if (items == nullptr) return error_value(too_large);
  for (std::size_t i = 0; i < count; ++i) items[i] = number_value(kind::money, found[i].value);
  return list_value({items, count});
}

// "no such key: \"b\"": nothing from the heap, since a condition that ends in an error is nothing unusual. A
// long text is cut.
value error_about(std::string_view what, const value& it, workspace& w) {
  fmt::basic_memory_buffer<char, 512> out;
  const auto to = std::back_inserter(out);
  switch (it.tag) {
    case kind::text: fmt::format_to(to, "{}: \"{:.60}\"", what, it.text()); break;
    case kind::boolean: fmt::format_to(to, "{}: {}", what, it.number != 0); break;
    case kind::uint: fmt::format_to(to, "{}: {}u", what, it.whole); break;
    case kind::real: fmt::format_to(to, "{}: {}", what, it.real); break;
    default: fmt::format_to(to, "{}: {}", what, it.number); break;
  }
  return kept_text({out.data(), out.size()}, w, kind::error);
}

bool valid_key(const value& v) {
  return v.is(kind::boolean) || v.is(kind::integer) || v.is(kind::uint) || v.is(kind::text);
}

}  // namespace

std::span<const overload> overloads() {
  return table;
}

value kept_text(std::string_view text, workspace& w, kind as) {
  const std::string_view kept = w.memory.keep(text);
  if (kept.data() == nullptr) return error_value(too_large);
  return text_value(kept, as);
}

value call_function(function id, std::span<const value> arguments, workspace& w) {
  for (const value& v : arguments) {
    if (v.is(kind::error)) return v;
  }
  switch (id) {
    case function::size: return size_of(arguments[0], w);
    case function::contains:
    case function::starts_with:
    case function::ends_with:
    case function::matches: return two_texts(id, arguments[0], arguments[1]);
    case function::dyn: return arguments[0];
    case function::type_of: return number_value(kind::type, static_cast<std::int64_t>(arguments[0].tag));
    case function::normalised: return normal_form(arguments[0], w);
    case function::prices: return prices_in(arguments[0], w);
    default: break;
  }
  return id >= function::full_year ? calendar_field(id, arguments, w) : convert(id, arguments[0], w);
}

value compare_values(relation r, const value& a, const value& b, workspace& w) {
  if (a.is(kind::error)) return a;
  if (b.is(kind::error)) return b;
  if (r == relation::equal || r == relation::not_equal) {
    const auto same = equal(a, b, w.steps);
    if (!same) return error_value(too_large);
    return bool_value(*same == (r == relation::equal));
  }
  switch (order(a, b)) {
    case ordering::less: return bool_value(holds(r, std::strong_ordering::less));
    case ordering::equal: return bool_value(holds(r, std::strong_ordering::equal));
    case ordering::greater: return bool_value(holds(r, std::strong_ordering::greater));
    case ordering::unordered: return bool_value(false);
    case ordering::none: break;
  }
  return error_value(no_overload);
}

value is_in(const value& item, const value& container, workspace& w) {
  if (item.is(kind::error)) return item;
  if (container.is(kind::error)) return container;
  if (container.is(kind::map)) return bool_value(find(container, item) != nullptr);
  if (!container.is(kind::list)) return error_value(no_overload);
  for (const value& v : container.list()) {
    const auto same = equal(item, v, w.steps);
    if (!same) return error_value(too_large);
    if (*same) return bool_value(true);
  }
  return bool_value(false);
}

value item_at(const value& container, const value& index, workspace& w) {
  if (container.is(kind::error)) return container;
  if (index.is(kind::error)) return index;
  if (container.is(kind::map)) {
    if (!valid_key(index) && !index.is(kind::real)) return error_value(no_overload);
    const value* const found = find(container, index);
    if (found != nullptr) return *found;
    return error_about("no such key", index, w);
  }
  if (!container.is(kind::list) || !index.is_number()) return error_value(no_overload);
  // 1.0 and 1u are indices as 1 is.
  const bool below_length = index.is(kind::real) ? index.real >= 0 && index.real < container.length
                                                 : index.whole < container.length;
  const std::uint64_t at = !below_length          ? 0
                           : index.is(kind::real) ? static_cast<std::uint64_t>(index.real)
                                                  : index.whole;
  if (!below_length || (index.is(kind::real) && static_cast<double>(at) != index.real))
    return error_about("index out of range", index, w);
  return container.items[at];
}

value member_of(const value& v, std::string_view name, workspace& w) {
  if (v.is(kind::error)) return v;
  if (!v.is(kind::map)) return error_value("no such overload: only a map has members");
  return item_at(v, text_value(name), w);
}

value has_member(const value& v, std::string_view name) {
  if (v.is(kind::error)) return v;
  if (!v.is(kind::map)) return error_value("no such overload: only a map has members");
  return bool_value(find(v, text_value(name)) != nullptr);
}

value make_list(std::span<const value> items, workspace& w) {
  for (const value& v : items) {
    if (v.is(kind::error)) return v;
  }
  value* const to = w.memory.take_array<value>(items.size());
  if (to == nullptr) return error_value(too_large);
  std::copy(items.begin(), items.end(), to);
  return list_value({to, items.size()});
}

value make_map(std::span<const value> parts, workspace& w) {
  for (const value& v : parts) {
    if (v.is(kind::error)) return v;
  }
  const std::size_t count = parts.size() / 2;
  map_entry* const to = w.memory.take_array<map_entry>(count);
  if (to == nullptr) return error_value(too_large);
  for (std::size_t i = 0; i < count; ++i) {
    const value& key = parts[2 * i];
    if (!valid_key(key))
      return error_value("no such overload: a key is a text, a whole number, true or false");
    if (find(map_value({to, i}), key) != nullptr) return error_about("repeated key", key, w);
    to[i] = {key, parts[2 * i + 1]};
  }
  return map_value({to, count});
}

}  // namespace zhili::policy
