// SPDX-License-Identifier: Apache-2.0
// Every process of a cluster restarted, one after the other, under load: how long did each partition say nothing?
#pragma once

#include "node/cluster_processes.hpp"

namespace zhili::node {

/// Starts the cluster, submits steadily to every shard, restarts each process once with SIGTERM, and prints what was
/// accepted, the longest silence of a partition and of which process. An exit code: failed where something was lost.
int run_rolling(const cluster_plan& plan, bool zh);

}  // namespace zhili::node
