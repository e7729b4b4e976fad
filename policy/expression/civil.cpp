// SPDX-License-Identifier: Apache-2.0
#include "policy/expression/civil.hpp"

#include <fmt/format.h>

#include <chrono>

namespace zhili::policy {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t second_nanos = 1'000'000'000;

// Reads digits from the front of a text.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (text_.size() < count) return std::nullopt;
    int n = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      n = n * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return n;
  }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// .123456789 as nanoseconds; 0 without a point.
  std::optional<std::uint32_t> fraction() {
    if (!take('.')) return 0u;
    std::uint32_t nanos = 0, unit = second_nanos;
    std::size_t count = 0;
    for (; !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; ++count, text_.remove_prefix(1)) {
      unit /= 10;
      nanos += static_cast<std::uint32_t>(text_[0] - '0') * unit;
    }
    if (count == 0 || count > 9) return std::nullopt;
    return nanos;
  }
  bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<std::int32_t> clock_offset(reader& r, bool negative) {
  const auto hours = r.digits(2);
  if (!hours || !r.take(':')) return std::nullopt;
  const auto minutes = r.digits(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int32_t offset = *hours * 3600 + *minutes * 60;
  return negative ? -offset : offset;
}

}  // namespace

std::optional<value> parse_time(std::string_view text) {
  namespace ch = std::chrono;
  reader r(text);
  const auto year = r.digits(4);
  if (!year || !r.take('-')) return std::nullopt;
  const auto month = r.digits(2);
  if (!month || !r.take('-')) return std::nullopt;
  const auto day = r.digits(2);
  if (!day || !(r.take('T') || r.take('t'))) return std::nullopt;
  const auto hour = r.digits(2);
  if (!hour || !r.take(':')) return std::nullopt;
  const auto minute = r.digits(2);
  if (!minute || !r.take(':')) return std::nullopt;
  const auto second = r.digits(2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto nanos = r.fraction();
  if (!nanos) return std::nullopt;
  std::int32_t offset = 0;
  if (!r.take('Z') && !r.take('z')) {
    const bool negative = r.take('-');
    if (!negative && !r.take('+')) return std::nullopt;
    const auto o = clock_offset(r, negative);
    if (!o) return std::nullopt;
    offset = *o;
  }
  const ch::year_month_day date{
      ch::year{*year}, ch::month{static_cast<unsigned>(*month)}, ch::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || !r.done()) return std::nullopt;
  const std::int64_t days = ch::sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds = days * day_seconds + *hour * 3600 + *minute * 60 + *second - offset;
  if (seconds < time_seconds_min || seconds > time_seconds_max) return std::nullopt;
  return time_value(seconds, *nanos);
}

namespace {

void append_fraction(std::int64_t nanos, short_text& out) {
  if (nanos == 0) return;
  fmt::format_to(std::back_inserter(out), ".{:09}", nanos);
  while (out[out.size() - 1] == '0') out.resize(out.size() - 1);
}

}  // namespace

short_text time_text(const value& t) {
  const civil c = civil_of(t.number);
  short_text out;
  fmt::format_to(
      std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month + 1, c.day_of_month + 1,
      c.hour, c.minute, c.second);
  append_fraction(t.length, out);
  out.push_back('Z');
  return out;
}

std::optional<std::int64_t> parse_span(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  struct unit {
    std::string_view name;
    std::int64_t nanos;
  };
  // Longer names first.
  constexpr unit units[] = {
      {"ms", 1'000'000},        {"us", 1'000},      {"\u00b5s", 1'000}, {"ns", 1}, {"h", 3600 * second_nanos},
      {"m", 60 * second_nanos}, {"s", second_nanos}};
  __extension__ using wide = __int128;
  wide total = 0;
  constexpr wide bound = static_cast<wide>(INT64_MAX) + 1;
  while (!text.empty()) {
    wide whole = 0, part = 0, scale = 1;
    std::size_t i = 0, count = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++count) {
      whole = whole * 10 + (text[i] - '0');
      if (whole > bound) return std::nullopt;
    }
    if (i < text.size() && text[i] == '.') {
      for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, ++count) {
        if (scale >= static_cast<wide>(1'000'000'000'000'000)) continue;
        part = part * 10 + (text[i] - '0');
        scale *= 10;
      }
    }
    if (count == 0) return std::nullopt;
    text.remove_prefix(i);
    const unit* found = nullptr;
    for (const unit& u : units) {
      if (found == nullptr && text.starts_with(u.name)) found = &u;
    }
    if (found == nullptr) return std::nullopt;
    text.remove_prefix(found->name.size());
    total += whole * found->nanos + part * found->nanos / scale;
    if (total > bound) return std::nullopt;
  }
  if (negative) total = -total;
  if (total > static_cast<wide>(INT64_MAX) || total < static_cast<wide>(INT64_MIN)) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

short_text span_text(std::int64_t nanos) {
  const std::int64_t seconds = nanos / second_nanos, rest = nanos % second_nanos;
  short_text out;
  fmt::format_to(std::back_inserter(out), "{}{}", nanos < 0 && seconds == 0 ? "-" : "", seconds);
  append_fraction(rest < 0 ? -rest : rest, out);
  out.push_back('s');
  return out;
}

civil civil_of(std::int64_t local_seconds) {
  namespace ch = std::chrono;
  std::int64_t days = local_seconds / day_seconds, rest = local_seconds % day_seconds;
  if (rest < 0) {
    rest += day_seconds;
    --days;
  }
  const ch::sys_days day{ch::days{days}};
  const ch::year_month_day date{day};
  civil out;
  out.year = static_cast<int>(date.year());
  out.month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  out.day_of_month = static_cast<int>(static_cast<unsigned>(date.day())) - 1;
  out.day_of_year = static_cast<int>((day - ch::sys_days{date.year() / ch::January / 1}).count());
  out.day_of_week = static_cast<int>(ch::weekday{day}.c_encoding());
  out.hour = static_cast<int>(rest / 3600);
  out.minute = static_cast<int>(rest / 60 % 60);
  out.second = static_cast<int>(rest % 60);
  return out;
}

std::optional<std::int32_t> fixed_offset(std::string_view zone) {
  if (zone == "UTC" || zone == "Z") return 0;
  if (zone == "Asia/Shanghai") return 8 * 3600;
  reader r(zone);
  const bool negative = r.take('-');
  if (!negative) r.take('+');
  const auto offset = clock_offset(r, negative);
  return offset && r.done() ? offset : std::nullopt;
}

}  // namespace zhili::policy
