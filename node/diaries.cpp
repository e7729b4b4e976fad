// SPDX-License-Identifier: Apache-2.0
#include "node/diaries.hpp"

#include <chrono>

#include "actors/workflow_numbers.hpp"
#include "protocols/schema/content_generated.h"
#include "scenarios/random.hpp"
#include "scenarios/texts/phrasebook.hpp"

namespace zhili::node {
namespace {

/// Different texts, in turn.
constexpr std::uint32_t texts_n = 2048;

subject_id id_of(subject_kind kind, std::uint64_t n) {
  const std::uint64_t a = scenarios::mix(n * 16 + static_cast<std::uint64_t>(kind));
  return {(a >> 8) | static_cast<std::uint64_t>(kind) << 56, scenarios::mix(a + 1)};
}

}  // namespace

diaries::diaries(std::uint64_t run) : run_(run) {
  scenarios::text_request request;
  request.kind = subject_kind::diary;
  request.seed = run;
  for (std::uint32_t n = 0; n < texts_n; ++n) {
    request.subject = n;
    scenarios::phrasebook::embedded().compose(request, texts_.emplace_back());
    hashes_.push_back(blake2b_256(as_bytes_view(texts_.back())));
  }
}

diaries::one diaries::next() {
  const std::uint64_t n = run_ + ++count_;
  const std::string& text = texts_[count_ % texts_n];
  const wire::hash256 hash = to_wire(hashes_[count_ % texts_n]);
  flatbuffers::FlatBufferBuilder builder{512};
  const wire::id institution = to_wire(id_of(subject_kind::institution, n % 6000));
  builder.Finish(wire::content::Createsubmit_content(builder, n, subject_kind::diary, n % 5 < 2 ? &institution : nullptr,
                                                      &hash, static_cast<std::uint32_t>(text.size()), 0, 5));
  envelope_fields e;
  e.workflow = workflow_numbers::content;
  e.type = static_cast<type_no>(wire::content::content_command::submit_content);
  e.account = id_of(subject_kind::user, n / 3);
  e.subject = id_of(subject_kind::diary, n);
  e.key = {scenarios::mix(n) | 1, scenarios::mix(n + (std::uint64_t{1} << 40))};
  e.event_time = e.sent_at = {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  e.body = body_of(builder);
  e.text = text;
  auto bytes = encode_envelope(e);
  ZHILI_ASSERT(bytes.has_value(), bytes.error().detail);
  return {e.key, e.account, std::move(*bytes)};
}

std::uint64_t diaries::run_of_now() {
  return static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()) & 0xffffffffffff;
}

}  // namespace zhili::node
