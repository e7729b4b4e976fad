// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/outcomes.hpp"

#include <unordered_map>

#include "actors/workflow_numbers.hpp"
#include "protocols/log/batch.hpp"
#include "protocols/message.hpp"
#include "scenarios/world/ledger.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

stop_note note_of(const wire::decided& e, instant at) {
  const wire::decision_head& head = *e.head();
  stop_note out{head.ref(), at, {}, 0, head.verdict(), head.cause(), head.decided_by() != 0, stopped_with_owner(e)};
  if (e.findings() == nullptr) return out;
  for (const wire::finding* f : *e.findings()) {
    if (out.finding_count == stop_note::findings_max) break;
    const bool shadow = f->source() == wire::finding_source::rule && f->severity() == 0;
    if (!shadow) out.findings[out.finding_count++] = *f;
  }
  return out;
}

subject_table table_of(workflow_no w, subject_kind k) {
  if (w == numbers::product) return subject_table::product;
  if (w == numbers::content) return subject_table::content;
  return k == subject_kind::institution ? subject_table::institution : subject_table::practitioner;
}

void take(outcome_book::shard_outcomes& shard, workflow_no w, const wire::decided& e, instant at) {
  const wire::decision_head& head = *e.head();
  if (head.kind() == subject_kind::appeal) return;
  auto& table = shard.tables[static_cast<std::size_t>(table_of(w, head.kind()))];
  if (table.size() <= head.row()) table.resize(head.row() + 1);
  subject_outcome& o = table[head.row()];
  o.subject = head.subject().lo();
  o.ref = head.ref();
  o.kind = head.kind();
  if (o.first == verdict::none) o.first = head.verdict();
  if (head.verdict() == verdict::escalate) {
    o.flags |= subject_outcome::to_desk | subject_outcome::waits;
    return;
  }
  o.flags = static_cast<std::uint8_t>(o.flags & ~subject_outcome::waits);
  if (head.cause() == wire::cause::appeal) o.flags |= subject_outcome::reversed;
  // Taken back while it waited: what stood goes on to stand.
  if (head.verdict() == verdict::none) return;
  o.last = head.verdict();
  if (!o.was_stopped() && stops(head.kind(), head.verdict())) {
    o.stop = static_cast<std::uint32_t>(shard.stops.size());
    shard.stops.push_back(note_of(e, at));
  }
}

using rows = std::vector<subject_outcome>;

/// Rows are dealt as submissions come, so most subjects have the same row in both runs.
class other_run {
 public:
  explicit other_run(const rows& table) : table_(table), met_(table.size()) {}

  const subject_outcome* find(std::uint64_t subject, std::size_t row) {
    if (row < table_.size() && table_[row].subject == subject) return meet(row);
    if (places_.empty()) {
      for (std::size_t n = 0; n < table_.size(); ++n) places_.emplace(table_[n].subject, n);
    }
    const auto found = places_.find(subject);
    return found == places_.end() ? nullptr : meet(found->second);
  }
  bool met(std::size_t row) const { return met_[row]; }

 private:
  const subject_outcome* meet(std::size_t row) {
    met_[row] = true;
    return &table_[row];
  }
  const rows& table_;
  std::vector<bool> met_;
  std::unordered_map<std::uint64_t, std::size_t> places_;
};

}  // namespace

void outcome_book::committed(partition_id of, const batch_reader& batch) {
  if (of.workflow != numbers::onboarding && of.workflow != numbers::product && of.workflow != numbers::content) return;
  instant at;
  for (const entry_view entry : batch) {
    if (entry.kind == entry_kind::command) {
      at = {entry.header<wire::command_header>().at()};
    } else if (entry.kind == entry_kind::event && entry.type == 1) {
      take(shards_[of.shard], of.workflow, view_body<wire::decided>(entry.content), at);
    }
  }
}

void each_pair(const outcome_book& old, const outcome_book& now, const std::function<void(const outcome_pair&)>& take) {
  for (shard_no shard = 0; shard < shard_count; ++shard) {
    for (std::size_t t = 0; t < subject_tables; ++t) {
      const auto table = static_cast<subject_table>(t);
      const rows& before = old.of(shard).tables[t];
      const rows& after = now.of(shard).tables[t];
      other_run others(before);
      for (std::size_t n = 0; n < after.size(); ++n) {
        if (after[n].subject == 0) continue;
        take({shard, table, static_cast<std::uint32_t>(n), others.find(after[n].subject, n), &after[n]});
      }
      for (std::size_t n = 0; n < before.size(); ++n) {
        if (before[n].subject != 0 && !others.met(n)) take({shard, table, 0, &before[n], nullptr});
      }
    }
  }
}

}  // namespace zhili::scenarios
