// SPDX-License-Identifier: Apache-2.0
// A normalised text for people: where a lone figure was surely a word, it is one again (1定 to 一定), so that equal texts read
// equal whichever way they were written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/text/normalised_text.hpp"

namespace zhili::policy {

/// Replaces `out` by its characters; allocates nothing once it has grown.
void readable(const normalised_text& text, std::vector<std::uint32_t>& out);
/// A character with the first and the last of the text's units that it was made of.
struct placed_character {
  std::uint32_t character;
  std::size_t first;
  std::size_t last;
};
/// The same characters for those who ask where they stand: allocates.
std::vector<placed_character> placed_characters(const normalised_text& text);
/// Replaces `out` by the characters in UTF-8.
void in_utf8(const std::vector<std::uint32_t>& characters, std::string& out);
std::string readable(const normalised_text& text);

}  // namespace zhili::policy
