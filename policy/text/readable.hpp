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
/// Replaces `out` by the characters in UTF-8.
void in_utf8(const std::vector<std::uint32_t>& characters, std::string& out);
std::string readable(const normalised_text& text);

}  // namespace zhili::policy
