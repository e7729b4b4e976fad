// SPDX-License-Identifier: Apache-2.0
// What people at a terminal ask a node: the tasks of its desk, and how a measure stands. Answered from the
// partitions' memory, so it costs a walk over the tasks of a shard and nothing on disk.
#pragma once

#include <string>
#include <string_view>

#include "actors/shell/shell.hpp"

namespace zhili::node {

/// Body: JSON {"task": id} for one task, whatever became of it; else {"queue": name, "reviewer": n, "limit":
/// n}, each of which may be left out: tasks that nobody has decided, of that queue, that this reviewer holds
/// or may take. Reply: JSON {"total": n, "tasks": [...]} in the order in which the desk hands them out.
result<std::string> desk_tasks(shell::shell& partitions, std::string_view body);

/// Body: JSON {"subject": id, "account": id}. Reply: JSON {"known": false}, or how the measure stands; `task`
/// is the appeal that lies at the desk. not_found: takedown of this account lives on another node.
result<std::string> measure_of(shell::shell& partitions, std::string_view body);

}  // namespace zhili::node
