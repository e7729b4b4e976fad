// SPDX-License-Identifier: Apache-2.0
// The page that shows the report's data, put together from page/ at build time: style, script, words and charts.
#pragma once

#include <string_view>

namespace zhili::scenarios {

/// UTF-8; `@data@` stands where the data goes.
std::string_view report_page();
/// The page of a comparison, the same.
std::string_view compare_page();

}  // namespace zhili::scenarios
