// SPDX-License-Identifier: Apache-2.0
// Two packs on the same input with the same random numbers, through the whole pipeline: what each says flows on into
// desk, takedown, appeals and the index, and whatever ends otherwise is the second pack's doing. One run after the other;
// of the first only outcomes and figures are kept.
#pragma once

#include "scenarios/compare/examples.hpp"
#include "scenarios/compare/measures.hpp"

namespace zhili::scenarios {


/// The two runs of one seed.
struct seed_comparison {
  std::uint64_t seed = 0;
  digest128 old_digest, now_digest;
  std::uint64_t submissions_old = 0, submissions_now = 0;
  std::vector<measure> old_measures, now_measures;
  scenarios::affected affected;
  /// How often each rule, check or reason stood behind a decision: by the name that people know it by.
  std::map<std::string, std::uint64_t> fired_old, fired_now;
  /// The same of newly stopped (now) and newly let through (old).
  std::map<std::string, std::uint64_t> stopped_by, let_through_by;
};

/// What became of those who take part beside the platform: whose acts are recorded, whose are modelled.
struct acts_count {
  /// As words.json of the page names it: decisions, claims, appeals, acknowledgements.
  std::string what;
  std::uint64_t recorded = 0;
  /// Of the recorded: with the second pack there was no use for them.
  std::uint64_t no_longer_fit = 0;
  /// Made up in the second run because nobody had done it.
  std::uint64_t modelled = 0;
};

struct left_out {
  /// bad_line, cut, no_text.
  std::string why;
  std::uint64_t count = 0;
};

/// How much of the input could be run again.
struct replayed_share {
  /// false: a scenario makes its input, so all of it is there.
  bool recorded = false;
  std::uint64_t submissions = 0;
  std::uint64_t replayed = 0;
  std::vector<left_out> left_out_by;
  std::vector<acts_count> acts;
};

struct comparison {
  /// The scenario; of a trace without one only name and times are known.
  scenarios::scenario scenario;
  /// BLAKE2b-256 of the scenario's or the trace's file.
  std::string input_digest;
  bool truth = false;
  std::shared_ptr<const policy::pack> old, now;
  replayed_share replayed;
  std::vector<seed_comparison> seeds;
  /// Of the first seed.
  std::vector<example> newly_stopped, newly_let_through;
  // What it cost; no part of the digest.
  unsigned lanes = 0;
  double wall_s = 0;
  std::uint64_t rss_max_bytes = 0;
};

struct compare_settings {
  std::shared_ptr<const policy::pack> old, now;
  /// At least one, each once.
  std::vector<std::uint64_t> seeds;
  unsigned lanes = 2;
  /// Share of the work that is done.
  std::function<void(double)> progress;
};

/// REQUIRES: both packs, one seed or more. `yaml`: the scenario's file as it was read.
result<comparison> compare_packs(const scenario& s, std::string_view yaml, const compare_settings& settings);

/// What of two finished runs goes into a comparison; examples come without their texts.
seed_comparison compared_runs(const simulation_result& old, const simulation_result& now, scenarios::affected found);

}  // namespace zhili::scenarios
