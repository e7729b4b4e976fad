// SPDX-License-Identifier: Apache-2.0
#include "scenarios/report/html.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/report/data.hpp"
#include "scenarios/report/page.hpp"

namespace zhili::scenarios {
namespace {

// Inside a script element nothing may look like the end of it or the start of a comment: `</`, `<!--`.
std::string without_markup(std::string json) {
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

tl::unexpected<error> cannot_write(const std::filesystem::path& file) {
  return fail(errc::io, fmt::format("{}: the report cannot be written: {}", file.string(), std::strerror(errno)));
}

}  // namespace

std::string page_with(std::string_view page, const nlohmann::ordered_json& data) {
  constexpr std::string_view place = "@data@";
  const std::size_t at = page.find(place);
  ZHILI_ASSERT(at != std::string_view::npos, "the page has a place for the data");
  std::string html(page.substr(0, at));
  html += without_markup(data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  html += page.substr(at + place.size());
  return html;
}

std::string report_html(const scenario& s, const simulation_result& r) { return page_with(report_page(), report_data(s, r)); }

status may_write(const std::filesystem::path& file) {
  std::error_code ignored;
  const bool was_there = std::filesystem::exists(file, ignored);
  errno = 0;
  if (!std::ofstream(file, std::ios::app)) return cannot_write(file);
  if (!was_there) std::filesystem::remove(file, ignored);
  return {};
}

status write_page(const std::filesystem::path& file, const std::string& html) {
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(html.data(), static_cast<std::streamsize>(html.size()));
  out.close();
  if (!out) return cannot_write(file);
  return {};
}

status write_report(const std::filesystem::path& file, const scenario& s, const simulation_result& r) {
  return write_page(file, report_html(s, r));
}

}  // namespace zhili::scenarios
