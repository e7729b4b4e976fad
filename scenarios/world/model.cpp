// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/model.hpp"

#include <algorithm>
#include <charconv>

#include "actors/credentials/make.hpp"

namespace zhili::scenarios {
namespace {

using credentials::item;
using credentials::product_need;

/// External ids: the kind's letter, shard and ordinal. Written by hand: three million of them are made in a run.
std::string_view external_id(item_ref ref, std::array<char, 32>& buffer) {
  static constexpr char letters[] = "?ipldoarusqtmav";
  char* at = buffer.data();
  *at++ = letters[static_cast<std::size_t>(ref.kind)];
  *at++ = '-';
  at = std::to_chars(at, buffer.data() + buffer.size(), ref.shard).ptr;
  *at++ = '-';
  at = std::to_chars(at, buffer.data() + buffer.size(), ref.ordinal).ptr;
  return {buffer.data(), static_cast<std::size_t>(at - buffer.data())};
}

/// Is it the item that makes such a listing wrong?
bool lies_in_item(wrong w) {
  return w == wrong::above_level || w == wrong::department_missing || w == wrong::out_of_scope || w == wrong::approval_wrong;
}

struct half_year {
  unsigned year;
  /// 1 or 7.
  unsigned first_month;
};

/// The one that had ended when the scenario began: certificates shown in it are of that time.
half_year half_year_before(instant begin) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{china_day(begin)}}};
  const auto year = static_cast<unsigned>(static_cast<int>(day.year()));
  return static_cast<unsigned>(day.month()) > 6 ? half_year{year, 1} : half_year{year - 1, 7};
}

bool is_review(item_ref ref) { return ref.kind == subject_kind::review; }

}  // namespace

model::model(scenario s, std::uint64_t seed)
    : scenario_(std::move(s)), seed_(seed), people_(scenario_, seed), curve_(scenario_) {
  for (shard_no n = 0; n < shard_count; ++n) {
    for (const std::uint32_t i : people_.institutions_of(n)) {
      if (i < people_.established()) listing_[n].push_back(i);
    }
  }
  for (const item& i : credentials::all()) {
    for (std::uint32_t scopes = 0; scopes < 16; ++scopes) {
      if ((credentials::scopes_for(i.subject) & scopes) == 0) continue;
      for (std::size_t level = i.level; level < 5; ++level) items_[scopes][level].push_back(i.number);
    }
  }
}

std::uint64_t model::rate(subject_kind kind, shard_no shard, std::int32_t day, int hour) const {
  double share = 0;
  if (kind == subject_kind::product || kind == subject_kind::ad) {
    share = static_cast<double>(listing_[shard].size()) / std::max(1u, people_.established());
  } else {
    share = static_cast<double>(people_.users_of(shard).size()) / static_cast<double>(std::max<std::size_t>(1, people_.users()));
  }
  return static_cast<std::uint64_t>(scenario_.per_day(kind) / 24 * share * curve_.weight(day, hour));
}

// ---- truth ----

truth model::truth_of(item_ref ref) const {
  truth t = draw_truth(ref.as(variant::original));
  dice d(seed_, ref.item(), purpose::evasion, static_cast<std::uint32_t>(ref.variant));
  switch (ref.variant) {
    case variant::original: break;
    case variant::corrected:
    case variant::renewed:
      t.wrong = wrong::none;
      t.violation = violation::none;
      t.evasion = evasion::none;
      t.lookalike = false;
      break;
    case variant::respelled: {
      // Spelled another way, by one of the ways that hide something; what is no text stays as it was.
      auto weights = scenario_.evasions;
      weights[0] = 0;
      if (t.wrong == wrong::text) t.evasion = static_cast<evasion>(d.pick(weights));
      break;
    }
    case variant::changed:
      t.wrong = wrong::text;
      t.violation = static_cast<violation>(d.pick(scenario_.categories));
      break;
  }
  return t;
}

/// In millionths; the mean over all institutions is 1 million, so that the shares hold.
std::uint64_t model::propensity(std::uint32_t institution) const {
  const std::uint64_t mean = 1'000'000 + std::uint64_t{scenario_.rogue_ppm} * (scenario_.rogue_times - 1);
  const std::uint64_t times = people_.institution(institution).rogue ? scenario_.rogue_times : 1;
  return 1'000'000'000'000 * times / mean;
}

