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
  static node::node_config alone(const std::filesystem::path& data, const std::filesystem::path& pack);
  static result<std::unique_ptr<node_here>> start(const node::node_config& config);
  ~node_here();

  const std::string& clients_endpoint() const { return front_->link().clients_endpoint(); }
  const node::zmq_link& link() const { return front_->link(); }
  shell::shell& partitions() { return node_->partitions(); }

 private:
  node_here() = default;

  std::unique_ptr<node::homes> where_;
  std::unique_ptr<node::mail> away_;
  std::unique_ptr<node::server> node_;
  std::unique_ptr<node::reception> front_;
};

}  // namespace zhili::bench
