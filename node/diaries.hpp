// SPDX-License-Identifier: Apache-2.0
// Diaries without end, for load on a node whose clock is the real one.
#pragma once

#include <string>
#include <vector>

#include "protocols/envelope.hpp"

namespace zhili::node {

class diaries {
 public:
  struct one {
    subject_id key;
    account_id account;
    std::vector<std::byte> envelope;
  };
  /// None of two runs has the key of another.
  explicit diaries(std::uint64_t run);
  static std::uint64_t run_of_now();

  /// Claims to have happened now.
  one next();

 private:
  std::uint64_t run_;
  std::uint64_t count_ = 0;
  std::vector<std::string> texts_;
  std::vector<digest256> hashes_;
};

}  // namespace zhili::node
