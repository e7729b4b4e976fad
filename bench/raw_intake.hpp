// SPDX-License-Identifier: Apache-2.0
// The floors of durable intake: one thread that takes frames off a ZeroMQ socket, puts each submission where it is kept,
// syncs after every so many, and says with one message how many are safe. It checks nothing and decides nothing.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "protocols/types/result.hpp"

namespace zhili::bench {

enum class raw_store {
  /// One put a submission under its number, one synced write a group.
  leveldb,
  /// The same under keys that come in no order, as hashes do.
  leveldb_unordered,
  /// One write and one fdatasync a group.
  flat_file,
};

struct raw_counts {
  std::uint64_t submissions = 0;
  std::uint64_t syncs = 0;
  std::uint64_t stored_bytes = 0;
};

class raw_intake {
 public:
  /// Takes `all` submissions, `group` to a sync, the last group being what is left.
  static result<std::unique_ptr<raw_intake>> start(
      raw_store how, const std::filesystem::path& folder, std::uint64_t all, std::uint64_t group);
  ~raw_intake();

  const std::string& endpoint() const;
  /// After the last answer.
  raw_counts counts() const;

 private:
  class door;
  explicit raw_intake(std::unique_ptr<door> d);
  std::unique_ptr<door> door_;
};

}  // namespace zhili::bench
