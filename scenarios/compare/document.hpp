// SPDX-License-Identifier: Apache-2.0
// A comparison as programs read it, as a terminal shows it, and the digest by which a release names it: over packs, input,
// seeds and every result, and over nothing that depends on the machine.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenarios/compare/compare.hpp"
#include "scenarios/report/summary.hpp"

namespace zhili::scenarios {

/// What the page shows and the digest is taken over.
nlohmann::ordered_json comparison_data(const comparison& c);

/// BLAKE2b-256 of `comparison_data` without spaces, in hex.
std::string digest_of_comparison(const nlohmann::ordered_json& data);

/// The data, its digest and what the comparison cost.
nlohmann::ordered_json comparison_document(const comparison& c);
/// The same, pretty-printed.
std::string comparison_json(const comparison& c);

/// One HTML file that needs nothing else, in Chinese and English; the document is in it.
std::string comparison_html(const comparison& c);

/// For a terminal of at least 100 columns.
std::string comparison_text(const comparison& c, language lang);

}  // namespace zhili::scenarios
