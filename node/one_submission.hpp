// SPDX-License-Identifier: Apache-2.0
// One submission from a command line: its time, its way to the node, and the answer.
#pragma once

#include "node/client.hpp"
#include "protocols/envelope.hpp"

namespace zhili::node {

/// The node's time: what a person says at a node that goes by a trace is said in the trace's time.
result<instant> time_of(client& node);

/// Gives the node one submission, stamped with `at`, and waits for what became of it. Errors: of the
/// envelope, io, or the gateway's own, with its text.
result<wire::outcome> submit_one(client& node, envelope_fields fields, instant at);

/// Names what a command says, so that the same again is the same submission. `stage` tells commands apart.
subject_id key_of(
    subject_kind kind, subject_id about, std::uint64_t stage, std::initializer_list<std::uint64_t> says);

/// A refusal that needs no more words than its name.
std::string refusal_text(const wire::outcome& o, bool zh);

}  // namespace zhili::node
