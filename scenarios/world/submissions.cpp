// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/submissions.hpp"

#include "actors/workflow_numbers.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/product_generated.h"
#include "protocols/schema/takedown_generated.h"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

/// One key for one wish: said again, it is the same submission.
subject_id key_of(std::uint64_t what, std::uint64_t which, std::uint64_t occasion) {
  return {mix(what ^ mix(which)), mix(which + mix(occasion + what))};
}

template <class Traits>
constexpr type_no type_of() {
  return static_cast<type_no>(Traits::enum_value);
}

}  // namespace

void submission_writer::finish(submission& out, workflow_no to, type_no type) {
  out.workflow = to;
  out.type = type;
  out.body = body_of(builder_);
}

wire::hash256 submission_writer::make_text(item_ref ref) {
  world_.text(ref, text_);
  const digest256 hash = blake2b_256(as_bytes_view(text_));
  const status kept = texts_.put(hash, text_);
  ZHILI_ASSERT(kept.has_value(), "a simulation's texts can be kept");
  return to_wire(hash);
}

void submission_writer::item(item_ref ref, std::uint32_t occasion, instant at, submission& out) {
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = world_.subject_of(ref);
  out.key = key_of(1, ref.packed(), occasion);
  switch (ref.kind) {
    case subject_kind::institution: institution(ref, out); break;
    case subject_kind::practitioner: practitioner(ref, out); break;
    case subject_kind::product: product(ref, out); break;
    default: content(ref, at, out); break;
  }
}

/// Corrected papers are those of the honest holder.
institution_profile submission_writer::papers_of(item_ref ref) const {
  institution_profile p = world_.people().institution(ref.ordinal);
  if (ref.variant != variant::original) p.wrong = wrong::none;
  return p;
}

void submission_writer::institution(item_ref ref, submission& out) {
  namespace msg = wire::onboarding;
  const institution_profile p = papers_of(ref);
  out.account = p.account;
  const auto uscc = builder_.CreateString(population::uscc(p, ref.ordinal));
  const auto licence = builder_.CreateString(population::licence_number(p, ref.ordinal));
  builder_.Finish(msg::Createsubmit_institution(
      builder_, ref.packed(), uscc, licence, p.licence_from, world_.valid_to(ref).ms, p.departments, p.grade));
  finish(out, numbers::onboarding, type_of<msg::onboarding_commandTraits<msg::submit_institution>>());
}

void submission_writer::practitioner(item_ref ref, submission& out) {
  namespace msg = wire::onboarding;
  const practitioner_profile& p = world_.people().practitioner(ref.ordinal);
  const wrong w = world_.truth_of(ref).wrong;
  out.account = p.account;
  const wire::id employer = to_wire(world_.people().institution(p.employer).account);
  const auto form = w == wrong::malformed_certificate ? msg::number_form::bad_layout : msg::number_form::good;
  const std::uint8_t in_register = w == wrong::not_registered || w == wrong::malformed_certificate ? 2 : 1;
  builder_.Finish(msg::Createsubmit_practitioner(
      builder_, ref.packed(), msg::number_form::good, form, &employer, p.from, world_.valid_to(ref).ms, p.scopes, p.lead,
      in_register));
  finish(out, numbers::onboarding, type_of<msg::onboarding_commandTraits<msg::submit_practitioner>>());
}

void submission_writer::product(item_ref ref, submission& out) {
  namespace msg = wire::product;
  world_.listing(ref, listing_);
  out.account = listing_.owner;
  const wire::hash256 hash = make_text(ref);
  out.text = text_;
  const wire::id practitioner = to_wire(listing_.practitioner);
  const auto approval = listing_.approval_number.empty() ? 0 : builder_.CreateString(listing_.approval_number);
  builder_.Finish(msg::Createsubmit_listing(
      builder_, ref.packed(), listing_.item, &practitioner, approval, listing_.price_fen, listing_.list_price_fen, &hash,
      static_cast<std::uint32_t>(text_.size()), false, false));
  finish(out, numbers::product, type_of<msg::product_commandTraits<msg::submit_listing>>());
}

void submission_writer::content(item_ref ref, instant at, submission& out) {
  namespace msg = wire::content;
  world_.content(ref, content_);
  out.account = content_.owner;
  const wire::hash256 hash = make_text(ref);
  out.text = text_;
  const wire::id institution = to_wire(content_.institution);
  const auto certificate = content_.ad_certificate.empty() ? 0 : builder_.CreateString(content_.ad_certificate);
  const std::int64_t order_at = content_.order_before.count() == 0 ? 0 : (at - content_.order_before).ms;
  builder_.Finish(msg::Createsubmit_content(
      builder_, ref.packed(), ref.kind, content_.names_institution ? &institution : nullptr, &hash,
      static_cast<std::uint32_t>(text_.size()), order_at, content_.stars, certificate, content_.minors_audience,
      content_.placement, content_.audience));
  finish(out, numbers::content, type_of<msg::content_commandTraits<msg::submit_content>>());
}

