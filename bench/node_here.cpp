// SPDX-License-Identifier: Apache-2.0
#include "bench/node_here.hpp"

namespace zhili::bench {

node::node_config node_here::alone(const std::filesystem::path& data, const std::filesystem::path& pack) {
  node::node_config c;
  c.name = "bench";
  c.data_dir = data;
  c.pack = pack.string();
  c.gateway = "tcp://127.0.0.1:*";
  for (const auto* w : partition::workflows()) c.workflows.push_back(w->number);
  for (shard_no s = 0; s < shard_count; ++s) c.shards.push_back(s);
  return c;
}

result<std::unique_ptr<node_here>> node_here::start(const node::node_config& c) {
  std::unique_ptr<node_here> made(new node_here);
  made->where_ = std::make_unique<node::homes>(c);
  made->away_ = std::make_unique<node::mail>(*made->where_);
  auto started = node::server::start(c, c.peers.empty() ? nullptr : made->away_.get());
  if (!started) return tl::unexpected(started.error());
  made->node_ = std::move(*started);
  made->front_ = std::make_unique<node::reception>(*made->node_, *made->where_, *made->away_);
  if (status open = made->front_->open(); !open) return tl::unexpected(open.error());
  return made;
}

node_here::~node_here() {
  if (front_) front_->close();
  if (node_) node_->end();
}

}  // namespace zhili::bench
