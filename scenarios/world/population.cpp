// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/population.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "actors/credentials/catalogue.hpp"
#include "actors/credentials/make.hpp"
#include "protocols/schema/onboarding_generated.h"

namespace zhili::scenarios {
namespace {

using credentials::category;
using wire::onboarding::department;
using wire::onboarding::scope;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::uint32_t regions[] = {110105, 310104, 440106, 510104, 330106, 320102, 370202, 420106, 500103, 440305};

// Nearly all medical-aesthetics providers are outpatient departments and clinics.
struct category_share {
  category kind;
  std::uint32_t weight;
};
constexpr category_share categories[] = {
    {category::aesthetic_outpatient, 52}, {category::aesthetic_clinic, 34},         {category::aesthetic_hospital, 7},
    {category::dental_outpatient, 4},     {category::plastic_surgery_hospital, 1}, {category::general_hospital, 2},
};

std::uint32_t bit(department d) { return static_cast<std::uint32_t>(d); }
std::uint32_t bit(scope s) { return static_cast<std::uint32_t>(s); }

std::uint32_t departments_for_scopes(std::uint32_t scopes) {
  std::uint32_t out = 0;
  if (scopes & bit(scope::surgery)) out |= bit(department::aesthetic_surgery);
  if (scopes & bit(scope::dentistry)) out |= bit(department::aesthetic_dentistry);
  if (scopes & bit(scope::dermatology)) out |= bit(department::aesthetic_dermatology);
  if (scopes & bit(scope::tcm)) out |= bit(department::aesthetic_tcm);
  return out;
}

/// Licences end at an even rate from the first day on.
void revoke(const scenario& s, dice& d, institution_profile& p) {
  constexpr double year_ms = 365.0 * day_ms;
  if (s.revoked_per_1000_year.value <= 0) return;
  const std::int64_t after = d.exponential(static_cast<std::int64_t>(year_ms * 1000 / s.revoked_per_1000_year.value));
  const spread& late = s.revoked_until_reported;
  const std::int64_t reported = after + d.lognormal(late.median.count(), late.p90.count());
  if (after >= (s.end - s.begin).count()) return;
  p.revoked_at = s.begin.ms + after;
  const std::int64_t every = s.registry_every.count();
  if (every > 0 && reported < (s.end - s.begin).count()) {
    p.revoked_in = static_cast<std::uint16_t>((reported + every - 1) / every);
  }
}

}  // namespace

wrong draw_wrong(const kind_model& model, dice& d, std::uint64_t times) {
  std::uint64_t at = d.below(1'000'000) * 1'000'000;
  for (const wrong_share& share : model.wrongs) {
    const std::uint64_t width = std::uint64_t{share.ppm} * model.factor_ppm / 1'000'000 * times;
    if (at < width) return share.what;
    at -= width;
  }
  return wrong::none;
}

arrival_curve::arrival_curve(const scenario& s) {
  std::uint64_t sum = 0;
  for (const std::uint32_t day : s.weekdays) {
    for (const std::uint32_t hour : s.hours) sum += std::uint64_t{day} * hour;
  }
  if (sum == 0) sum = 1;
  for (std::size_t d = 0; d < 7; ++d) {
    for (std::size_t h = 0; h < 24; ++h) {
      weights_[d][h] = static_cast<std::uint32_t>(std::uint64_t{s.weekdays[d]} * s.hours[h] * 168 * 1'000'000 / sum);
    }
  }
}

instant arrival_curve::draw(dice& d, instant begin, instant end) const {
  // Rejection: the highest hour of a week bounds the curve.
  std::uint32_t top = 1;
  for (const auto& day : weights_) top = std::max(top, *std::max_element(day.begin(), day.end()));
  for (int tries = 0; tries < 64; ++tries) {
    const instant t{d.between(begin.ms, end.ms - 1)};
    if (d.below(top) < weight(china_day(t), china_hour(t))) return t;
  }
  return {d.between(begin.ms, end.ms - 1)};
}

population::population(const scenario& s, std::uint64_t seed) {
  make_institutions(s, seed);
  make_practitioners(s, seed);
  make_users(s);
}

void population::make_institutions(const scenario& s, std::uint64_t seed) {
  const auto& model = s.of(subject_kind::institution);
  established_ = static_cast<std::uint32_t>(s.institutions.value);
  const double days = static_cast<double>((s.end - s.begin).count()) / static_cast<double>(day_ms);
  dice arrivals(seed, 1, purpose::population);
  const auto fresh =
      static_cast<std::uint32_t>(arrivals.poisson(static_cast<std::uint64_t>(model.per_day.value * days * 1e6)));
  const arrival_curve curve(s);
  std::uint32_t weights[std::size(categories)];
  std::transform(std::begin(categories), std::end(categories), weights, [](const auto& c) { return c.weight; });

  institutions_.resize(established_ + fresh);
  for (std::uint32_t n = 0; n < institutions_.size(); ++n) {
    institution_profile& p = institutions_[n];
    dice d(seed, n, purpose::subject, 1);
    p.account = make_subject_id("", subject_kind::institution, fmt::format("i-{:06}", n));
    p.shard = shard_of(p.account);
    p.category = categories[d.pick(weights)].kind;
    p.grade = p.category == category::plastic_surgery_hospital ? std::uint8_t{3}
              : p.category == category::general_hospital      ? static_cast<std::uint8_t>(d.between(2, 3))
                                                              : std::uint8_t{0};
    p.region = regions[d.below(std::size(regions))];
    // A licence of an aesthetic provider runs five years; it may end during the run.
    p.licence_from = s.begin.ms - s.opening.count() - d.between(30, 5 * 365) * day_ms;
    p.licence_to = p.licence_from + 5 * 365 * day_ms;
    if (d.chance_ppm(400'000)) p.departments |= bit(department::anaesthesia);
    if (p.category == category::general_hospital) p.departments |= bit(department::plastic_surgery);
    p.missing_in_registry = d.chance_ppm(s.registry_missing_ppm);
    p.rogue = d.chance_ppm(s.rogue_ppm);
    if (n >= established_) {
      dice t(seed, n, purpose::truth, 1);
      p.wrong = draw_wrong(model, t);
      p.applies_at = curve.draw(d, s.begin, s.end).ms;
      if (p.wrong == wrong::lapsed_licence) p.licence_to = p.applies_at - d.between(1, 400) * day_ms;
      else if (p.licence_to < p.applies_at + 30 * day_ms) p.licence_to += 5 * 365 * day_ms;
      if (p.wrong == wrong::lapsed_licence) p.licence_from = p.licence_to - 5 * 365 * day_ms;
    } else {
      revoke(s, d, p);
    }
    institutions_by_shard_[p.shard].push_back(n);
  }
}

void population::make_practitioners(const scenario& s, std::uint64_t seed) {
  const auto& model = s.of(subject_kind::practitioner);
  const auto established = static_cast<std::uint32_t>(s.practitioners.value);
  const double days = static_cast<double>((s.end - s.begin).count()) / static_cast<double>(day_ms);
  dice arrivals(seed, 2, purpose::population);
  const auto fresh =
      static_cast<std::uint32_t>(arrivals.poisson(static_cast<std::uint64_t>(model.per_day.value * days * 1e6)));
  const arrival_curve curve(s);
  practitioners_.resize(established + fresh);
  std::vector<std::uint32_t> per_institution(institutions_.size() + 1);
  for (std::uint32_t n = 0; n < practitioners_.size(); ++n) {
    practitioner_profile& p = practitioners_[n];
    dice d(seed, n, purpose::practitioner, 1);
    p.account = make_subject_id("", subject_kind::practitioner, fmt::format("p-{:06}", n));
    p.shard = shard_of(p.account);
    // Everybody has one employer of the first day; each institution has at least one practitioner.
    p.employer = n < established_ ? n : static_cast<std::uint32_t>(d.below(established_));
    constexpr std::uint32_t scope_weights[] = {46, 14, 34, 6};
    p.scopes = 1u << d.pick(scope_weights);
    if (d.chance_ppm(250'000)) p.scopes |= bit(scope::surgery) | bit(scope::dermatology);
    p.lead = d.chance_ppm(450'000);
    p.from = s.begin.ms - s.opening.count() - d.between(60, 4 * 365) * day_ms;
    p.to = s.end.ms + d.between(-20, 3 * 365) * day_ms;
    if (n >= established) {
      dice t(seed, n, purpose::truth, 2);
      p.wrong = draw_wrong(model, t);
      p.applies_at = curve.draw(d, s.begin, s.end).ms;
      p.to = p.wrong == wrong::registration_lapsed ? p.applies_at - d.between(1, 300) * day_ms
                                                   : std::max(p.to, p.applies_at + 60 * day_ms);
      p.from = std::min(p.from, p.to - 365 * day_ms);
    } else {
      ++per_institution[p.employer];
      institutions_[p.employer].departments |= departments_for_scopes(p.scopes);
    }
    practitioners_by_shard_[p.shard].push_back(n);
  }
  // Staff lists: those of the first day, by employer.
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < institutions_.size(); ++i) {
    institutions_[i].first_staff = at;
    institutions_[i].staff = static_cast<std::uint16_t>(per_institution[i]);
    at += per_institution[i];
  }
  staff_.resize(at);
  std::vector<std::uint32_t> next(institutions_.size());
  for (std::uint32_t n = 0; n < established; ++n) {
    const std::uint32_t e = practitioners_[n].employer;
    staff_[institutions_[e].first_staff + next[e]++] = n;
  }
  for (auto& p : institutions_) {
    if (p.staff == 0) p.departments |= bit(department::aesthetic_dermatology);
    p.level_max = credentials::surgery_level_max(p.category, p.grade, p.departments);
  }
}

void population::make_users(const scenario& s) {
  users_ = static_cast<std::size_t>(s.users.value);
  for (std::size_t n = 0; n < users_; ++n) {
    const account_id a = make_subject_id("", subject_kind::user, fmt::format("u-{:07}", n));
    users_by_shard_[shard_of(a)].push_back(a);
  }
}

std::span<const std::uint32_t> population::staff_of(std::uint64_t n) const {
  const institution_profile& p = institutions_[n];
  return std::span{staff_}.subspan(p.first_staff, p.staff);
}

std::string population::licence_number(const institution_profile& p, std::uint64_t n) {
  // A forged licence is another holder's number.
  const auto serial = static_cast<std::uint32_t>(p.wrong == wrong::forged_licence ? n + 500'000 : n);
  return credentials::make_licence(serial, p.region, p.category);
}

std::string population::uscc(const institution_profile& p, std::uint64_t n) {
  std::string code = credentials::make_uscc(static_cast<std::uint32_t>(n), p.region);
  if (p.wrong == wrong::bad_code) code[10] = code[10] == '7' ? '8' : '7';
  return code;
}

}  // namespace zhili::scenarios
