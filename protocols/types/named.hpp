// SPDX-License-Identifier: Apache-2.0
// A number with a name, so that two numbers of different meaning cannot be mixed up.
#pragma once

#include <compare>

namespace zhili {

template <class Rep, class Tag>
struct named {
  Rep value{};

  constexpr named() = default;
  constexpr explicit named(Rep v) : value(v) {}
  constexpr auto operator<=>(const named&) const = default;
};

}  // namespace zhili
