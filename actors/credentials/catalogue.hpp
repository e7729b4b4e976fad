// SPDX-License-Identifier: Apache-2.0
// The catalogue of medical-aesthetics items that a listing may offer: data/catalogue.tsv, compiled in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "actors/credentials/approval.hpp"
#include "protocols/types/time.hpp"

namespace zhili::credentials {

/// Second-level subject (诊疗科目) that an item belongs to.
enum class specialty : std::uint8_t {
  surgery = 1,
  dentistry = 2,
  dermatology = 3,
  tcm = 4,
};

struct item {
  /// From 1, on disk and on the wire: never renumbered.
  std::uint16_t number = 0;
  std::string_view zh;
  std::string_view en;
  /// Part of the body or of the specialty, Chinese.
  std::string_view group;
  specialty subject = specialty::surgery;
  /// 1 to 4 for surgery, 0 for the specialties that are not graded.
  std::uint8_t level = 0;
  /// What a product used must be approved as; see `need_at` for the day.
  product_need needs = product_need::none;
  /// A listing must name the product. Otherwise a number must fit only where one is given.
  bool number_required = false;
  /// From here on a device must be class 3.
  instant class3_from = never;
  /// Assumed, not published: our guess at a median of 2021.
  std::int64_t reference_price_fen = 0;
  /// V2 two pages agree, S one secondary page, M from memory.
  std::string_view evidence;
};

/// All items by number, without gaps.
std::span<const item> all();

/// nullptr where no item has this number.
const item* find(std::uint16_t number);

/// The item of exactly this Chinese name; nullptr where there is none. Three operations stand under surgery and under
/// dermatology: the one of the lower number is found unless the subject is told.
const item* find_by_name(std::string_view zh);
const item* find_by_name(std::string_view zh, specialty subject);

/// What a product must be approved as on the day of an event.
product_need need_at(const item& v, instant event_time);

/// Bits of wire::onboarding::department; any one of them licenses an institution for the subject.
std::uint32_t departments_for(specialty v);

/// Bits of wire::onboarding::scope; any one of them is what a practitioner must be registered for.
std::uint32_t scopes_for(specialty v);

/// 美容外科
std::string_view name_zh(specialty v);

}  // namespace zhili::credentials
