// SPDX-License-Identifier: Apache-2.0
// One shard's outside in a replay: what the trace says was submitted, in its order. Nobody reacts; what people did is in
// the trace too.
#pragma once

#include "scenarios/trace/feed.hpp"
#include "scenarios/trace/spool.hpp"
#include "scenarios/world/ledger.hpp"

namespace zhili::scenarios {

/// What people did in the recording and the replayed run had no use for: refused there.
struct unused_acts {
  std::uint64_t claims = 0;
  std::uint64_t decisions = 0;
  std::uint64_t appeals = 0;
  std::uint64_t acknowledgements = 0;

  unused_acts& operator+=(const unused_acts& o);
};

class trace_shard final : public shard_world {
 public:
  trace_shard(trace_feed& feed, shard_no shard, ledger books, storage::content_store* kept, batch_witness* witness = nullptr)
      : feed_(feed), shard_(shard), books_(std::move(books)), texts_(kept), witness_(witness) {}

  instant next() override;
  const submission* take() override;
  void answered(const submission& s, const partition::outcome& answer, bool repeated) override;
  void committed(const partition::engine& of, const batch_reader& batch) override {
    books_.take(of.id(), batch);
    if (witness_ != nullptr) witness_->committed(of.id(), batch);
  }
  void meet(std::span<partition::engine* const>) override {}
  storage::content_store& texts() override { return texts_; }

  ledger& books() { return books_; }
  std::uint64_t submissions() const { return submissions_; }
  std::uint64_t submissions(subject_kind k) const { return by_kind_[static_cast<std::size_t>(k)]; }
  const unused_acts& unused() const { return unused_; }
  /// Submissions that name a text which the trace does not bring.
  std::uint64_t without_text() const { return without_text_; }

 private:
  bool lacks_text();

  trace_feed& feed_;
  shard_no shard_;
  ledger books_;
  text_spool texts_;
  batch_witness* witness_;
  std::deque<trace_submission> queue_;
  /// Before this time nothing more will come.
  instant horizon_{0};
  trace_submission in_hand_;
  std::string_view type_name_;
  submission now_;
  std::uint64_t submissions_ = 0;
  std::array<std::uint64_t, 16> by_kind_{};
  unused_acts unused_;
  std::uint64_t without_text_ = 0;
};

}  // namespace zhili::scenarios
