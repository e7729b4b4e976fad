// SPDX-License-Identifier: Apache-2.0
// The report for people: one HTML file that needs nothing else, in Chinese and English, with pictures whose numbers can
// all be read as tables.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "scenarios/simulate.hpp"

namespace zhili::scenarios {

/// A page of page.hpp with its data in it, in a way that no text among them can break.
std::string page_with(std::string_view page, const nlohmann::ordered_json& data);

/// UTF-8. It asks no network for anything and forbids itself to.
std::string report_html(const scenario& s, const simulation_result& r);

/// Can a report be written there? errc::io with what is in the way. To be asked before a long run.
status may_write(const std::filesystem::path& file);

/// errc::io where the file cannot be written whole.
status write_page(const std::filesystem::path& file, const std::string& html);
status write_report(const std::filesystem::path& file, const scenario& s, const simulation_result& r);

}  // namespace zhili::scenarios
