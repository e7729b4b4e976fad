// SPDX-License-Identifier: Apache-2.0
#include "node/ids_text.hpp"

#include <charconv>

namespace zhili::node {

std::optional<subject_id> parse_subject_id(std::string_view text) {
  constexpr std::size_t digits = 30;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != colon + 1 + digits) return std::nullopt;
  const std::string_view numbers = text.substr(colon + 1);
  subject_id v;
  const auto read = [](std::string_view part, std::uint64_t& into) {
    const auto r = std::from_chars(part.data(), part.data() + part.size(), into, 16);
    return r.ec == std::errc{} && r.ptr == part.data() + part.size();
  };
  if (!read(numbers.substr(0, 14), v.hi) || !read(numbers.substr(14), v.lo)) return std::nullopt;
  for (const subject_kind kind : wire::EnumValuessubject_kind()) {
    if (text.substr(0, colon) != wire::EnumNamesubject_kind(kind)) continue;
    v.hi |= static_cast<std::uint64_t>(kind) << 56;
    return v;
  }
  return std::nullopt;
}

}  // namespace zhili::node