bool model::knows(item_ref ref) const {
  if (ref.shard >= shard_count || ref.variant > variant::renewed) return false;
  switch (ref.kind) {
    case subject_kind::institution: return ref.ordinal < people_.institutions();
    case subject_kind::practitioner: return ref.ordinal < people_.practitioners();
    case subject_kind::product:
    case subject_kind::ad: return !listing_[ref.shard].empty();
    case subject_kind::diary:
    case subject_kind::post:
    case subject_kind::review: return !people_.users_of(ref.shard).empty();
    default: return false;
  }
}

truth model::draw_truth(item_ref ref) const {
  truth t;
  if (ref.kind == subject_kind::institution || ref.kind == subject_kind::practitioner) {
    t.wrong = ref.kind == subject_kind::institution ? people_.institution(ref.ordinal).wrong
                                                    : people_.practitioner(ref.ordinal).wrong;
    return t;
  }
  const kind_model& k = scenario_.of(ref.kind);
  dice d(seed_, ref.item(), purpose::truth);
  const bool listed = ref.kind == subject_kind::product || ref.kind == subject_kind::ad;
  t.wrong = draw_wrong(k, d, listed ? propensity(institution_of(ref)) : 1'000'000);
  const std::size_t category = d.pick(scenario_.categories);
  const std::size_t spelling = d.pick(scenario_.evasions);
  const bool lookalike = d.chance_ppm(k.lookalike_ppm);
  const bool changes = d.chance_ppm(static_cast<std::uint32_t>(k.changes_ppm.value));
  const std::int64_t after = d.exponential(10LL * 86'400'000);
  if (t.wrong == wrong::text) {
    t.violation = static_cast<violation>(category);
    t.evasion = static_cast<evasion>(spelling);
  } else if (ref.kind == subject_kind::product && !possible(ref, t.wrong)) {
    t.wrong = wrong::none;
  }
  if (t.wrong == wrong::none) {
    t.lookalike = lookalike;
    if (changes) t.changes_after = duration{after + 1};
  }
  return t;
}

instant model::valid_to(item_ref ref) const {
  constexpr std::int64_t year_ms = 365LL * 86'400'000;
  const bool renewed = ref.variant == variant::renewed || ref.variant == variant::corrected;
  if (ref.kind == subject_kind::institution) {
    return {people_.institution(ref.ordinal).licence_to + (renewed ? 5 * year_ms : 0)};
  }
  return {people_.practitioner(ref.ordinal).to + (renewed ? 3 * year_ms : 0)};
}

instant model::lapses_at(item_ref ref) const {
  const std::int64_t revoked =
      ref.kind == subject_kind::institution ? people_.institution(ref.ordinal).revoked_at : 0;
  return revoked != 0 ? std::min(instant{revoked}, valid_to(ref)) : valid_to(ref);
}

instant model::snapshot_at(std::uint32_t number) const {
  return scenario_.begin + duration{scenario_.registry_every.count() * number};
}

bool model::unlawful_at(item_ref ref, const truth& t, instant when, instant live_since) const {
  if (t.unlawful()) return true;
  if (ref.kind == subject_kind::institution || ref.kind == subject_kind::practitioner) {
    return lapses_at(ref) <= when;
  }
  return t.changes_after.count() > 0 && live_since != never && live_since + t.changes_after <= when;
}

// ---- who ----

std::uint32_t model::institution_of(item_ref ref) const {
  const auto& here = listing_[ref.shard];
  ZHILI_ASSERT(!here.empty(), "a shard without institutions lists nothing");
  dice d(seed_, ref.item(), purpose::subject);
  return here[d.below(here.size())];
}

account_id model::user_of(item_ref ref) const {
  const auto& here = people_.users_of(ref.shard);
  ZHILI_ASSERT(!here.empty(), "a shard without users posts nothing");
  dice d(seed_, ref.item(), purpose::subject);
  return here[d.below(here.size())];
}

subject_id model::subject_of(item_ref ref) const {
  if (ref.kind == subject_kind::institution) return people_.institution(ref.ordinal).account;
  if (ref.kind == subject_kind::practitioner) return people_.practitioner(ref.ordinal).account;
  std::array<char, 32> buffer;
  return make_subject_id("", ref.kind, external_id(ref, buffer));
}

account_id model::owner_of(item_ref ref) const {
  switch (ref.kind) {
    case subject_kind::institution: return people_.institution(ref.ordinal).account;
    case subject_kind::practitioner: return people_.practitioner(ref.ordinal).account;
    case subject_kind::product:
    case subject_kind::ad: return people_.institution(institution_of(ref)).account;
    default: return user_of(ref);
  }
}

