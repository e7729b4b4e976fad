// SPDX-License-Identifier: Apache-2.0
#include "bench/envelopes.hpp"

#include <chrono>
#include <cstring>
#include <numeric>

#include "actors/workflow_numbers.hpp"
#include "policy/fields/content.hpp"
#include "protocols/envelope.hpp"
#include "protocols/schema/content_generated.h"
#include "scenarios/random.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::bench {
namespace {

using scenarios::mix;

constexpr std::uint64_t institutions = 6000;

subject_id id_of(subject_kind kind, std::uint64_t n) {
  const std::uint64_t a = mix(n * 16 + static_cast<std::uint64_t>(kind));
  return {(a >> 8) | static_cast<std::uint64_t>(kind) << 56, mix(a + 1)};
}

subject_id key_of(std::uint64_t n) { return {mix(n), n}; }

instant now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

}  // namespace

struct diary_source::parts {
  parts(const policy::pack& by, instant t) : pack(by), at(t) {}

  const policy::pack& pack;
  instant at;
  std::uint64_t count = 0;
  scenarios::text_request request;
  policy::slots slots;
  policy::scratch scratch;
  policy::judgement judged;
  std::string text;
  flatbuffers::FlatBufferBuilder builder{512};
  scenarios::submission out;
};

diary_source::diary_source(const policy::pack& pack, instant at) : parts_(new parts(pack, at)) {
  parts_->slots.set_int(fields::content::slot::author_band, 0);
  parts_->slots.set_bool(fields::content::slot::institution_named, true);
  parts_->request.kind = subject_kind::diary;
  parts_->request.seed = 1;
}
diary_source::~diary_source() = default;

const scenarios::submission& diary_source::next() {
  parts& p = *parts_;
  do {
    ++p.request.subject;
    scenarios::phrasebook::embedded().compose(p.request, p.text);
    p.pack.judge(fields::content::stage::diary, p.slots, p.text, p.at, 0, p.scratch, p.judged);
  } while (p.judged.verdict != verdict::approve);
  const std::uint64_t n = ++p.count;
  const wire::id institution = to_wire(id_of(subject_kind::institution, mix(n) % institutions));
  const wire::hash256 hash = to_wire(blake2b_256(as_bytes_view(p.text)));
  p.builder.Clear();
  p.builder.Finish(wire::content::Createsubmit_content(
      p.builder, n, subject_kind::diary, n % 5 < 2 ? &institution : nullptr, &hash,
      static_cast<std::uint32_t>(p.text.size()), p.at.ms - 86'400'000, 5));
  p.out.at = p.out.event_time = p.at;
  p.out.workflow = workflow_numbers::content;
  p.out.type = static_cast<type_no>(wire::content::content_command::submit_content);
  p.out.account = id_of(subject_kind::user, mix(n / 3));
  p.out.subject = id_of(subject_kind::diary, n);
  p.out.key = key_of(n);
  p.out.body = body_of(p.builder);
  p.out.text = p.text;
  return p.out;
}

envelope_load::envelope_load(std::uint32_t count, const policy::pack& pack) : claimed_(now()) {
  diary_source source(pack, claimed_);
  at_.reserve(count + 1);
  bytes_.reserve(count);
  double text_bytes = 0;
  for (std::uint32_t n = 0; n < count; ++n) {
    const scenarios::submission& s = source.next();
    envelope_fields e;
    e.workflow = s.workflow;
    e.type = s.type;
    e.account = s.account;
    e.subject = s.subject;
    e.key = s.key;
    e.event_time = s.event_time;
    e.sent_at = s.at;
    e.body = s.body;
    e.text = s.text;
    const auto bytes = encode_envelope(e);
    ZHILI_ASSERT(bytes.has_value(), bytes.error().detail);
    at_.push_back(words_.size());
    bytes_.push_back(static_cast<std::uint32_t>(bytes->size()));
    words_.resize(words_.size() + (bytes->size() + 7) / 8);
    std::memcpy(words_.data() + at_.back(), bytes->data(), bytes->size());
    text_bytes += static_cast<double>(s.text.size());
  }
  at_.push_back(words_.size());
  text_bytes_ = text_bytes / count;
}

bytes_view envelope_load::envelope(std::uint32_t n) const {
  return std::as_bytes(std::span{words_}).subspan(at_[n] * 8, bytes_[n]);
}

subject_id envelope_load::key(std::uint32_t n) const { return key_of(n + std::uint64_t{1}); }

double envelope_load::bytes_mean() const {
  return static_cast<double>(std::accumulate(bytes_.begin(), bytes_.end(), std::uint64_t{0})) / static_cast<double>(bytes_.size());
}

}  // namespace zhili::bench
