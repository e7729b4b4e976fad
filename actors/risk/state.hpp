// SPDX-License-Identifier: Apache-2.0
// What risk keeps: one row an account that was ever charged, and one row a charged subject. The charges that some
// window still sees hang on their account as a list; what has left every window is off it.
#pragma once

#include "actors/partition/hasher.hpp"
#include "actors/partition/row_table.hpp"
#include "protocols/schema/risk_generated.h"

namespace zhili::risk {

using partition::no_row;
using partition::row_no;

/// Stands in `charge::next` where the charge is on no list.
inline constexpr row_no off_list = no_row - 1;

struct account {
  account_id id;
  /// Sum of the points of its charges.
  std::int64_t points = 0;
  /// The newest of its charges, `no_row`: none.
  row_no first = no_row;
  /// The day of its one timer, 0: none is set.
  std::int32_t recount_day = 0;
  /// Raised with every change of band.
  std::uint32_t version = 0;
  std::uint8_t band = 0;
  /// As of any day before `recount_day`; the highest value: not known, count the list.
  std::uint8_t reversed_30d = 0;
  std::uint16_t adverse_30d = 0;

  static constexpr std::uint8_t reversed_max = 0xff;
  static constexpr std::uint16_t adverse_max = 0xffff;

  /// Until the timer nothing leaves a window by time alone, and the sums hold.
  bool sums_hold_on(std::int32_t day) const {
    return day < recount_day && reversed_30d != reversed_max && adverse_30d != adverse_max;
  }
  void forget_sums() { adverse_30d = adverse_max; }
};

/// What one subject weighs on its account, for as long as a decision stands against it.
struct charge {
  subject_id id;
  /// 0 once it is taken back or older than the window.
  std::int32_t points = 0;
  /// When it was charged last; days since 1970-01-01 in China.
  std::int32_t day = 0;
  std::int32_t taken_back_day = 0;
  /// Of the decision in its workflow.
  std::uint32_t number = 0;
  row_no next = off_list;
  /// A decision against the subject stands.
  std::uint8_t standing = 0;
  /// `taken_back_day` holds a day.
  std::uint8_t was_taken_back = 0;
  std::uint8_t spare[2] = {};
};

class state {
 public:
  partition::row_table<account> accounts;
  partition::row_table<charge> charges;
  /// The window under which the accounts' sums were made.
  std::int32_t window_days = 0;

  void digest(partition::hasher& h) const {
    h.rows(accounts);
    h.rows(charges);
    h.value(window_days);
  }
  /// Nothing is submitted to risk.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const { return accounts.memory_bytes() + charges.memory_bytes(); }
  std::size_t subjects() const { return accounts.size(); }
};

}  // namespace zhili::risk
