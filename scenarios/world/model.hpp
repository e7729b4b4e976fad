// SPDX-License-Identifier: Apache-2.0
// The world model: what each version of an item really is and what its owner submits, as functions of (scenario, seed,
// handle). Read-only once made; lanes share it.
#pragma once

#include <memory>

#include "actors/credentials/catalogue.hpp"
#include "protocols/schema/content_generated.h"
#include "scenarios/texts/phrasebook.hpp"
#include "scenarios/world/population.hpp"

namespace zhili::scenarios {

/// What a listing says.
struct listing_facts {
  std::uint32_t institution = 0;
  account_id owner;
  account_id practitioner;
  std::uint16_t item = 0;
  std::int64_t price_fen = 0;
  std::int64_t list_price_fen = 0;
  std::string approval_number;
};

/// What a diary, post, ad or review says beside its text.
struct content_facts {
  account_id owner;
  /// Institution that it names or advertises; none: absent.
  account_id institution;
  bool names_institution = false;
  /// How long before the content the order was verified; 0: no order.
  duration order_before{0};
  std::uint8_t stars = 0;
  bool minors_audience = false;
  wire::content::ad_placement placement{};
  wire::content::ad_audience audience{};
  std::string ad_certificate;
};

class model {
 public:
  model(scenario s, std::uint64_t seed);

  const scenario& about() const { return scenario_; }
  std::uint64_t seed() const { return seed_; }
  const population& people() const { return people_; }
  const arrival_curve& curve() const { return curve_; }

  /// Is this a handle that the world may have made? All else here REQUIRES it.
  bool knows(item_ref ref) const;
  truth truth_of(item_ref ref) const;
  /// What is wrong at a time: a licence ends or is revoked, a page is changed after it went live.
  bool unlawful_at(item_ref ref, const truth& t, instant when, instant live_since) const;
  /// When a credential version ends.
  instant valid_to(item_ref ref) const;
  /// When the papers of an institution or practitioner cease to hold, though they were lawful.
  instant lapses_at(item_ref ref) const;
  /// When the registry snapshot of this number is published.
  instant snapshot_at(std::uint32_t number) const;
  subject_id subject_of(item_ref ref) const;
  account_id owner_of(item_ref ref) const;

  void listing(item_ref ref, listing_facts& out) const;
  void content(item_ref ref, content_facts& out) const;
  /// The text of a product or content version. REQUIRES: a kind that has text.
  void text(item_ref ref, std::string& out) const;

  /// Submissions of a kind that a shard's accounts make in an hour, in millionths: the mean of a Poisson number.
  std::uint64_t rate(subject_kind kind, shard_no shard, std::int32_t china_day, int hour) const;

 private:
  truth draw_truth(item_ref ref) const;
  std::uint64_t propensity(std::uint32_t institution) const;
  bool declares_students(const truth& t, dice& d) const;
  const practitioner_profile& treated_by(std::uint32_t institution, dice& d) const;
  const credentials::item* wrong_item(wrong w, const institution_profile& at, std::uint32_t scopes, dice& d) const;
  bool possible(item_ref ref, wrong w) const;
  const credentials::item& lawful_item(const institution_profile& at, std::uint32_t scopes, dice& d) const;
  std::uint32_t institution_of(item_ref ref) const;
  account_id user_of(item_ref ref) const;
  std::uint64_t group_key(item_ref ref, wrong w) const;

  scenario scenario_;
  std::uint64_t seed_;
  population people_;
  arrival_curve curve_;
  /// Institutions of the first day, by shard: who may list and advertise.
  std::array<std::vector<std::uint32_t>, shard_count> listing_;
  /// Catalogue items by scopes (4 bits) and highest level.
  std::array<std::array<std::vector<std::uint16_t>, 5>, 16> items_;
};

}  // namespace zhili::scenarios
