// SPDX-License-Identifier: Apache-2.0
// The door for operators: /healthz, /readyz and /metrics over HTTP, from before the partitions are rebuilt until the node
// has drained.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "node/gateway.hpp"
#include "node/link/link.hpp"

namespace zhili::node {

struct http_address {
  /// An IP address; `localhost` has become 127.0.0.1.
  std::string host;
  std::uint16_t port = 0;
  bool loopback = false;
};
/// Reads `host:port` or `[v6]:port`. Errors: malformed, with words.
result<http_address> read_http_address(const std::string& text);
/// Refuses an address that cannot be read, and one beyond loopback without `insecure`.
status check_http(const node_config& config);

class http_door {
 public:
  struct answer {
    unsigned code = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body;
  };

  /// Serves from here on, as not ready. A config without `http` opens nothing. Errors: those of check_http, io.
  static result<std::unique_ptr<http_door>> open(const node_config& config);
  ~http_door();

  /// The partitions are rebuilt and the link is up. All three outlive the call of `close`.
  void ready(server& node, const gateway& door, const zmq_link& link);
  void draining();
  /// Answers nothing more from when it returns.
  void close();

  /// Thread-safe.
  answer ask(std::string_view path);
  /// Where it is bound; 0 where there is none.
  std::uint16_t port() const;

 private:
  class listener;
  explicit http_door(const node_config& config);
  /// Empty: ready.
  std::string not_ready() const;
  answer metrics();

  const node_config config_;
  const std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::string why_not_ = "the partitions are being rebuilt";
  server* node_ = nullptr;
  const gateway* gateway_ = nullptr;
  const zmq_link* link_ = nullptr;
  /// A reading asks every partition: one at a time, so that the other thread can answer for the process.
  std::mutex reading_;
  std::unique_ptr<listener> listener_;
};

}  // namespace zhili::node
