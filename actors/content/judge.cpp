// SPDX-License-Identifier: Apache-2.0
#include "actors/content/judge.hpp"

#include <algorithm>

#include "actors/decision/counts.hpp"
#include "actors/decision/follow_up.hpp"
#include "policy/text/normaliser.hpp"
#include "protocols/schema/signal_generated.h"

namespace zhili::content {

namespace slot = fields::content::slot;
namespace stage = fields::content::stage;
namespace setting = fields::content::setting;
using decision::draft;
using wire::gate;

namespace {

std::uint16_t stage_of(subject_kind kind) {
  switch (kind) {
    case subject_kind::post: return stage::post;
    case subject_kind::ad: return stage::ad;
    case subject_kind::review: return stage::review;
    default: return stage::diary;
  }
}

const institution* owner_of_ad(const state& s, account_id account) {
  const row_no row = s.institutions.find(account);
  return row == no_row ? nullptr : &s.institutions[row];
}

// A medical ad needs an institution that may practise (广告法 art. 46, 医疗广告管理办法 art. 3 and 5).
void check_owner(const state& s, account_id account, draft& d) {
  const institution* owner = owner_of_ad(s, account);
  if (owner != nullptr && owner->version != 0) {
    d.used(account, shared_type<wire::institution_status>(), owner->version);
    if (owner->standing == wire::standing::admitted) return;
  }
  d.gate(gate::institution_not_admitted, verdict::reject, 5);
}

// The packs' words stand in the order of the schema, without its zero.
fields::content::placement from_wire(msg::ad_placement p) {
  return static_cast<fields::content::placement>(static_cast<int>(p) - 1);
}
fields::content::audience from_wire(msg::ad_audience a) {
  return static_cast<fields::content::audience>(static_cast<int>(a) - 1);
}
fields::content::recognised_source from_wire(msg::recognition r) {
  return static_cast<fields::content::recognised_source>(static_cast<int>(r) - 1);
}

void fill(policy::slots& slots, const case_facts& f) {
  slots.clear();
  slots.set_int(slot::author_band, f.band);
  slots.set_bool(slot::institution_named, f.institution_named);
  if (f.recognised.source != msg::recognition::none) {
    slots.set_enum(slot::recognised_source, from_wire(f.recognised.source));
    slots.set_int(slot::recognised_confidence, f.recognised.confidence);
  }
  if (f.kind == subject_kind::ad) {
    slots.set_enum(slot::ad_certificate, f.certificate);
    slots.set_bool(slot::minors_audience, f.minors_audience);
    // What the ad does not say is a missing fact.
    if (f.placement != msg::ad_placement::unknown) slots.set_enum(slot::placement, from_wire(f.placement));
    if (f.audience != msg::ad_audience::unknown) slots.set_enum(slot::audience, from_wire(f.audience));
  } else if (f.kind == subject_kind::review) {
    slots.set_bool(slot::verified_order, f.order_at_s != 0);
    if (f.order_at_s != 0) {
      slots.set_duration(slot::order_to_review, std::chrono::seconds{std::int64_t{f.at_s} - f.order_at_s});
    }
    if (f.burst != 0) slots.set_int(slot::burst, f.burst);
    if (f.shared_authors != 0) slots.set_int(slot::shared_text_authors, f.shared_authors);
    if (f.stars != 0) slots.set_int(slot::stars, f.stars);
  }
}

}  // namespace

case_facts facts_of(const state& s, const publication& c) {
  const author& a = s.authors[c.author];
  case_facts f;
  f.kind = c.id.kind();
  f.account = a.id;
  f.band = a.band;
  if (a.band != 0) f.band_version = s.band_versions.at(c.author);
  f.institution_named = c.institution != no_row;
  f.certificate = c.certificate();
  f.minors_audience = c.has(flag_minors_audience);
  if (f.kind == subject_kind::ad) {
    f.placement = c.placement();
    f.audience = c.audience();
  }
  if (!s.recognised_parts.empty()) {
    const auto parts = s.recognised_parts.find(s.contents.find(c.id));
    if (parts != s.recognised_parts.end()) f.recognised = parts->second;
  }
  if (f.kind == subject_kind::review) {
    const review& r = s.reviews[c.detail];
    f.at_s = r.at_s;
    f.order_at_s = r.order_at_s;
    f.burst = r.burst;
    f.shared_authors = r.shared_authors;
    f.stars = r.stars;
  }
  return f;
}

void judge(const state& s, const case_facts& facts, std::string_view text, bool first, const context& cx, draft& d) {
  if (facts.kind == subject_kind::ad) check_owner(s, facts.account, d);
  if (facts.band != 0) d.used(facts.account, shared_type<wire::band_changed>(), facts.band_version);
  fill(cx.work->slots, facts);
  d.judged(cx.judge(stage_of(facts.kind), text, decision::history(s.counts, facts.account, d.subject(), first)));
}

second_judgement judge_again(
    const state& s, row_no row, const case_facts& facts, wire::cause why, std::uint32_t visit,
    const context& cx, decide_sink& out) {
  const publication& c = s.contents[row];
  if (!live(c)) return {c.verdict};
  std::string_view text;
  if (c.text != text_name{}) {
    text = cx.text_of(c.text, c.ref);
    if (text.empty()) return {c.verdict};
  }
  const context own = on_behalf(facts.account, cx);
  draft d(own, c.id, c.ref, facts.kind, why);
  judge(s, facts, text, false, own, d);

  const bool worse = decision::weight(d.verdict()) > decision::weight(c.verdict);
  if (d.verdict() == c.verdict || c.has(flag_by_person)) {
    if (judged_long_ago(s, c, cx)) {
      const institution* owner = facts.kind == subject_kind::ad ? owner_of_ad(s, facts.account) : nullptr;
      out.emit<workflow>(msg::looked_again(
          row, static_cast<std::uint32_t>(cx.pack_tag), owner == nullptr ? 0 : owner->version));
    }
    if (worse) out.emit<workflow>(msg::reading_asked(row, visit));
    return {c.verdict, worse};
  }
  d.place(row, c.decisions + 1, c.in_force);
  d.emit<workflow>(out);
  return {d.verdict()};
}

bool judged_long_ago(const state& s, const publication& c, const context& cx) {
  if (!s.packs.is(static_cast<std::uint8_t>(c.pack), static_cast<std::uint32_t>(cx.pack_tag))) return true;
  if (c.id.kind() != subject_kind::ad) return false;
  const institution* owner = owner_of_ad(s, s.authors[c.author].id);
  return owner != nullptr && (owner->version & publication::version_mask) != c.judged_version();
}

context on_behalf(account_id owner, const context& cx) {
  context own = cx;
  own.judge_for(owner);
  own.event_time = cx.now;
  return own;
}

account_id fingerprint_of(std::string_view text, const policy::pack& pack, policy::scratch& memory) {
  const policy::normalised_text& folded = pack.read(text, memory);
  if (static_cast<std::int64_t>(folded.units.size()) < pack.setting(setting::shared_text_characters)) return {};
  const digest128 d = xxh3_128(as_bytes_view(folded.utf8()));
  return derive_id(
      subject_kind::signal, {d.hi, d.lo}, static_cast<std::uint64_t>(wire::signal::key_kind::text), 0);
}

}  // namespace zhili::content
