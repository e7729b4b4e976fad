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

/// The same for a verb that may speak to several nodes, each of which hosts a part: --to and --server-key may be given
/// again.
void add_clients(po::options_description& options, const words& say = {});
/// One for each --to. bad_argument where there is none, one stands twice, or --server-key is given for some and not all.
result<std::vector<client_options>> clients_options_of(const po::variables_map& values);
/// All of them, connected; the first error where one is not there.
result<std::vector<std::unique_ptr<client>>> connect_all(const std::vector<client_options>& to);

}  // namespace zhili::node
