// SPDX-License-Identifier: Apache-2.0
// Diaries as a platform submits them to a gateway: one envelope each, with its text, made before any clock starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/pack.hpp"
#include "protocols/types/ids.hpp"
#include "protocols/types/time.hpp"
#include "scenarios/kernel/world.hpp"

namespace zhili::bench {

/// Fills submissions one after the other. Each is of its own subject under its own key; of five, two name one of 6,000
/// institutions; an author has three; and each has a text of its own that the pack approves.
class diary_source {
 public:
  /// `pack` outlives this. `at`: the time that every diary claims.
  diary_source(const policy::pack& pack, instant at);
  ~diary_source();

  /// The next one; its views live until the next call.
  const scenarios::submission& next();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

class envelope_load {
 public:
  envelope_load(std::uint32_t count, const policy::pack& pack);

  std::uint32_t size() const { return static_cast<std::uint32_t>(at_.size() - 1); }
  /// 8-aligned.
  bytes_view envelope(std::uint32_t n) const;
  subject_id key(std::uint32_t n) const;
  /// Of the submission with this key. REQUIRES: it is one of these.
  static std::uint32_t number_of(subject_id key) { return static_cast<std::uint32_t>(key.lo - 1); }
  double bytes_mean() const;
  /// The time that every one of them claims.
  instant at() const { return claimed_; }
  double text_bytes_mean() const { return text_bytes_; }

 private:
  std::vector<std::uint64_t> words_;
  /// Where each envelope begins, in words, and the end.
  std::vector<std::uint64_t> at_;
  std::vector<std::uint32_t> bytes_;
  double text_bytes_ = 0;
  instant claimed_;
};

}  // namespace zhili::bench
