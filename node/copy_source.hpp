// SPDX-License-Identifier: Apache-2.0
// What copies of partitions are made from: a data folder that no node uses, or a node behind its door.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "node/client.hpp"
#include "scenarios/trace/data_folder.hpp"
#include "storage/partition_log.hpp"

namespace zhili::node {

struct partition_facts {
  partition_id id;
  storage::extent extent;
};

class copy_source {
 public:
  virtual ~copy_source() = default;
  /// As errors and lines call it.
  virtual const std::string& name() const = 0;
  /// Nobody writes the partitions: a copy is all that there is.
  virtual bool stands_still() const = 0;
  /// Partitions with at least one batch, ascending.
  virtual result<std::vector<partition_facts>> list() = 0;
  virtual storage::partition_source& partitions() = 0;
  /// Gives each of the texts that is kept; the others are left out.
  virtual status texts(std::span<const digest256> hashes, const std::function<status(std::string_view)>& take) = 0;
  /// Files of packs and registry snapshots by their place in the folder.
  virtual result<std::vector<std::string>> files() = 0;
  virtual result<std::string> file(const std::string& name) = 0;
  /// The folder's manifest.
  virtual result<std::map<std::string, std::string>> records() = 0;
};

/// The folder is used by this process alone as long as the source lives.
result<std::unique_ptr<copy_source>> copy_from_folder(const std::filesystem::path& dir);
/// The client outlives the source.
std::unique_ptr<copy_source> copy_from_node(client& node, const std::string& endpoint);

}  // namespace zhili::node
