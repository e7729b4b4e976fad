// SPDX-License-Identifier: Apache-2.0
// What came of a run, in the form that people and programs read: JSON on one hand, a table in Chinese or English on
// the other. Caught never stands without missed, wrongful and the hours of harm on either side.
#pragma once

#include <optional>
#include <string>

#include "scenarios/simulate.hpp"

namespace zhili::scenarios {

enum class language : std::uint8_t { zh, en };

/// The five figures of a disclosure, each a sum over kinds.
struct disclosure_row {
  std::string_view key;
  text_pair title;
  kind_figures figures;
};

/// products, institutions, practitioners, reviews, contents.
std::vector<disclosure_row> disclosure(const figures& f);

/// The same, and after them contents and reviews together where they were published so.
std::vector<disclosure_row> disclosure(const scenario& s, const figures& f);

/// How far a volume that somebody estimated was met, and what the daily volume of `per_day` would have made of it.
struct volume_figures {
  double estimated = 0;
  std::uint64_t submitted = 0;
  double at_daily_volume = 0;
  /// Contents and reviews caught, at that volume.
  double contents_caught_at_daily_volume = 0;
};
/// nullopt: the scenario estimates none.
std::optional<volume_figures> volume_of(const scenario& s, const simulation_result& r);

/// Bytes of state by live subject: institutions, practitioners, listings and contents share all workflows' state.
double state_bytes_per_live_subject(const run_totals& t);

/// A finding as people know it: the rule's id, gate:name or person:reason.
std::string finding_name(std::uint32_t key, const policy::pack& pack);

/// One JSON document, pretty-printed. `how`: simulate or replay.
std::string summary_json(const scenario& s, const simulation_result& r, std::string_view how);

/// For a terminal of at least 100 columns.
std::string summary_text(const scenario& s, const simulation_result& r, language lang);

}  // namespace zhili::scenarios
