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
  std::uint8_t spare[3] = {};
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

  void digest(partition::hasher& h) const {
    h.rows(accounts);
    h.rows(charges);
  }
  /// Nothing is submitted to risk.
  std::uint64_t waiting() const { return 0; }
  std::size_t memory_bytes() const { return accounts.memory_bytes() + charges.memory_bytes(); }
  std::size_t subjects() const { return accounts.size(); }
};

}  // namespace zhili::risk
