// SPDX-License-Identifier: Apache-2.0
// The encodings in which people save tables and word lists: UTF-8, with or without its mark, and GB18030, which is what
// Excel in Chinese saves.
#pragma once

#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::policy {

/// The text in UTF-8 without a mark. malformed: neither of the two; the detail says how to save the file.
result<std::string> as_utf8(std::string_view bytes);

}  // namespace zhili::policy
