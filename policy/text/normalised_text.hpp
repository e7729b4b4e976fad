// SPDX-License-Identifier: Apache-2.0
// A text as it is matched, and the way back to its original bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policy/text/code_point_map.hpp"

namespace zhili::policy {

/// A character of a normalised text.
struct text_unit {
  std::uint32_t character;
  /// Where it was written, in bytes of the original.
  std::uint32_t begin;
  std::uint32_t end;
  /// Bits of `trait`.
  std::uint32_t traits;

  bool is(std::uint32_t any_of) const { return (traits & any_of) != 0; }
  /// Another character in its place.
  void become(std::uint32_t other, std::uint32_t its_traits) {
    character = other;
    traits = (traits & (trait::gap | trait::changed)) | its_traits;
  }
};

/// Leaves new members as they are: every pass writes what it made room for.
template <class T>
struct uninitialised : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = uninitialised<U>;
  };
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    if constexpr (sizeof...(Args) == 0) {
      ::new (static_cast<void*>(at)) U;
    } else {
      std::construct_at(at, std::forward<Args>(args)...);
    }
  }
};

using text_units = std::vector<text_unit, uninitialised<text_unit>>;
using text_places = std::vector<std::uint32_t, uninitialised<std::uint32_t>>;

/// Reused across calls: once grown, nothing is allocated any more.
struct normalised_text {
  text_units units;
  /// The same characters as they are searched: scan_code.hpp.
  std::string codes;
  /// Size of the original.
  std::uint32_t original = 0;
  /// False: no unit is a letter.
  bool may_hold_letters = false;
  /// Room for the passes.
  text_units spare;
  text_places places;

  /// What units [first, last] were written as: begin and end in bytes of the original.
  std::pair<std::uint32_t, std::uint32_t> written(std::size_t first, std::size_t last) const;
  /// Always valid UTF-8.
  std::string utf8() const;
};

}  // namespace zhili::policy
