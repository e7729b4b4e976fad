// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/time.hpp"

#include <charconv>

#include "protocols/types/tell.hpp"

namespace zhili {
namespace {

// Reads exactly `digits` digits at `pos`; -1 where there are none.
int number_at(std::string_view text, std::size_t pos, std::size_t digits) {
  if (pos + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = pos; i < pos + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::int32_t days_of(int y, int m, int d) {
  const std::chrono::sys_days days =
      std::chrono::year{y} / std::chrono::month{static_cast<unsigned>(m)} / std::chrono::day{static_cast<unsigned>(d)};
  return static_cast<std::int32_t>(days.time_since_epoch().count());
}

}  // namespace

result<instant> parse_instant(std::string_view text) {
  const auto bad = [&] {
    return fail(
        errc::malformed, tell(
                             "'{}' 不是时间：请写成 2021-07-18 或 2021-07-18T09:30:00",
                             "'{}' is no time: write 2021-07-18 or 2021-07-18T09:30:00", text));
  };
  const int y = number_at(text, 0, 4), m = number_at(text, 5, 2), d = number_at(text, 8, 2);
  if (y < 0 || m < 1 || d < 1 || text.size() < 10 || text[4] != '-' || text[7] != '-') return bad();
  const auto date = std::chrono::year{y} / std::chrono::month{static_cast<unsigned>(m)} / std::chrono::day{static_cast<unsigned>(d)};
  if (!date.ok()) return bad();
  instant t = start_of_china_day(days_of(y, m, d));
  if (text.size() == 10) return t;
  if (text[10] != 'T' && text[10] != ' ') return bad();
  const int hh = number_at(text, 11, 2), mm = number_at(text, 14, 2);
  if (hh < 0 || hh > 23 || mm < 0 || mm > 59 || text[13] != ':') return bad();
  t.ms += (hh * 60 + mm) * 60'000LL;
  std::size_t pos = 16;
  if (pos < text.size() && text[pos] == ':') {
    const int ss = number_at(text, 17, 2);
    if (ss < 0 || ss > 59) return bad();
    t.ms += ss * 1000LL;
    pos = 19;
    if (pos < text.size() && text[pos] == '.') {
      const int ms = number_at(text, 20, 3);
      if (ms < 0) return bad();
      t.ms += ms;
      pos = 23;
    }
  }
  const auto zone = text.substr(pos);
  if (zone == "Z") return t + std::chrono::hours{8};
  if (zone.empty() || zone == "+08:00") return t;
  return bad();
}

result<duration> parse_duration(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  std::int64_t scale = 0;
  if (unit == "ms") scale = 1;
  if (unit == "s") scale = 1000;
  if (unit == "m") scale = 60'000;
  if (unit == "h") scale = 3'600'000;
  if (unit == "d") scale = 86'400'000;
  if (ec != std::errc{} || scale == 0 || n < 0 || n > 400LL * 366 * 86'400'000 / scale) {
    return fail(
        errc::malformed, tell(
                             "'{}' 不是时长：请写成 90s（秒）、15m（分）、36h（小时）或 7d（天）",
                             "'{}' is no span of time: write 90s, 15m, 36h or 7d", text));
  }
  return duration{n * scale};
}

std::string date_string(std::int32_t china_day) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{china_day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::string to_string(instant t) {
  if (t == never) return "never";
  const std::int32_t day = china_day(t);
  const std::int64_t ms = t.ms - start_of_china_day(day).ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}+08:00", date_string(day), ms / 3'600'000, ms / 60'000 % 60,
                     ms / 1000 % 60, ms % 1000);
}

}  // namespace zhili
