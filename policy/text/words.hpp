// SPDX-License-Identifier: Apache-2.0
// Which characters stand side by side in ordinary words: what keeps a disguise apart from plain speech.
#pragma once

#include <cstdint>

namespace zhili::policy {

bool stand_together(std::uint32_t first, std::uint32_t second);
/// A character that is a common word by itself: 重, 好, 在.
bool stands_alone(std::uint32_t character);

}  // namespace zhili::policy
