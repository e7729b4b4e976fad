// SPDX-License-Identifier: Apache-2.0
// The options of every verb that speaks to a node.
#pragma once

#include "node/client.hpp"
#include "node/options.hpp"

namespace zhili::node {

/// Adds --to, --key, --server-key.
void add_client(po::options_description& options);
/// bad_argument where --to is missing.
result<client_options> client_options_of(const po::variables_map& values);

}  // namespace zhili::node
