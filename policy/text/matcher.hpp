// SPDX-License-Identifier: Apache-2.0
// The one multi-pattern pass over a folded text, by vectorscan: every occurrence of every term, placed in the
// original bytes. A matcher is read-only after compile; each thread brings its own scratch.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "policy/text/fold.hpp"
#include "protocols/types/result.hpp"

struct hs_database;
struct hs_scratch;

namespace zhili::policy {

/// A term as people wrote it; compile folds it. `id` and `category` are the caller's and come back in the
/// hits.
struct term {
  std::string text;
  std::uint16_t category = 0;
  std::uint32_t id = 0;
};

/// An occurrence: the whole original characters that fold to the term, in bytes of the original.
struct hit {
  std::uint32_t term = 0;
  std::uint16_t category = 0;
  std::uint32_t begin = 0;
  std::uint32_t length = 0;
  auto operator<=>(const hit&) const = default;
};

class matcher {
 public:
  /// Working memory of scan, one a thread; it grows by itself and serves any number of matchers in turn.
  class scratch {
   private:
    friend class matcher;
    struct free_scratch {
      void operator()(hs_scratch* memory) const;
    };
    std::unique_ptr<hs_scratch, free_scratch> memory_;
    /// What the memory was last fitted to; held, so that its address cannot come back as another database's.
    std::shared_ptr<hs_database> fitted_;
  };

  /// Matches nothing, as does one compiled from no terms.
  matcher() = default;

  /// malformed: a term that is empty or not UTF-8; too_large: a term longer than limits::string_bytes_max.
  /// The detail names the term. Equal terms are each reported.
  static result<matcher> compile(std::span<const term> terms);

  /// Replaces `out` with all occurrences, overlapping ones too, ordered by begin, then term, then length.
  /// Safe from several threads, each with its own scratch.
  void scan(const folded_text& text, scratch& memory, std::vector<hit>& out) const;

 private:
  struct pattern {
    std::uint32_t length;
    std::uint32_t id;
    std::uint16_t category;
  };
  std::shared_ptr<hs_database> database_;
  std::vector<pattern> patterns_;
};

}  // namespace zhili::policy
