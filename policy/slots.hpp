// SPDX-License-Identifier: Apache-2.0
// The facts that a workflow hands to the pack: one slot a field of policy/fields/<workflow>.yaml, by the
// indices of the generated "policy/fields/<workflow>.hpp". A plain value on the stack of `decide`.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "protocols/types/money.hpp"
#include "protocols/types/result.hpp"
#include "protocols/types/time.hpp"

namespace zhili::policy {

/// A slot that was not set is a missing fact: an expression that needs it ends in an error, never in a silent
/// false.
class slots {
 public:
  static constexpr std::uint16_t count_max = 64;

  // Written out so that `slots{}` does not fill the cells either.
  slots() {}

  void clear() { present_ = 0; }
  bool has(std::uint16_t slot) const { return slot < count_max && (present_ >> slot & 1) != 0; }

  /// Of a set of slots, as bits.
  bool has_all(std::uint64_t which) const { return (which & ~present_) == 0; }

  void set_int(std::uint16_t slot, std::int64_t value) { cell_of(slot).number = value; }
  void set_bool(std::uint16_t slot, bool value) { set_int(slot, value ? 1 : 0); }
  void set_money(std::uint16_t slot, fen value) { set_int(slot, value.value); }
  void set_duration(std::uint16_t slot, duration value) { set_int(slot, value.count()); }
  /// `china_day`: days since 1970-01-01 in China.
  void set_date(std::uint16_t slot, std::int32_t china_day) { set_int(slot, china_day); }
  /// A value of the field's generated enum.
  template <class Enum>
  requires std::is_enum_v<Enum>
  void set_enum(std::uint16_t slot, Enum value) { set_int(slot, static_cast<std::int64_t>(value)); }
  /// The text is not copied: it must live until the judgement is made.
  void set_text(std::uint16_t slot, std::string_view value) {
    cell& c = cell_of(slot);
    c.text = value.data();
    c.length = value.size();
  }

  /// REQUIRES: has(slot), and that it was set by a setter of that kind.
  std::int64_t number(std::uint16_t slot) const { return cells_[slot].number; }
  std::string_view text(std::uint16_t slot) const { return {cells_[slot].text, cells_[slot].length}; }

 private:
  struct cell {
    union {
      std::int64_t number;
      const char* text;
    };
    std::size_t length;
  };

  cell& cell_of(std::uint16_t slot) {
    ZHILI_ASSERT(slot < count_max, "slot indices come from the generated headers");
    present_ |= std::uint64_t{1} << slot;
    return cells_[slot];
  }

  std::uint64_t present_ = 0;
  // Left uninitialised: `present_` says which cells hold something, and most judgements set fewer than ten.
  cell cells_[count_max];
};

}  // namespace zhili::policy
