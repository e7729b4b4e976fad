// SPDX-License-Identifier: Apache-2.0
// The packs' counters, where a workflow keeps them.
#pragma once

#include "policy/counters.hpp"
#include "protocols/schema/common_generated.h"
#include "protocols/types/ids.hpp"

namespace zhili::decision {

inline void apply_to(policy::counter_book& book, const wire::count_noted& e) {
  book.add({e.counter(), e.key(), e.value(), e.bucket(), e.width(), e.distinct() != 0});
}

/// What a judgement of the account's subject knows of the past. `first`: of a submission, which counts then and never again.
inline policy::history history(const policy::counter_book& book, account_id account, subject_id subject, bool first) {
  return {&book, account.lo, subject.lo, first};
}

}  // namespace zhili::decision
