// SPDX-License-Identifier: Apache-2.0
// Files as Chinese offices save them: UTF-8 with or without a byte order mark, or GB18030.
#pragma once

#include <string>
#include <string_view>

#include "protocols/types/result.hpp"

namespace zhili::policy {

/// The text in UTF-8 without a mark. malformed: neither.
result<std::string> as_utf8(std::string_view bytes);

}  // namespace zhili::policy
