// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "scenarios/compare/document.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/report/page.hpp"

namespace zhili::scenarios {

std::string comparison_html(const comparison& c) { return page_with(compare_page(), comparison_document(c)); }

}  // namespace zhili::scenarios
