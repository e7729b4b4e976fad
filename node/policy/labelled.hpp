// SPDX-License-Identifier: Apache-2.0
// Labelled phrases: what `zhili policy measure` holds a pack against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/types/result.hpp"

namespace zhili::node {

/// What a label says of a phrase. `ok` is harmless, `talk` is ordinary talk of consumers, anything else names
/// what is illegal about it.
enum class truth : std::uint8_t { illegal, harmless, talk };

struct labelled_phrase {
  std::string label;
  std::string phrase;
  std::string source;
  std::uint32_t line = 0;

  truth kind() const { return label == "ok" ? truth::harmless : label == "talk" ? truth::talk : truth::illegal; }
};

inline constexpr std::size_t labelled_bytes_max = 64 * 1024 * 1024;

/// Reads label TAB phrase TAB source, one a line; a first line `label TAB phrase …` is a head, the source may be
/// left out, empty lines and lines that begin with `#` are passed over. Escapes as in `zhili policy judge`.
/// malformed names every bad line (up to 20) as file:line:column.
result<std::vector<labelled_phrase>> read_labelled(std::string_view text, std::string_view file);

}  // namespace zhili::node
