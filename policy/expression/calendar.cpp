// SPDX-License-Identifier: Apache-2.0
// getFullYear() … getMilliseconds(), of points and spans of time.
#include "policy/expression/civil.hpp"
#include "policy/expression/functions.hpp"

namespace zhili::policy {
namespace {

constexpr std::int64_t milli_nanos = 1'000'000, second_nanos = 1000 * milli_nanos;

value span_field(function id, std::int64_t nanos) {
  switch (id) {
    case function::hours: return int_value(nanos / (3600 * second_nanos));
    case function::minutes: return int_value(nanos / (60 * second_nanos));
    case function::seconds: return int_value(nanos / second_nanos);
    // The part below a second, as CEL has it since its specification was made clear.
    case function::milliseconds: return int_value(nanos % second_nanos / milli_nanos);
    default: return error_value(no_overload);
  }
}

}  // namespace

value calendar_field(function id, std::span<const value> arguments, workspace& w) {
  const value& v = arguments[0];
  if (v.is(kind::span) && arguments.size() == 1) return span_field(id, v.number);
  if (!v.is(kind::timestamp)) return error_value(no_overload);
  std::int32_t offset = 0;
  if (arguments.size() > 1) {
    if (!arguments[1].is(kind::text)) return error_value(no_overload);
    auto known = fixed_offset(arguments[1].text());
    if (!known && w.zones != nullptr) known = w.zones(arguments[1].text(), v.number);
    if (!known) return error_value("unknown time zone: write an offset such as +08:00");
    offset = *known;
  }
  const civil c = civil_of(v.number + offset);
  switch (id) {
    case function::full_year: return int_value(c.year);
    case function::month: return int_value(c.month);
    case function::day_of_month: return int_value(c.day_of_month);
    case function::date: return int_value(c.day_of_month + 1);
    case function::day_of_week: return int_value(c.day_of_week);
    case function::day_of_year: return int_value(c.day_of_year);
    case function::hours: return int_value(c.hour);
    case function::minutes: return int_value(c.minute);
    case function::seconds: return int_value(c.second);
    case function::milliseconds: return int_value(v.length / milli_nanos);
    default: return error_value(no_overload);
  }
}

}  // namespace zhili::policy
