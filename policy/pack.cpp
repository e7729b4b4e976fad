// SPDX-License-Identifier: Apache-2.0
#include "policy/pack.hpp"

#include <algorithm>
#include <bit>

#include "policy/counting.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::policy {
namespace {

// suspend > reject > escalate > demote > label > approve
constexpr std::uint8_t weight(verdict v) {
  switch (v) {
    case verdict::none:
    case verdict::approve: return 0;
    case verdict::label: return 1;
    case verdict::demote: return 2;
    case verdict::escalate: return 3;
    case verdict::reject: return 4;
    case verdict::suspend: return 5;
  }
  return 0;
}

// Shards are cut from the same hash; a seed of its own keeps a canary from falling on whole shards.
constexpr std::uint64_t canary_seed = 0x63616e617279;

// Of several lexicons that a rule reads the longest words say most: a voice or a sign beside them is seldom the evidence.
void mark_place(const staged_rule& r, const tally& hits, finding& f) {
  for (std::uint64_t m = r.when.categories & hits.mask; m != 0; m &= m - 1) {
    const auto c = static_cast<std::size_t>(std::countr_zero(m));
    const std::uint32_t length = hits.end[c] - hits.begin[c];
    if (length < f.length || (length == f.length && hits.begin[c] >= f.begin)) continue;
    f.begin = hits.begin[c];
    f.length = length;
  }
}

void add_finding(const staged_rule& r, bool enforced, const tally& hits, judgement& out) {
  if (enforced) {
    if (weight(r.verdict) > weight(out.verdict)) out.verdict = r.verdict;
    out.points += r.points;
    out.queue_priority = std::max(out.queue_priority, r.queue_priority);
  }
  if (out.findings.size() == limits::findings_max) {
    ++out.findings_left_out;
    return;
  }
  finding& f = out.findings.emplace_back();
  f.rule = r.rule;
  f.severity = r.severity;
  f.field = r.when.first_slot;
  f.shadow = !enforced;
  mark_place(r, hits, f);
}

}  // namespace

std::uint64_t canary_bucket(std::uint64_t account_hash) {
  return xxh3_64(std::as_bytes(std::span{&account_hash, 1}), canary_seed) % 100;
}

void tally::add(const hit& h) {
  const std::size_t c = h.category;
  const std::uint32_t h_end = h.begin + h.length;
  if ((mask >> c & 1) == 0) {
    mask |= std::uint64_t{1} << c;
    count[c] = 1;
    begin[c] = h.begin;
    end[c] = last_end[c] = h_end;
  } else if (h.begin < last_end[c]) {
    last_end[c] = std::max(last_end[c], h_end);
    if (count[c] == 1) end[c] = last_end[c];
  } else {
    ++count[c];
    last_end[c] = h_end;
  }
}

void pack::judge(
    std::uint16_t stage, const slots& facts, std::string_view text, instant event_time,
    std::uint64_t account_hash, scratch& memory, judgement& out, const history& before) const {
  out.verdict = verdict::approve;
  out.points = 0;
  out.queue_priority = 0;
  out.findings.clear();
  out.findings_left_out = 0;
  out.errors = 0;
  out.counted.clear();
  const compiled& c = *compiled_;
  const stage_plan* plan = c.plan(stage);
  if (plan == nullptr) return;
  if (plan->informed != nullptr && facts.has_all(plan->given)) plan = plan->informed.get();

  tally hits;
  memory.text_.begin(*c.words, text);
  if (plan->reads_text && !text.empty()) {
    plan->terms->scan(memory.text_.normalised(), memory.matcher_, memory.hits_);
    for (const hit& h : memory.hits_) hits.add(h);
  }
  const std::uint64_t bucket = plan->has_canary ? canary_bucket(account_hash) : 0;
  memory.made_.clear();
  workspace work{memory.made_, steps_max, nullptr, &memory.text_, &memory.other_text_, c.words.get()};
  if (plan->scores) memory.scores_.begin(c.scorecards, memory.text_);
  const bool has_counters = plan->counter_count != 0;
  if (has_counters) {
    memory.facts_ = facts;
    count(c, *plan, {facts, hits.count, text, {}}, event_time, before, work, memory.facts_, out.counted);
  }
  const inputs in{has_counters ? memory.facts_ : facts, hits.count, text, {}, plan->scores ? &memory.scores_ : nullptr};
  std::uint64_t alive[rule_index::words_max];
  plan->index.candidates(in.facts, china_day(event_time), hits.mask, alive);
  std::uint16_t decided = 0;
  for (std::size_t w = 0; w < plan->index.words(); ++w) {
    for (std::uint64_t m = alive[w]; m != 0; m &= m - 1) {
      const staged_rule& r = plan->rules[w * 64 + static_cast<std::size_t>(std::countr_zero(m))];
      if (r.first_of != 0 && r.first_of == decided) continue;
      const outcome o = run(r.when, c.pool, in, work);
      if (o == outcome::error) ++out.errors;
      if (o != outcome::yes) continue;
      decided = r.first_of;
      const bool enforced = r.mode == mode::enforce || (r.mode == mode::canary && bucket < r.canary_percent);
      add_finding(r, enforced, hits, out);
    }
  }
}

pack::pack(std::unique_ptr<const compiled> parts) : compiled_(std::move(parts)) {}
pack::~pack() = default;

digest256 pack::digest() const {
  return compiled_->digest;
}
techniques pack::sees_through() const {
  return compiled_->text;
}
void pack::normalise(std::string_view text, normalised_text& out) const {
  compiled_->words->normalise(text, out);
}
const normalised_text& pack::read(std::string_view text, scratch& memory) const {
  memory.text_.begin(*compiled_->words, text);
  return memory.text_.normalised();
}
const std::string& pack::name() const {
  return compiled_->name;
}
std::uint32_t pack::version() const {
  return compiled_->version;
}

std::int64_t pack::setting(std::uint16_t index) const {
  ZHILI_ASSERT(index < compiled_->settings.size(), "setting indices come from the generated headers");
  return compiled_->settings[index];
}

bool pack::judges(std::uint16_t stage) const {
  return compiled_->plan(stage) != nullptr;
}

std::uint16_t pack::rule_count() const {
  return static_cast<std::uint16_t>(compiled_->rules.size());
}

const rule_info& pack::rule(std::uint16_t number) const {
  ZHILI_ASSERT(number < compiled_->rules.size(), "rule numbers come from this pack's findings");
  return compiled_->rules[number];
}

const rule_info* pack::find_rule(std::string_view id) const {
  const auto found = std::find_if(
      compiled_->rules.begin(), compiled_->rules.end(), [&](const rule_info& r) { return r.id == id; });
  return found == compiled_->rules.end() ? nullptr : &*found;
}

std::span<const lexicon_category> pack::categories() const {
  return compiled_->categories;
}

std::span<const workflow_info> pack::workflows() const {
  return compiled_->names.workflows();
}

}  // namespace zhili::policy