/// Rings and bursts are groups: everything that a group shares follows from its key. As many groups a day as make the
/// group's size come out right on average.
std::uint64_t model::group_key(item_ref ref, wrong w) const {
  const kind_model& k = scenario_.of(ref.kind);
  std::uint32_t ppm = 0;
  for (const wrong_share& s : k.wrongs) ppm = s.what == w ? s.ppm : ppm;
  const double members = k.per_day.value * ppm * k.factor_ppm / 1e12;
  const std::uint32_t size = w == wrong::ring ? scenario_.ring_size : scenario_.burst_size;
  const auto groups = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(members / size));
  // The day is not known from the handle; ordinals of a shard grow with time, which serves as well.
  const auto per_day = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(k.per_day.value / shard_count));
  dice d(seed_, ref.item(), purpose::ring);
  const std::uint64_t group = mix(ref.ordinal / per_day * 1'000'003 + d.below(groups));
  return (mix(seed_ ^ (static_cast<std::uint64_t>(w) << 56)) ^ group) | 1;
}

// ---- what ----

const item& model::lawful_item(const institution_profile& at, std::uint32_t scopes, dice& d) const {
  const auto& fit = items_[scopes & 15][std::min<std::uint8_t>(at.level_max, 4)];
  ZHILI_ASSERT(!fit.empty(), "every scope has an item without level");
  return *credentials::find(fit[d.below(fit.size())]);
}

/// Who treats, drawn first of all that a listing says.
const practitioner_profile& model::treated_by(std::uint32_t institution, dice& d) const {
  const auto staff = people_.staff_of(institution);
  return people_.practitioner(staff[d.below(staff.size())]);
}

/// An item that is wrong in this way for this institution and practitioner; nullptr: there is none.
const item* model::wrong_item(wrong w, const institution_profile& at, std::uint32_t scopes, dice& d) const {
  if (!lies_in_item(w)) return nullptr;
  const auto fits = [&](const item& i) {
    const bool in_scope = (credentials::scopes_for(i.subject) & scopes) != 0;
    const bool in_level = i.level <= at.level_max;
    switch (w) {
      case wrong::above_level: return !in_level;
      case wrong::department_missing: return (credentials::departments_for(i.subject) & at.departments) == 0;
      case wrong::out_of_scope: return !in_scope && in_level;
      case wrong::approval_wrong: return i.needs != product_need::none && i.number_required && in_level && in_scope;
      default: return false;
    }
  };
  const auto all = credentials::all();
  const auto count = static_cast<std::uint64_t>(std::count_if(all.begin(), all.end(), fits));
  if (count == 0) return nullptr;
  std::uint64_t left = d.below(count);
  return &*std::find_if(all.begin(), all.end(), [&](const item& i) { return fits(i) && left-- == 0; });
}

/// Nobody exceeds the highest level, nor offers a subject that no item is of.
bool model::possible(item_ref ref, wrong w) const {
  if (!lies_in_item(w)) return true;
  const std::uint32_t n = institution_of(ref);
  dice d(seed_, ref.item(), purpose::item);
  const practitioner_profile& by = treated_by(n, d);
  return wrong_item(w, people_.institution(n), by.scopes, d) != nullptr;
}

