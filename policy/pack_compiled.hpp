// SPDX-License-Identifier: Apache-2.0
// What a pack is once loaded: known to the loader, to `judge` and to the runner of rule tests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policy/expression/program.hpp"
#include "policy/pack.hpp"
#include "policy/rule_index.hpp"
#include "policy/vocabulary.hpp"

namespace zhili::policy {

/// A rule as judged at one stage. Rules of a stage lie together in the order of the pack.
struct staged_rule {
  program when;
  std::uint16_t rule = 0;
  policy::mode mode = mode::off;
  std::uint8_t canary_percent = 0;
  std::uint8_t severity = 0;
  std::uint8_t queue_priority = 0;
  zhili::verdict verdict = zhili::verdict::approve;
  std::int32_t points = 0;
  /// Not 0: the number of a table of which only the first row that fires counts. Its rows lie together.
  std::uint16_t first_of = 0;
  /// Days on which some provision of its basis is in force: intervals [first, first + count) of the pack.
  std::uint32_t interval_first = 0;
  std::uint32_t interval_count = 0;
};

/// A counter, ready to run. Those of a workflow lie together.
struct compiled_counter {
  std::uint64_t id = 0;
  std::string name;
  /// What it counts, for comparisons of packs.
  std::string said;
  counting what = counting::count;
  counted_by by = counted_by::account;
  std::uint16_t slot = 0;
  /// Of a bucket, in ms.
  std::uint32_t width = 0;
  /// Numbers of the stages whose submissions it counts.
  std::vector<std::uint16_t> stages;
  bool counts_all = true;
  program when;
  program of;
};

struct stage_plan {
  std::uint16_t stage = 0;
  /// Some rule counts hits here: the text is read.
  bool reads_text = false;
  bool has_canary = false;
  /// Some rule asks a scorecard here.
  bool scores = false;
  /// Bit n: some rule counts hits of category n here.
  std::uint64_t categories = 0;
  /// The terms of those categories alone: most texts are diaries and reviews, and few rules read them.
  std::shared_ptr<const matcher> terms;
  std::vector<staged_rule> rules;
  /// Where a case has all of these facts, `informed` judges it: the same rules, without what these facts decide and without the
  /// terms that only that would count. Null: no rule asks has() of a fact that would spare any.
  std::uint64_t given = 0;
  std::unique_ptr<stage_plan> informed;
  /// Of the stage's workflow, in compiled::counters.
  std::uint32_t counter_first = 0;
  std::uint32_t counter_count = 0;
  rule_index index;
  /// What the index is built from; empty afterwards.
  std::vector<rule_index::row> rows;
};

struct day_interval {
  std::int32_t from = 0;
  std::int32_t to = 0;
};

enum class expectation : std::uint8_t { fires, silent, error };
inline constexpr std::string_view expectation_names[] = {"fires", "silent", "error"};

/// A line under a rule's `tests:`.
struct rule_test {
  std::string name;
  std::uint16_t rule = 0;
  std::uint16_t stage = 0;
  std::vector<std::pair<std::uint16_t, std::int64_t>> numbers;
  std::vector<std::pair<std::uint16_t, std::string>> texts;
  std::string text;
  std::int32_t china_day = 0;
  expectation expect = expectation::fires;
  std::uint32_t line = 0;
};

/// What a rule's file says that no judgement needs: for explanations and comparisons of packs.
struct written_rule {
  std::string when;
  /// Name and expression.
  std::vector<std::pair<std::string, std::string>> lets;
  /// Numbers of the stages that it is judged at, ascending.
  std::vector<std::uint16_t> stages;
  /// What the person concerned can put right; empty: the rule does not say.
  bilingual correct;
};

struct pack::compiled {
  std::string name;
  std::uint32_t version = 0;
  digest256 digest;
  std::vector<rule_info> rules;
  /// Of each rule.
  std::vector<written_rule> rule_texts;
  std::vector<lexicon_category> categories;
  std::vector<std::int64_t> settings;
  /// Sorted by stage.
  std::vector<stage_plan> plans;
  std::vector<day_interval> intervals;
  vocabulary names;
  std::vector<compiled_counter> counters;
  std::vector<scorecard> scorecards;
  /// Of each; into `scorecards`.
  std::vector<std::string_view> scorecard_names;
  code_pool pool;
  /// What texts are normalised by.
  std::shared_ptr<const normaliser> words = normaliser::with(techniques::all());
  techniques text = techniques::all();
  std::vector<rule_test> tests;

  const stage_plan* plan(std::uint16_t stage) const {
    for (const stage_plan& p : plans) {
      if (p.stage == stage) return &p;
    }
    return nullptr;
  }

  bool in_force(const staged_rule& r, std::int32_t china_day) const {
    for (std::uint32_t i = 0; i < r.interval_count; ++i) {
      const day_interval& d = intervals[r.interval_first + i];
      if (d.from <= china_day && china_day <= d.to) return true;
    }
    return false;
  }
};

/// Hits by category, and where the first of each stands. Terms that overlap are one hit.
struct tally {
  /// Bit n: category n has hits.
  std::uint64_t mask = 0;
  std::uint32_t count[categories_max] = {};
  /// Only of the categories in `mask`.
  std::uint32_t begin[categories_max];
  std::uint32_t end[categories_max];
  std::uint32_t last_end[categories_max];

  void add(const hit& h);
};

}  // namespace zhili::policy
