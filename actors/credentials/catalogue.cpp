// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/catalogue.hpp"

#include <algorithm>
#include <array>

#include "actors/credentials/catalogue_text.hpp"
#include "actors/credentials/code_text.hpp"
#include "protocols/schema/onboarding_generated.h"

namespace zhili::credentials {
namespace {

using wire::onboarding::department;
using wire::onboarding::scope;

constexpr std::array<std::string_view, 4> specialty_names{"美容外科", "美容牙科", "美容皮肤科", "美容中医科"};
constexpr std::array<std::string_view, 4> need_names{"none", "drug", "device", "device_class3"};
constexpr std::string_view head = "number\tspecialty\tlevel\tzh\ten\tgroup\tneeds\twhen\tclass3_from\tprice\tevidence";

constexpr std::string_view cut(std::string_view& rest, char mark) {
  const auto end = rest.find(mark);
  const auto field = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return field;
}

// Place of `name`, from 0; the number of names where it is none of them.
constexpr std::size_t place_of(std::string_view name, std::span<const std::string_view> names) {
  std::size_t i = 0;
  while (i < names.size() && names[i] != name) ++i;
  return i;
}

// 2024-04-01; `never` for a dash.
constexpr bool read_day(std::string_view text, instant& out) {
  if (text == "-") return true;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto y = text.substr(0, 4), m = text.substr(5, 2), d = text.substr(8, 2);
  if (!all_digits(y) || !all_digits(m) || !all_digits(d)) return false;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(number_of(y))},
                                         std::chrono::month{number_of(m)}, std::chrono::day{number_of(d)}};
  if (!date.ok()) return false;
  out = start_of_china_day(static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count()));
  return true;
}

// One line of the file; false where it does not follow its head.
constexpr bool read_item(std::string_view line, std::size_t expected_number, item& out) {
  const auto number = cut(line, '\t'), subject = cut(line, '\t'), level = cut(line, '\t');
  out.zh = cut(line, '\t');
  out.en = cut(line, '\t');
  out.group = cut(line, '\t');
  const auto needs = cut(line, '\t'), when = cut(line, '\t'), class3_from = cut(line, '\t'), price = cut(line, '\t');
  out.evidence = line;

  if (!all_digits(number) || number.size() > 5 || number_of(number) != expected_number) return false;
  out.number = static_cast<std::uint16_t>(expected_number);
  const auto subject_place = place_of(subject, specialty_names);
  if (subject_place == specialty_names.size()) return false;
  out.subject = static_cast<specialty>(subject_place + 1);
  if (!all_digits(level) || level.size() != 1 || number_of(level) > 4) return false;
  out.level = static_cast<std::uint8_t>(number_of(level));
  if ((out.level != 0) != (out.subject == specialty::surgery)) return false;
  const auto need_place = place_of(needs, need_names);
  if (need_place == need_names.size()) return false;
  out.needs = static_cast<product_need>(need_place);
  out.number_required = when == "always";
  if (when != (out.needs == product_need::none ? "-" : out.number_required ? "always" : "if_named")) return false;
  if (!read_day(class3_from, out.class3_from)) return false;
  if (!all_digits(price) || price.size() > 8) return false;
  out.reference_price_fen = static_cast<std::int64_t>(number_of(price)) * 100;
  const bool told = out.evidence == "V2" || out.evidence == "V" || out.evidence == "S" || out.evidence == "M";
  return told && !out.zh.empty() && !out.en.empty() && !out.group.empty() && out.reference_price_fen > 0;
}

constexpr bool is_row(std::string_view line) { return !line.empty() && line[0] != '#' && line != head; }

constexpr std::size_t item_count = [] {
  std::size_t n = 0;
  for (auto rest = catalogue_text; !rest.empty();)
    if (is_row(cut(rest, '\n'))) ++n;
  return n;
}();

struct reading {
  std::array<item, item_count> items{};
  std::size_t bad_line = 0;
};

constexpr reading catalogue = [] {
  reading out;
  std::size_t line_number = 0, n = 0;
  for (auto rest = catalogue_text; !rest.empty() && out.bad_line == 0;) {
    const auto line = cut(rest, '\n');
    ++line_number;
    if (!is_row(line)) continue;
    if (!read_item(line, n + 1, out.items[n])) out.bad_line = line_number;
    ++n;
  }
  return out;
}();

// Names the line of catalogue.tsv that does not follow the file's own remarks.
template <std::size_t Line>
constexpr bool every_line_is_good() {
  static_assert(Line == 0, "a line of catalogue.tsv is wrong: its number stands in 'every_line_is_good<NUMBER>'");
  return true;
}
static_assert(every_line_is_good<catalogue.bad_line>());

}  // namespace

std::span<const item> all() { return catalogue.items; }

const item* find(std::uint16_t number) {
  return number >= 1 && number <= item_count ? &catalogue.items[number - 1u] : nullptr;
}

const item* find_by_name(std::string_view zh) {
  const auto* it = std::ranges::find(catalogue.items, zh, &item::zh);
  return it == catalogue.items.end() ? nullptr : it;
}

const item* find_by_name(std::string_view zh, specialty subject) {
  const auto* it = std::ranges::find_if(
      catalogue.items, [&](const item& v) { return v.subject == subject && v.zh == zh; });
  return it == catalogue.items.end() ? nullptr : it;
}

product_need need_at(const item& v, instant event_time) {
  return v.needs == product_need::device && event_time >= v.class3_from ? product_need::device_class3 : v.needs;
}

std::uint32_t departments_for(specialty v) {
  // The catalogue of 2009, part 1, lets 整形外科 stand beside 医疗美容科 for surgical items.
  constexpr auto surgical = static_cast<std::uint32_t>(department::aesthetic_surgery) |
                            static_cast<std::uint32_t>(department::plastic_surgery);
  switch (v) {
    case specialty::surgery: return surgical;
    case specialty::dentistry: return static_cast<std::uint32_t>(department::aesthetic_dentistry);
    case specialty::dermatology: return static_cast<std::uint32_t>(department::aesthetic_dermatology);
    case specialty::tcm: return static_cast<std::uint32_t>(department::aesthetic_tcm);
  }
  return 0;
}

std::uint32_t scopes_for(specialty v) {
  switch (v) {
    case specialty::surgery: return static_cast<std::uint32_t>(scope::surgery);
    case specialty::dentistry: return static_cast<std::uint32_t>(scope::dentistry);
    case specialty::dermatology: return static_cast<std::uint32_t>(scope::dermatology);
    case specialty::tcm: return static_cast<std::uint32_t>(scope::tcm);
  }
  return 0;
}

std::string_view name_zh(specialty v) { return specialty_names[static_cast<std::size_t>(v) - 1]; }

}  // namespace zhili::credentials
