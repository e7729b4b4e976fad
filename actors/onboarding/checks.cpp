// SPDX-License-Identifier: Apache-2.0
#include "actors/onboarding/checks.hpp"

#include "actors/credentials/licence.hpp"
#include "actors/credentials/uscc.hpp"
#include "actors/decision/counts.hpp"
#include "policy/fields/onboarding.hpp"

namespace zhili::onboarding {

namespace msg = wire::onboarding;
namespace slot = fields::onboarding::slot;
namespace stage = fields::onboarding::stage;
using decision::draft;
using partition::context;
using partition::registry;
using wire::gate;

namespace {

std::int64_t days_left(std::int64_t until, instant now) {
  return china_day({until}) - static_cast<std::int64_t>(china_day(now));
}

// GB 32100-2015: the code and the organisation code inside it carry a check digit each.
bool check_code(std::string_view uscc, draft& d) {
  const auto found = credentials::check_uscc(uscc);
  using credentials::uscc_verdict;
  if (found.verdict == uscc_verdict::good) return true;
  const bool digit = found.verdict == uscc_verdict::bad_check || found.verdict == uscc_verdict::bad_organisation_check;
  d.gate(digit ? gate::uscc_check_digit : gate::uscc_malformed, verdict::reject);
  return false;
}

// 医疗机构管理条例实施细则 art. 66: the layout of the registration number. A layout that we do not know is a matter for
// a person: small clinics hold other numbers since 2022.
bool check_layout(const credentials::licence& held, draft& d) {
  using credentials::licence_verdict;
  switch (held.verdict) {
    case licence_verdict::good: return true;
    case licence_verdict::unknown_category: d.gate(gate::licence_category_unknown, verdict::escalate); return false;
    case licence_verdict::bad_organisation_check: d.gate(gate::licence_check_digit, verdict::reject); return false;
    case licence_verdict::bad_length:
    case licence_verdict::bad_character:
    case licence_verdict::bad_region:
    case licence_verdict::bad_class: break;
  }
  d.gate(gate::licence_malformed, verdict::reject);
  return false;
}

void check_interval(std::int64_t from, std::int64_t to, instant now, gate expired, draft& d) {
  if (from > now.ms) d.gate(gate::licence_not_yet_valid, verdict::reject);
  if (to <= now.ms) d.gate(expired, verdict::reject, 5);
}

}  // namespace

std::uint64_t content_of(const msg::submit_institution& m, instant now) {
  std::uint64_t h = xxh3_64(as_bytes_view(text_of(m.uscc())));
  h = xxh3_64(as_bytes_view(text_of(m.licence_number())), h);
  const std::int64_t rest[6] = {m.licence_from(),   m.licence_to(),           m.departments(),
                                m.hospital_grade(), m.licence_from() > now.ms, m.licence_to() <= now.ms};
  return xxh3_64(std::as_bytes(std::span{rest}), h);
}

std::uint64_t content_of(const msg::submit_practitioner& m, instant now) {
  const wire::id at = m.registered_at() == nullptr ? wire::id{} : *m.registered_at();
  const std::int64_t rest[10] = {
      static_cast<std::int64_t>(at.lo()), m.registered_from(),   m.registered_to(),
      m.scopes(),                         m.lead(),              m.in_register(),
      static_cast<std::int64_t>(m.qualification_form()),         static_cast<std::int64_t>(m.practice_form()),
      m.registered_from() > now.ms,       m.registered_to() <= now.ms};
  return xxh3_64(std::as_bytes(std::span{rest}));
}

institution_facts check_institution(
    const msg::submit_institution& m, const institution* before, const policy::counter_book& counts, const context& cx,
    draft& d) {
  const std::string_view uscc = text_of(m.uscc());
  const std::string_view number = text_of(m.licence_number());
  const auto held = credentials::read_licence(number);
  const bool code_good = check_code(uscc, d);
  const bool layout_good = check_layout(held, d);
  // The first nine characters of the licence are the holder's organisation code, unless it is provisional (PDY).
  const bool agree = !code_good || !layout_good || credentials::agrees(uscc, held);
  if (!agree) d.gate(gate::licence_not_the_holder, verdict::reject, 5);
  check_interval(m.licence_from(), m.licence_to(), cx.now, gate::licence_expired, d);

  institution_facts facts;
  facts.licence = xxh3_64(as_bytes_view(number));
  facts.content = content_of(m, cx.now);
  facts.level_max = credentials::surgery_level_max(held.kind, m.hospital_grade(), m.departments());
  facts.registry = cx.licensed == nullptr ? registry::entry::unknown : cx.licensed->look_up(facts.licence);
  // Missing from the snapshot may be the snapshot's fault: a person looks, it is never rejected for that alone.
  if (facts.registry == registry::entry::missing) d.gate(gate::registry_not_listed, verdict::escalate, 3);
  if (facts.registry == registry::entry::revoked) d.gate(gate::registry_revoked, verdict::reject, 5);
  // Revoked when it was last looked up, and listed in a snapshot that may be older: a person finds out which holds.
  const bool was_revoked = before != nullptr && (before->holds & hold_revoked) != 0;
  if (was_revoked && before->in_force.licence == facts.licence && facts.registry != registry::entry::revoked) {
    d.gate(gate::registry_revoked, verdict::escalate, 4);
  }

  auto& s = cx.work->slots;
  s.clear();
  s.set_bool(slot::uscc_valid, code_good);
  s.set_bool(slot::licence_layout_valid, layout_good);
  s.set_bool(slot::numbers_agree, agree);
  s.set_int(slot::licence_days_left, days_left(m.licence_to(), cx.now));
  s.set_text(slot::category, credentials::category_code(held.kind));
  s.set_int(slot::level_max, facts.level_max);
  s.set_enum(slot::registry, facts.registry);
  s.set_bool(slot::renewal, before != nullptr && before->was_let_in());
  s.set_int(slot::earlier_rejections, before == nullptr ? 0 : before->rejections);
  d.judged(cx.judge(stage::institution, {}, decision::history(counts, cx.account, d.subject(), true)));
  return facts;
}

void check_practitioner(
    const msg::submit_practitioner& m, const practitioner* before, const policy::counter_book& counts, const context& cx,
    draft& d) {
  // 医师法 art. 13, 14: the register decides; the number only says that it was typed badly.
  if (m.qualification_form() != msg::number_form::good || m.practice_form() != msg::number_form::good) {
    d.gate(gate::certificate_malformed, m.in_register() == 1 ? verdict::escalate : verdict::reject, 3);
  }
  if (m.in_register() == 2) d.gate(gate::practitioner_not_registered, verdict::reject, 5);
  check_interval(m.registered_from(), m.registered_to(), cx.now, gate::registration_expired, d);

  auto& s = cx.work->slots;
  s.clear();
  s.set_bool(slot::certificate_form_ok, m.practice_form() == msg::number_form::good &&
                                            m.qualification_form() == msg::number_form::good);
  s.set_int(slot::in_register, m.in_register());
  s.set_int(slot::registration_days_left, days_left(m.registered_to(), cx.now));
  s.set_int(slot::scope_count, std::popcount(m.scopes()));
  s.set_bool(slot::lead, m.lead());
  s.set_bool(slot::renewal, before != nullptr && before->was_let_in());
  s.set_int(slot::earlier_rejections, before == nullptr ? 0 : before->rejections);
  d.judged(cx.judge(stage::practitioner, {}, decision::history(counts, cx.account, d.subject(), true)));
}

}  // namespace zhili::onboarding
