// SPDX-License-Identifier: Apache-2.0
// A whole node in this process, as `zhili node` runs it: data folder, partitions, gateway, link.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "node/reception.hpp"

namespace zhili::bench {

class node_here {
 public:
  /// Everything is hosted here; clients come in by tcp on loopback.
  static result<std::unique_ptr<node_here>> start(const std::filesystem::path& data, const std::filesystem::path& pack);
  ~node_here();

  const std::string& clients_endpoint() const { return front_->link().clients_endpoint(); }
  shell::shell& partitions() { return node_->partitions(); }
  node::node_config config() const { return config_; }

 private:
  node_here() = default;

  node::node_config config_;
  std::unique_ptr<node::homes> where_;
  std::unique_ptr<node::mail> away_;
  std::unique_ptr<node::server> node_;
  std::unique_ptr<node::reception> front_;
};

}  // namespace zhili::bench