void submission_writer::page(item_ref ref, subject_id subject, account_id owner, std::uint32_t visit, instant at,
                             submission& out) {
  builder_.Clear();
  out.event_time = at;
  out.subject = subject;
  out.account = owner;
  out.key = key_of(2, ref.packed(), std::uint64_t{visit} << 32 | static_cast<std::uint32_t>(at.ms / 1000));
  const wire::hash256 hash = make_text(ref);
  out.text = text_;
  const auto bytes = static_cast<std::uint32_t>(text_.size());
  if (ref.kind == subject_kind::product) {
    namespace msg = wire::product;
    world_.listing(ref.variant == variant::changed ? ref.as(variant::original) : ref, listing_);
    builder_.Finish(msg::Createpage_seen(builder_, ref.packed(), visit, &hash, bytes, listing_.price_fen));
    finish(out, numbers::product, type_of<msg::product_commandTraits<msg::page_seen>>());
  } else {
    namespace msg = wire::content;
    builder_.Finish(msg::Createpage_seen(builder_, ref.packed(), visit, &hash, bytes));
    finish(out, numbers::content, type_of<msg::content_commandTraits<msg::page_seen>>());
  }
}

void submission_writer::licence(item_ref ref, partition::registry::entry entry, std::uint32_t visit, instant at,
                                submission& out) {
  namespace msg = wire::onboarding;
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = world_.subject_of(ref);
  out.key = key_of(7, ref.packed(), std::uint64_t{visit} << 32 | static_cast<std::uint32_t>(at.ms / 1000));
  const institution_profile p = papers_of(ref);
  out.account = p.account;
  const auto number = builder_.CreateString(population::licence_number(p, ref.ordinal));
  builder_.Finish(msg::Createlicence_seen(builder_, ref.packed(), visit, number, static_cast<std::uint8_t>(entry)));
  finish(out, numbers::onboarding, type_of<msg::onboarding_commandTraits<msg::licence_seen>>());
}

void submission_writer::acknowledgement(subject_id subject, account_id owner, subject_id effect, std::uint32_t serial,
                                        instant at, submission& out) {
  namespace msg = wire::takedown;
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = subject;
  out.account = owner;
  // A resent order is acknowledged again: another wish, the same meaning.
  out.key = key_of(3, effect.lo, static_cast<std::uint64_t>(at.ms));
  const wire::id id = to_wire(effect);
  builder_.Finish(msg::Createacknowledge(builder_, &id, serial));
  finish(out, numbers::takedown, type_of<msg::takedown_commandTraits<msg::acknowledge>>());
}

void submission_writer::appeal(item_ref ref, std::uint8_t ground, std::uint32_t occasion, instant at, submission& out) {
  namespace msg = wire::takedown;
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = world_.subject_of(ref);
  out.account = world_.owner_of(ref);
  out.key = key_of(4, ref.packed(), occasion);
  const wire::id subject = to_wire(out.subject);
  builder_.Finish(msg::Createfile_appeal(builder_, &subject, ground));
  finish(out, numbers::takedown, type_of<msg::takedown_commandTraits<msg::file_appeal>>());
}

void submission_writer::claim(account_id queue, subject_id task, std::uint64_t reviewer, std::uint32_t occasion,
                              instant at, submission& out) {
  namespace msg = wire::desk;
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = task;
  out.account = queue;
  out.key = key_of(5, task.lo ^ mix(reviewer), occasion);
  const wire::id id = to_wire(task);
  builder_.Finish(msg::Createclaim(builder_, &id, reviewer));
  finish(out, numbers::desk, type_of<msg::desk_commandTraits<msg::claim>>());
}

void submission_writer::decision(account_id queue, subject_id task, std::uint64_t reviewer, verdict v,
                                 std::uint32_t occasion, instant at, submission& out) {
  namespace msg = wire::desk;
  builder_.Clear();
  out.text = {};
  out.event_time = at;
  out.subject = task;
  out.account = queue;
  out.key = key_of(6, task.lo ^ mix(reviewer), occasion);
  const wire::id id = to_wire(task);
  constexpr std::uint16_t reason_reviewed = 1000;
  builder_.Finish(msg::Createdecide_task(builder_, &id, reviewer, v, reason_reviewed));
  finish(out, numbers::desk, type_of<msg::desk_commandTraits<msg::decide_task>>());
}

}  // namespace zhili::scenarios
