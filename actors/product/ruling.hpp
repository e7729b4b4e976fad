// SPDX-License-Identifier: Apache-2.0
// How a decision on a listing ends, and the second look at a listing that was judged before.
#pragma once

#include "actors/product/checks.hpp"

namespace zhili::product {

/// The context of a decision that no submission of the account asked for: the listing's own account, today's
/// law.
context on_behalf(account_id owner, const context& cx);

/// A person need no longer look at the listing.
void drop_task(const listing& l, row_no row, decide_sink& out);

/// The draft is complete: what waited is settled unless a person must look. `before`: nullptr at a first
/// submission.
outcome conclude(decision::draft& d, const listing* before, row_no row, decide_sink& out);

/// Judges once more what was judged before, or what waited for `facts`. Decides where that changes anything.
/// Returns what it says of the listing now.
verdict judge_again(
    const listing& l, row_no row, const facts_at_hand& facts, wire::cause why, const context& cx,
    decide_sink& out);

}  // namespace zhili::product
