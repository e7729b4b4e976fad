// SPDX-License-Identifier: Apache-2.0
// A scenario: what the world is made of, who works when, and which figures are published, assumed or fitted. Read from
// YAML; every unknown key is an error with place and suggestion.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "protocols/types/result.hpp"
#include "scenarios/world/truth.hpp"

namespace zhili::scenarios {

/// Where a figure comes from; it stands beside the figure wherever it is shown.
enum class figure_kind : std::uint8_t { published, assumed, fitted, result };
std::string_view name(figure_kind k);

/// How the shares behind a figure were come by that is held against a published one: made to agree with it, taken over from
/// another period, or set. Only `predicted` can be evidence.
enum class agreement : std::uint8_t { fitted, predicted, assumed };
std::string_view name(agreement a);

struct text_pair {
  std::string zh, en;
};

struct figure {
  double value = 0;
  figure_kind kind = figure_kind::assumed;
  /// In English, and in Chinese; the same text twice where the file has one.
  std::string reason;
  std::string reason_zh;
};

struct wrong_share {
  scenarios::wrong what{};
  /// Of a million of this kind, before the kind's fitted factor.
  std::uint32_t ppm = 0;
};

struct kind_model {
  figure per_day;
  /// Multiplies every share of `wrongs`, in millionths; fitted by `zhili calibrate`.
  std::uint32_t factor_ppm = 1'000'000;
  std::vector<wrong_share> wrongs;
  /// Lawful items that look unlawful.
  std::uint32_t lookalike_ppm = 0;
  /// Lawful pages that are changed into unlawful ones after approval, of a million.
  figure changes_ppm;
};

struct spread {
  duration median{0};
  duration p90{0};
};

struct reviewer_group {
  std::string queue;
  std::uint32_t count = 0;
  /// Hours of the day in China; `to` may lie after midnight (26 = 02:00).
  int from_hour = 9;
  int to_hour = 18;
  bool weekends = true;
  spread handling;
  /// Unlawful items that a reviewer passes, lawful ones that they stop.
  std::uint32_t misses_ppm = 0;
  std::uint32_t wrongs_ppm = 0;
  /// Hidden faults that a reviewer sees.
  std::uint32_t sees_hidden_ppm = 0;
};

struct reaction_model {
  /// Of those stopped for good reason: share that corrects, respells, appeals all the same.
  std::uint32_t correct_ppm = 0;
  std::uint32_t respell_ppm = 0;
  std::uint32_t appeal_guilty_ppm = 0;
  /// Of those stopped wrongly.
  std::uint32_t appeal_innocent_ppm = 0;
  std::uint32_t resubmit_innocent_ppm = 0;
  spread delay;
};

struct scenario {
  std::string name;
  text_pair title;
  instant begin;
  instant end;
  /// Before `begin` the population that is already there is admitted; nothing of it is counted.
  duration opening{0};
  std::uint64_t seed = 1;
  std::string pack;
  duration hop = std::chrono::seconds{60};

  figure institutions, practitioners, users;
  /// All submissions of the period, where somebody estimated them; 0: nobody did.
  figure volume;
  /// Contents and reviews come this many times as often as `per_day` says, in millionths: so that the volume agrees.
  std::uint32_t contents_times_ppm = 1'000'000;
  /// Index by subject_kind.
  std::array<kind_model, 16> kinds;
  std::array<std::uint32_t, 24> hours{};
  std::array<std::uint32_t, 7> weekdays{};
  std::array<std::uint32_t, violation_count> categories{};
  std::array<std::uint32_t, evasion_count> evasions{};

  /// Institutions whose listings and ads are wrong this many times as often as those of the others.
  std::uint32_t rogue_ppm = 0;
  std::uint32_t rogue_times = 1;

  std::vector<reviewer_group> reviewers;
  reaction_model reactions;
  spread acknowledge;
  duration registry_every{0};
  /// Lawful institutions that the snapshot lacks.
  std::uint32_t registry_missing_ppm = 0;
  /// Licences revoked or handed back, of a thousand institutions in a year; nobody tells the platform.
  figure revoked_per_1000_year;
  /// From there until a snapshot can show it: the authorities that revoke report late.
  spread revoked_until_reported;
  std::uint32_t renews_in_time_ppm = 0;
  /// Authors of one ring's text, reviews in one bought burst.
  std::uint32_t ring_size = 0;
  std::uint32_t burst_size = 0;

  /// What the platform once published, by figure name (products, institutions, practitioners, reviews, contents,
  /// contents_and_reviews, total).
  std::map<std::string, double> published;
  /// By the same names; `fitted` where a scenario says nothing.
  std::map<std::string, agreement> agreements;
  text_pair published_source;
  /// Where published figures contradict themselves.
  std::vector<text_pair> contradictions;

  kind_model& of(subject_kind k) { return kinds[static_cast<std::size_t>(k)]; }
  const kind_model& of(subject_kind k) const { return kinds[static_cast<std::size_t>(k)]; }
  /// Submissions of a kind in a day, before anybody reacts.
  double per_day(subject_kind k) const;

  /// malformed with every diagnostic, one a line.
  static result<scenario> load(const std::filesystem::path& file);
  static result<scenario> parse(std::string yaml, std::string_view name);
};

/// The kinds whose submissions the world model makes.
inline constexpr std::array<subject_kind, 7> submitted_kinds{
    subject_kind::institution, subject_kind::practitioner, subject_kind::product, subject_kind::diary,
    subject_kind::post,        subject_kind::ad,           subject_kind::review};

}  // namespace zhili::scenarios
