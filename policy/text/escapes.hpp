// SPDX-License-Identifier: Apache-2.0
// HTML tags and entities, percent escapes and \u escapes that stand in a text for characters.
#pragma once

#include <cstdint>
#include <string_view>

namespace zhili::policy {

struct escape {
  /// What it stands for; 0: nothing at all (a tag inside of a line).
  std::uint32_t character = 0;
  /// Bytes that it takes; 0: no escape begins here.
  std::uint32_t length = 0;
};

/// REQUIRES: `text` begins with one of & % < and backslash. `goes_on`: a percent escape ended just before, so that one
/// of a single ASCII character counts too; alone it is more often a percentage.
escape escape_at(std::string_view text, bool goes_on);

}  // namespace zhili::policy
