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

/// Acts of people and of the platform in a recording: what was recorded, and in either run what of it there was no use for
/// and what had to be made up because nobody had done it.
struct acts_count {
  /// decisions, claims, appeals, acknowledgements.
  std::string what;
  std::uint64_t recorded = 0;
  std::uint64_t unfit_old = 0, unfit_now = 0;
  std::uint64_t modelled_old = 0, modelled_now = 0;
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
  /// Seed of the world whose truth the examples are shown with.
  std::uint64_t world_seed = 0;
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

/// The same on a recording. `truth`: the scenario that it was recorded from; nullptr: nobody knows what is true. The seeds
/// are those of the modelled people. not_found and malformed as from `replay`.
result<comparison> compare_trace(const std::filesystem::path& trace, const scenario* truth, const compare_settings& settings);

/// Texts of the examples from the world model, as far as it knows them.
void write_texts(std::vector<example>& examples, const model& world);

/// What of two finished runs goes into a comparison; examples come without their texts.
seed_comparison compared_runs(const simulation_result& old, const simulation_result& now, scenarios::affected found);

}  // namespace zhili::scenarios
