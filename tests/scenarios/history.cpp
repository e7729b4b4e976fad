// SPDX-License-Identifier: Apache-2.0
#include "tests/scenarios/history.hpp"

#include <algorithm>

#include "actors/workflow_numbers.hpp"
#include "protocols/message.hpp"

namespace zhili::scenarios::testing {

namespace numbers = workflow_numbers;

namespace {

class reader {
 public:
  explicit reader(history& out) : out_(out) {}

  void take(partition_id where, const batch_reader& batch) {
    where_ = where;
    for (const entry_view entry : batch) {
      if (entry.kind == entry_kind::command) {
        const auto& head = entry.header<wire::command_header>();
        at_ = {head.at()};
        origin_ = head.origin();
        if (origin_ == wire::origin::submission) out_.keys.push_back(from_wire(head.key()));
      } else if (entry.kind == entry_kind::event && entry.type == 1) {
        take_decided(view_body<wire::decided>(entry.content));
      } else if (entry.kind == entry_kind::event && where.workflow == numbers::onboarding) {
        take_papers(entry);
      } else if (entry.kind == entry_kind::effect) {
        take_effect(entry);
      }
    }
  }

 private:
  void take_decided(const wire::decided& e) {
    const wire::decision_head& h = *e.head();
    decision_note d{where_,     at_,           from_wire(h.subject()), h.ref(),    h.kind(), h.row(), h.number(),
                    h.verdict(), h.before(), h.cause(),              {}};
    if (e.findings() != nullptr) {
      for (const wire::finding* f : *e.findings()) d.findings.push_back(*f);
    }
    if (where_.workflow == numbers::onboarding) {
      out_.admissions.push_back({d.subject, at_, admission_note::step::decided, 0, d.verdict, {}});
    }
    out_.decisions.push_back(std::move(d));
  }

  void take_papers(const entry_view& entry) {
    using namespace wire::onboarding;
    const auto is = [&](auto event) { return entry.type == static_cast<type_no>(event); };
    admission_note p{{}, at_, admission_note::step::shown, 0, {}, {}};
    if (is(onboarding_event::institution_recorded)) {
      const auto& e = view_body<institution_recorded>(entry.content);
      p.subject = from_wire(e.institution());
      p.valid_to = e.licence_to();
    } else if (is(onboarding_event::practitioner_recorded)) {
      const auto& e = view_body<practitioner_recorded>(entry.content);
      p.subject = from_wire(e.practitioner());
      p.valid_to = e.registered_to();
    } else if (is(onboarding_event::standing_changed)) {
      const auto& e = view_body<standing_changed>(entry.content);
      p.subject = from_wire(e.subject());
      p.what = admission_note::step::moved;
      p.standing = e.standing();
    } else {
      return;
    }
    out_.admissions.push_back(p);
  }

  void take_effect(const entry_view& entry) {
    const auto& head = entry.header<wire::effect_header>();
    const bytes_view body = entry.body<wire::effect_header>();
    effect_note n{where_, from_wire(head.effect()), {}, entry.type, 0, {}, false, origin_};
    if (entry.type == shared_type<wire::page_requested>()) {
      const auto& e = view_body<wire::page_requested>(body);
      n.subject = from_wire(e.subject());
      n.serial = e.visit();
    } else if (entry.type == shared_type<wire::licence_requested>()) {
      const auto& e = view_body<wire::licence_requested>(body);
      n.subject = from_wire(e.institution());
      n.serial = e.visit();
    } else {
      const auto& e = view_body<wire::takedown::order_issued>(body);
      n.subject = from_wire(*e.subject());
      n.serial = e.serial();
      n.verdict = e.verdict();
      n.imposed = e.imposed();
    }
    out_.effects.push_back(n);
  }

  history& out_;
  partition_id where_;
  instant at_;
  wire::origin origin_{};
};

template <class State>
const State& state_of(const kernel& k, workflow_no workflow, shard_no shard) {
  return *static_cast<const State*>(k.engine_at({workflow, shard}).state().state());
}

}  // namespace

bool decision_note::has_gate(wire::gate g) const {
  return std::any_of(findings.begin(), findings.end(), [&](const wire::finding& f) {
    return f.source() == wire::finding_source::gate && f.code() == static_cast<std::uint16_t>(g);
  });
}

history read_history(storage::partition_log& log) {
  history out;
  const auto partitions = log.partitions();
  ZHILI_ASSERT(partitions.has_value(), partitions.error().detail);
  for (const partition_id where : *partitions) {
    reader r(out);
    const status read = log.read(where, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
      const auto batch = batch_reader::open(bytes);
      ZHILI_ASSERT(batch.has_value(), batch.error().detail);
      r.take(where, *batch);
      return true;
    });
    ZHILI_ASSERT(read.has_value(), read.error().detail);
  }
  return out;
}

bool final_states::settled(workflow_no from, account_id source, workflow_no to, account_id destination) const {
  return !on_the_way.contains({{from, shard_of(source)}, {to, shard_of(destination)}});
}

final_states copy_states(const kernel& k, instant end) {
  final_states out;
  out.end = end;
  for (shard_no n = 0; n < shard_count; ++n) {
    shard_states& s = out.shards[n];
    s.papers = state_of<onboarding::state>(k, numbers::onboarding, n);
    s.listings = state_of<product::state>(k, numbers::product, n);
    s.contents = state_of<content::state>(k, numbers::content, n);
    s.measures = state_of<takedown::state>(k, numbers::takedown, n);
    s.indices = state_of<risk::state>(k, numbers::risk, n);
    for (const auto* w : partition::workflows()) {
      const partition::engine& e = k.engine_at({w->number, n});
      for (const auto* to : partition::workflows()) {
        for (shard_no m = 0; m < shard_count; ++m) {
          for (const auto kind : {partition::stream_kind::inside_account, partition::stream_kind::across_accounts}) {
            e.each_unacknowledged({{to->number, m}, kind}, [&](const partition::message_view&) {
              out.on_the_way.insert({e.id(), {to->number, m}});
            });
          }
        }
      }
    }
  }
  return out;
}

}  // namespace zhili::scenarios::testing
