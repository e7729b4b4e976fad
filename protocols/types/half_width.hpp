// SPDX-License-Identifier: Apache-2.0
// What a Chinese input method writes wide, written as programs read it: １２元 is 12元, （ is (.
#pragma once

#include <string>
#include <string_view>

namespace zhili {

/// U+FF01 to U+FF5E and the wide blank become ASCII, all else stays.
std::string half_width(std::string_view utf8);

}  // namespace zhili
