// SPDX-License-Identifier: Apache-2.0
// matches(): patterns in RE2's syntax, whose time is linear in text and pattern whatever they are.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::policy {

/// A compiled pattern, shared and read-only.
class pattern {
 public:
  /// malformed, with what RE2 says, in Chinese too; too_large beyond a kilobyte or what RE2 may hold.
  static result<std::shared_ptr<const pattern>> compile(std::string_view source);

  virtual ~pattern() = default;
  /// Is there a match anywhere in the text?
  virtual bool in(std::string_view text) const = 0;
};

}  // namespace zhili::policy
