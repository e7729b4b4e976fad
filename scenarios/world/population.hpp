// SPDX-License-Identifier: Apache-2.0
// Who there is: institutions with their staff, practitioners, users, and where their accounts live. Made once from the
// scenario and the seed, then read-only: any lane may look at anybody.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "actors/credentials/licence.hpp"
#include "scenarios/random.hpp"
#include "scenarios/world/scenario.hpp"

namespace zhili::scenarios {

struct institution_profile {
  account_id account;
  std::int64_t licence_from = 0;
  std::int64_t licence_to = 0;
  std::uint32_t departments = 0;
  std::uint32_t region = 0;
  std::uint32_t first_staff = 0;
  std::uint16_t staff = 0;
  credentials::category category{};
  std::uint8_t grade = 0;
  std::uint8_t level_max = 0;
  shard_no shard = 0;
  scenarios::wrong wrong{};
  /// Lawful, and the snapshot lacks it all the same.
  bool missing_in_registry = false;
  /// Its listings and ads are wrong more often than others'.
  bool rogue = false;
  /// When its licence is revoked or handed back, 0: never; and the first snapshot that says so, 0: none does.
  std::int64_t revoked_at = 0;
  std::uint16_t revoked_in = 0;
  /// When it applies during the run; 0: it was there before.
  std::int64_t applies_at = 0;
};

struct practitioner_profile {
  account_id account;
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::uint32_t employer = 0;
  std::uint32_t scopes = 0;
  shard_no shard = 0;
  bool lead = false;
  scenarios::wrong wrong{};
  std::int64_t applies_at = 0;
};

class population {
 public:
  population(const scenario& s, std::uint64_t seed);

  const institution_profile& institution(std::uint64_t n) const { return institutions_[n]; }
  const practitioner_profile& practitioner(std::uint64_t n) const { return practitioners_[n]; }
  std::size_t institutions() const { return institutions_.size(); }
  std::size_t practitioners() const { return practitioners_.size(); }
  std::size_t users() const { return users_; }

  /// By shard: who was there from the beginning and may list, work or post.
  const std::vector<std::uint32_t>& institutions_of(shard_no s) const { return institutions_by_shard_[s]; }
  const std::vector<std::uint32_t>& practitioners_of(shard_no s) const { return practitioners_by_shard_[s]; }
  const std::vector<account_id>& users_of(shard_no s) const { return users_by_shard_[s]; }
  /// Practitioners registered at an institution, as numbers.
  std::span<const std::uint32_t> staff_of(std::uint64_t institution) const;
  /// Institutions that were there from the beginning.
  std::uint32_t established() const { return established_; }

  static std::string licence_number(const institution_profile& p, std::uint64_t n);
  static std::string uscc(const institution_profile& p, std::uint64_t n);

 private:
  void make_institutions(const scenario& s, std::uint64_t seed);
  void make_practitioners(const scenario& s, std::uint64_t seed);
  void make_users(const scenario& s);

  std::vector<institution_profile> institutions_;
  std::vector<practitioner_profile> practitioners_;
  std::vector<std::uint32_t> staff_;
  std::array<std::vector<std::uint32_t>, shard_count> institutions_by_shard_;
  std::array<std::vector<std::uint32_t>, shard_count> practitioners_by_shard_;
  std::array<std::vector<account_id>, shard_count> users_by_shard_;
  std::size_t users_ = 0;
  std::uint32_t established_ = 0;
};

/// Draws what is wrong with an item of a kind; the same for the same dice. `times`: how much more often than the shares
/// say, in millionths.
wrong draw_wrong(const kind_model& model, dice& d, std::uint64_t times = 1'000'000);

/// Times of arrivals follow the scenario's hours and weekdays.
class arrival_curve {
 public:
  explicit arrival_curve(const scenario& s);
  /// Weight of an hour; the mean over a week is 1 million.
  std::uint32_t weight(std::int32_t china_day, int hour) const { return weights_[day_of_week(china_day)][hour_of(hour)]; }
  /// A time in [begin, end) by the curve.
  instant draw(dice& d, instant begin, instant end) const;

 private:
  static std::size_t day_of_week(std::int32_t china_day) { return static_cast<std::size_t>((china_day + 3) % 7); }
  static std::size_t hour_of(int hour) { return static_cast<std::size_t>(hour); }
  std::array<std::array<std::uint32_t, 24>, 7> weights_{};
};

}  // namespace zhili::scenarios
