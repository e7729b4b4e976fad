// SPDX-License-Identifier: Apache-2.0
#include "bench/diaries.hpp"

#include "actors/workflow_numbers.hpp"
#include "policy/fields/content.hpp"
#include "protocols/message.hpp"
#include "protocols/schema/content_generated.h"
#include "scenarios/random.hpp"
#include "scenarios/texts/phrasebook.hpp"
#include "storage/memory_content.hpp"

namespace zhili::bench {
namespace {

using scenarios::mix;

// 18 July 2021 in China: the law of that day.
constexpr instant opening{1'626'537'600'000};
constexpr std::uint32_t unread_bytes = 400;

/// Ids are hashes in production; here any number that looks like one.
subject_id id_of(subject_kind kind, std::uint64_t n) {
  const std::uint64_t a = mix(n * 16 + static_cast<std::uint64_t>(kind));
  return {(a >> 8) | static_cast<std::uint64_t>(kind) << 56, mix(a + 1)};
}

}  // namespace

diary_load::diary_load(const diary_plan& plan) : begin_(opening), texts_(plan.texts) {
  namespace msg = wire::content;
  std::vector<digest256> hashes;
  if (texts_ != nullptr) {
    for (const std::string& text : *texts_) hashes.push_back(blake2b_256(as_bytes_view(text)));
  }
  flatbuffers::FlatBufferBuilder builder{512};
  diaries_.reserve(plan.count);
  scenarios::dice dice(1, 0, scenarios::purpose::arrival);
  const double step_ms = 60'000 / plan.per_minute;
  for (std::uint32_t n = 0; n < plan.count; ++n) {
    const auto at = static_cast<std::int64_t>(step_ms * n) + dice.between(0, static_cast<std::int64_t>(step_ms) - 1);
    diary d;
    d.at = begin_ + duration{60'000 + at};
    d.author = id_of(subject_kind::user, dice.below(plan.authors));
    d.subject = id_of(subject_kind::diary, n);
    d.key = {mix(n) | 1, mix(n + (std::uint64_t{1} << 40))};
    d.text = texts_ == nullptr ? 0 : static_cast<std::uint32_t>(n % texts_->size());

    const wire::hash256 hash = to_wire(texts_ == nullptr ? digest256{{mix(n), mix(n + 1), n, 0}} : hashes[d.text]);
    const auto bytes = texts_ == nullptr ? unread_bytes : static_cast<std::uint32_t>((*texts_)[d.text].size());
    const bool naming = dice.below(100) < plan.naming_percent;
    const wire::id institution = to_wire(id_of(subject_kind::institution, dice.below(plan.institutions)));
    builder.Clear();
    builder.Finish(msg::Createsubmit_content(
        builder, n + 1, subject_kind::diary, naming ? &institution : nullptr, &hash, bytes, d.at.ms - 86'400'000, 5));
    const bytes_view body = body_of(builder);

    d.shard = shard_of(d.author);
    d.body_at = bodies_.size();
    d.body_bytes = static_cast<std::uint32_t>(body.size());
    bodies_.resize(bodies_.size() + (body.size() + 7) / 8);
    std::memcpy(bodies_.data() + d.body_at, body.data(), body.size());
    diaries_.push_back(d);
    end_ = d.at + std::chrono::minutes{10};
  }
  link();
}

void diary_load::link() {
  std::array<diary*, shard_count> last;
  for (std::size_t n = 0; n < shard_count; ++n) last[n] = &before_first_[n];
  for (std::uint32_t n = 0; n < size(); ++n) {
    diary*& before = last[diaries_[n].shard];
    before->next = n;
    before->next_at = diaries_[n].at;
    before = &diaries_[n];
  }
}

void diary_load::fill(const diary& d, scenarios::submission& out) const {
  static const std::string unread(unread_bytes, '-');
  out.at = d.at;
  out.workflow = workflow_numbers::content;
  out.account = d.author;
  out.subject = d.subject;
  out.key = d.key;
  out.event_time = d.at;
  out.type = static_cast<type_no>(wire::content::content_command::submit_content);
  out.body = std::as_bytes(std::span{bodies_}).subspan(d.body_at * 8, d.body_bytes);
  out.text = texts_ == nullptr ? std::string_view{unread} : std::string_view{(*texts_)[d.text]};
}

std::vector<std::string> lawful_texts(std::uint32_t count, const policy::pack& pack) {
  std::vector<std::string> texts;
  policy::slots slots;
  slots.set_int(fields::content::slot::author_band, 0);
  slots.set_bool(fields::content::slot::institution_named, true);
  policy::scratch scratch;
  policy::judgement judged;
  scenarios::text_request request;
  request.kind = subject_kind::diary;
  request.seed = 1;
  for (std::string text; texts.size() < count;) {
    ++request.subject;
    ZHILI_ASSERT(request.subject < 4 * std::uint64_t{count} + 64, "the pack approves most lawful diaries");
    scenarios::phrasebook::embedded().compose(request, text);
    pack.judge(fields::content::stage::diary, slots, text, opening, 0, scratch, judged);
    if (judged.verdict == verdict::approve) texts.push_back(text);
  }
  return texts;
}

/// Its next diary is its next event; answers and batches concern nobody here.
class diary_world::fed_shard final : public scenarios::shard_world {
 public:
  fed_shard(const diary_load& load, shard_no shard) : load_(load), last_(&load.before_first(shard)) {}

  instant next() override { return last_->next_at; }
  const scenarios::submission* take() override {
    last_ = &load_.diaries()[last_->next];
    load_.fill(*last_, now_);
    return &now_;
  }
  void answered(const scenarios::submission&, const partition::outcome&, bool) override {}
  void committed(const partition::engine&, const batch_reader&) override {}
  void meet(std::span<partition::engine* const>) override {}
  storage::content_store& texts() override { return none_; }

 private:
  const diary_load& load_;
  const diary* last_;
  scenarios::submission now_;
  storage::memory_content none_;
};

diary_world::diary_world(const diary_load& load) {
  for (shard_no n = 0; n < shard_count; ++n) shards_.push_back(std::make_unique<fed_shard>(load, n));
}
diary_world::~diary_world() = default;
scenarios::shard_world& diary_world::shard(shard_no n) { return *shards_[n]; }

}  // namespace zhili::bench
