// SPDX-License-Identifier: Apache-2.0
// Questions to a node besides submissions, answered on a thread of their own so that no door waits for them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "node/link/link.hpp"
#include "node/log_tail.hpp"
#include "node/server.hpp"

namespace zhili::node {

/// Do not renumber.
enum class request_verb : std::uint16_t {
  /// Answered when nothing is due or on its way between the node's partitions any more. Body: JSON {"at": ms}, how far
  /// the trace has come, for a node that goes by one. Reply: JSON {"commands": n},
  /// how many its partitions have taken: the same in two rounds over all nodes means that nothing is between them.
  settle = 1,
  /// Body: JSON {"position": {...}, "bytes_max": n}. Reply: NDJSON, its last line {"position": {...}, "at_end": true}.
  tail = 2,
  /// Body: none. Reply: JSON of what the node has counted.
  counts = 3,
  /// Open tasks, or one task whatever became of it. Body and reply: node/desk_questions.hpp.
  desk = 4,
  /// What takedown holds of a subject. Body and reply: node/desk_questions.hpp.
  measure = 5,
  /// Body: none. Reply: JSON {"now": ms}, the node's time.
  time = 6,
  /// Copies of partitions, page by page. Bodies and replies: node/copy_questions.hpp.
  copy_list = 7,
  copy_records = 8,
  copy_snapshot = 9,
  copy_texts = 10,
  copy_files = 11,
  /// Another pack is to come into force. Body and reply: docs/wire.md.
  release = 12,
};

class requests {
 public:
  requests(server& node, const scenarios::shelf& packs);
  ~requests() { end(); }
  /// Leaves what waits unanswered; asks nothing of the partitions any more.
  void end();
  void use(zmq_link& link) { link_ = &link; }

  /// On the link's thread.
  void from_client(const client_origin& client, const opened_frame& frame);

  static constexpr std::size_t waiting_max = 256;

 private:
  struct errand {
    client_origin client;
    std::uint64_t correlation = 0;
    std::uint16_t verb = 0;
    std::string body;
  };
  void run();
  result<std::string> answer(const errand& e);
  void reply(const errand& e, const result<std::string>& body);

  server& node_;
  log_tail tail_;
  zmq_link* link_ = nullptr;
  std::mutex mutex_;
  std::condition_variable given_;
  std::deque<errand> waiting_;
  bool ends_ = false;
  std::thread thread_;
};

/// What the node has counted, as JSON; also the source of /metrics.
std::string counts_json(const shell::shell_counters& c, const policy::pack& pack, const link_counts& link);

}  // namespace zhili::node