void model::listing(item_ref ref, listing_facts& out) const {
  const truth t = truth_of(ref);
  const std::uint32_t n = institution_of(ref);
  const institution_profile& at = people_.institution(n);
  dice d(seed_, ref.item(), purpose::item);
  const practitioner_profile& by = treated_by(n, d);
  const item* what = wrong_item(t.wrong, at, by.scopes, d);
  if (what == nullptr) what = &lawful_item(at, by.scopes, d);
  out.institution = n;
  out.owner = at.account;
  out.practitioner = by.account;
  if (t.wrong == wrong::unadmitted_practitioner) {
    std::array<char, 32> buffer;
    out.practitioner = make_subject_id("", subject_kind::practitioner, external_id(ref, buffer));
  }
  out.item = t.wrong == wrong::not_in_catalogue ? static_cast<std::uint16_t>(900 + d.below(100)) : what->number;
  const std::int64_t reference = what->reference_price_fen;
  dice price(seed_, ref.item(), purpose::price);
  out.list_price_fen = reference * price.between(80, 160) / 10'000 * 100;
  out.price_fen = out.list_price_fen * price.between(55, 100) / 10'000 * 100;
  if (out.price_fen < 100) out.price_fen = reference;
  if (t.wrong == wrong::bait_price) out.price_fen = price.chance_ppm(500'000) ? 100 : reference * price.between(1, 6) / 100;
  if (t.lookalike) out.price_fen = reference * price.between(7, 9) / 100;  // a real clearance sale

  dice number(seed_, ref.item(), purpose::credential);
  out.approval_number.clear();
  const auto serial = static_cast<unsigned>(number.between(1, 9'999));
  const auto year = static_cast<unsigned>(number.between(2015, 2020));
  if (what->needs == product_need::drug) {
    out.approval_number = credentials::make_drug_number('S', year, serial);
  } else if (what->needs != product_need::none) {
    const bool class3 = what->needs == product_need::device_class3;
    out.approval_number = credentials::make_device_number(
        class3 || number.chance_ppm(500'000) ? 3 : 2, credentials::product_origin::domestic, year, 13, serial, 31);
  }
  if (t.wrong == wrong::approval_wrong) {
    // Malformed, a cosmetic's number, or a provincial number on something of class 3.
    constexpr std::string_view fakes[] = {"国药准字S2021700", "国妆特字G20210001", "沪械注准20213130123", "无"};
    out.approval_number = fakes[number.below(std::size(fakes))];
  }
}

// Where ads draw students at all, most of those say for whom they are, and so do some lawful ones: laser hair removal at the
// full price is no bait.
bool model::declares_students(const truth& t, dice& d) const {
  if (scenario_.categories[static_cast<std::size_t>(violation::minors_bait)] == 0) return false;
  return d.chance_ppm(t.violation == violation::minors_bait ? 600'000 : 50'000);
}

void model::content(item_ref ref, content_facts& out) const {
  const truth t = truth_of(ref);
  dice d(seed_, ref.item(), purpose::order);
  out = {};
  if (ref.kind == subject_kind::ad) {
    const std::uint32_t n = institution_of(ref);
    out.owner = people_.institution(n).account;
    out.institution = out.owner;
    out.names_institution = true;
    out.minors_audience = t.wrong == wrong::to_minors;
    // On the platform itself; half of what draws minors says so, the other half is told by the medium alone.
    dice shown(seed_, ref.item(), purpose::placement);
    out.placement = static_cast<wire::content::ad_placement>(1 + shown.below(3));
    const bool says_so = out.minors_audience && shown.chance_ppm(500'000);
    out.audience = says_so ? wire::content::ad_audience::minors : wire::content::ad_audience::general;
    if (!says_so && declares_students(t, shown)) out.audience = wire::content::ad_audience::students;
    if (t.wrong != wrong::no_certificate) {
      const half_year of = half_year_before(scenario_.begin);
      const auto month = static_cast<unsigned>(d.between(1, 6)) + of.first_month - 1;
      out.ad_certificate = credentials::make_ad_certificate(
          people_.institution(n).region / 10'000, of.year, month, static_cast<unsigned>(d.between(1, 28)),
          static_cast<unsigned>(d.between(1, 999)));
    }
    return;
  }
  out.owner = user_of(ref);
  const std::uint32_t naming = is_review(ref) ? 1'000'000 : ref.kind == subject_kind::diary ? 900'000 : 120'000;
  std::uint64_t institution = d.below(people_.established());
  out.names_institution = d.chance_ppm(naming);
  const bool grouped = t.wrong == wrong::ring || t.wrong == wrong::burst;
  if (grouped) institution = mix(group_key(ref, t.wrong)) % people_.established();
  if (out.names_institution || grouped) out.institution = people_.institution(institution).account;
  out.names_institution = out.names_institution || grouped;
  if (ref.kind != subject_kind::review && ref.kind != subject_kind::diary) return;
  dice rating(seed_, ref.item(), purpose::rating);
  constexpr std::uint32_t stars[] = {0, 4, 3, 6, 20, 67};
  out.stars = static_cast<std::uint8_t>(rating.pick(stars));
  if (t.unlawful()) out.stars = 5;
  out.order_before = duration{std::max<std::int64_t>(d.lognormal(4LL * 86'400'000, 20LL * 86'400'000), 2LL * 3'600'000)};
  if (t.wrong == wrong::no_order) out.order_before = duration{0};
  if (t.wrong == wrong::quick || t.lookalike) out.order_before = duration{d.between(120'000, 50 * 60'000)};
}

void model::text(item_ref ref, std::string& out) const {
  const truth t = truth_of(ref);
  text_request r;
  r.kind = ref.kind;
  r.violation = t.violation;
  r.evasion = t.evasion;
  r.near_miss = t.lookalike;
  r.seed = seed_;
  r.subject = ref.item();
  if (t.wrong == wrong::ring) r.shared_text = group_key(ref, wrong::ring);
  phrasebook::embedded().compose(r, out);
}

}  // namespace zhili::scenarios
