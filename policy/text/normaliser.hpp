// SPDX-License-Identifier: Apache-2.0
// Brings the spellings of the same words together and keeps the way back to the original bytes. The tables are data:
// docs/adr/0009-text-in-disguise.md. Read-only once made: any number of threads use one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "policy/text/normalised_text.hpp"
#include "policy/text/technique.hpp"

namespace zhili::policy {

/// Digest of the committed tables (XXH3-64 over their lines): part of the program's behaviour version.
std::uint64_t text_tables_digest();

class normaliser {
 public:
  /// The one with these techniques; made at a thread's first use and kept.
  static std::shared_ptr<const normaliser> with(techniques on);

  explicit normaliser(techniques on);

  /// Replaces `out`. Each byte that belongs to no valid UTF-8 character becomes one U+FFFD. Normalising what was
  /// normalised changes nothing. REQUIRES: fewer than 2^31 bytes.
  void normalise(std::string_view utf8, normalised_text& out) const;

  techniques on() const { return on_; }

 private:
  struct reader;
  techniques on_;
  code_point_map map_;
};

}  // namespace zhili::policy
