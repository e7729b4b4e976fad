// SPDX-License-Identifier: Apache-2.0
// Goes through one partition's log batch by batch, some hundred kilobytes in memory at a time.
#pragma once

#include <optional>

#include "protocols/log/batch.hpp"
#include "protocols/types/time.hpp"
#include "storage/partition_log.hpp"

namespace zhili::scenarios {

class log_cursor {
 public:
  log_cursor(storage::partition_log& log, partition_id of) : log_(log), of_(of) { advance(); }

  partition_id partition() const { return of_; }
  /// The batch in hand; nothing at the end, or where the log is damaged.
  const std::optional<batch_reader>& batch() const { return batch_; }
  /// When its first command was stamped.
  instant at() const { return at_; }
  void advance();
  /// Why the log cannot be read any further, with the place; empty: it was read, or is being read, without harm.
  const std::string& damage() const { return damage_; }

 private:
  void read_on();

  storage::partition_log& log_;
  partition_id of_;
  storage::seq next_{1};
  bool ended_ = false;
  std::string damage_;
  struct piece_of_memory {
    std::size_t begin = 0;
    std::size_t length = 0;
  };
  std::vector<std::byte> bytes_;
  std::vector<piece_of_memory> waiting_;
  std::size_t taken_ = 0;
  std::optional<batch_reader> batch_;
  instant at_;
};

}  // namespace zhili::scenarios
