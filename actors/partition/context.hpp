// SPDX-License-Identifier: Apache-2.0
// What a decision may look at besides the state: the stamped time, the pack, the registry snapshot, the text. All of it
// is immediate; there is no clock, no randomness and no waiting behind it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "actors/partition/release.hpp"
#include "policy/pack.hpp"
#include "protocols/log/batch.hpp"
#include "protocols/message.hpp"
#include "protocols/types/time.hpp"
#include "storage/content_store.hpp"

namespace zhili::partition {

/// A snapshot of the licensed institutions, as the health authority publishes them.
class registry {
 public:
  enum class entry : std::uint8_t { unknown = 0, listed = 1, missing = 2, revoked = 3 };

  virtual ~registry() = default;
  virtual std::uint32_t version() const = 0;
  virtual digest128 digest() const = 0;
  /// By XXH3 of the licence number.
  virtual entry look_up(std::uint64_t licence) const = 0;
};

/// Packs and registry snapshots by digest, kept as long as a log names them. Read by many threads at once.
class library {
 public:
  virtual ~library() = default;
  virtual std::shared_ptr<const policy::pack> pack(digest128 digest) const = 0;
  virtual std::shared_ptr<const registry> snapshot(digest128 digest) const = 0;
};

/// First half of a pack's digest: how control messages and decisions name it.
inline digest128 pack_tag(const policy::pack& p) {
  const digest256 d = p.digest();
  return {d.word[0], d.word[1]};
}

/// Scratch of one thread, warm in its cache: whichever partition has a command in hand works on it.
struct bench {
  /// An event of the command in hand, in `event_bytes`.
  struct produced {
    type_no type = 0;
    std::size_t at = 0;
    std::size_t length = 0;
  };
  std::vector<produced> events;
  boost::container::vector<std::byte> event_bytes;
  flatbuffers::FlatBufferBuilder builder{512};
  /// Without entries: changes places with that of a partition while that one's is open.
  batch_writer batch;

  policy::scratch scratch;
  policy::slots slots;
  policy::judgement judged;
  /// By the pack that judges beside it.
  policy::judgement judged_beside;
  std::vector<wire::finding> findings;
  std::vector<wire::fact_version> facts;
  std::vector<wire::count_noted> counted;
  std::string text;
};

struct context {
  instant now;
  /// When the submitter says it happened: for windows and for the law of the day.
  instant event_time;
  account_id account;
  /// The subject that a submission is about.
  subject_id subject;
  wire::origin origin{};
  partition_id self;
  /// The text that came with the submission; empty: none came along.
  std::string_view text;

  /// The one that judges `account`.
  const policy::pack* pack = nullptr;
  std::uint64_t pack_tag = 0;
  /// Judges beside it, without effect; null: none does.
  const policy::pack* pack_beside = nullptr;
  const partition::release* release = nullptr;
  release_tally* compared = nullptr;
  const registry* licensed = nullptr;
  storage::content_store* texts = nullptr;
  bench* work = nullptr;

  /// The text of that name of the item with that handle, from the content store; empty where the store does not have it.
  std::string_view text_of(text_name name, std::uint64_t ref) const;

  /// Whose case it is decides which pack judges it.
  void judge_for(account_id whose) {
    account = whose;
    if (release == nullptr) return;
    pack = release->judging(whose).pack.get();
    pack_tag = release->judging(whose).tag;
    pack_beside = release->beside(whose).pack.get();
  }

  /// Judges `work->slots` into `work->judged` by the law of the event time. Both packs' counters count, so that a pack that
  /// comes into force knows what was.
  const policy::judgement& judge(
      std::uint16_t stage, std::string_view with_text, const policy::history& before = {}) const {
    pack->judge(stage, work->slots, with_text, event_time, account.lo, work->scratch, work->judged, before);
    if (pack_beside != nullptr) judge_beside(stage, with_text, before);
    return work->judged;
  }

 private:
  void judge_beside(std::uint16_t stage, std::string_view with_text, const policy::history& before) const {
    policy::judgement& beside = work->judged_beside;
    pack_beside->judge(stage, work->slots, with_text, event_time, account.lo, work->scratch, beside, before);
    ++compared->judged;
    if (beside.verdict != work->judged.verdict) ++compared->changed;
    for (const policy::tick& t : beside.counted) {
      const auto same = [&](const policy::tick& other) { return other.same_counter(t); };
      auto& all = work->judged.counted;
      if (std::none_of(all.begin(), all.end(), same)) all.push_back(t);
    }
  }
};

}  // namespace zhili::partition
