// SPDX-License-Identifier: Apache-2.0
#include "actors/decision/follow_up.hpp"

#include "actors/decision/draft.hpp"
#include "policy/fields/desk.hpp"
#include "policy/fields/quality.hpp"
#include "protocols/schema/quality_generated.h"
#include "protocols/schema/risk_generated.h"
#include "protocols/schema/takedown_generated.h"

namespace zhili::decision {

using partition::context;
using partition::react_sink;
namespace numbers = workflow_numbers;

namespace {

template <class Command>
constexpr type_no takedown_type() {
  return static_cast<type_no>(wire::takedown::takedown_commandTraits<Command>::enum_value);
}
template <class Command>
constexpr type_no desk_type() {
  return static_cast<type_no>(wire::desk::desk_commandTraits<Command>::enum_value);
}

// How long a person has for a task of normal priority, by queue.
duration time_to_decide(const policy::pack& p, std::string_view queue) {
  namespace setting = fields::desk::setting;
  constexpr struct {
    std::string_view queue;
    std::uint16_t due;
  } known[] = {{"onboarding", setting::due_onboarding},
               {"product", setting::due_product},
               {"content", setting::due_content},
               {"appeal", setting::due_appeal},
               {"quality", setting::due_quality}};
  for (const auto& k : known) {
    if (k.queue == queue) return duration{p.setting(k.due)};
  }
  return std::chrono::hours{24};
}

// No haste doubles the time, high priority leaves a third of it and urgency a twelfth.
duration hurried(duration normal, std::uint8_t priority) {
  switch (priority) {
    case 0: return normal * 2;
    case 1: return normal;
    case 2: return normal / 3;
    default: return normal / 12;
  }
}

void impose(const wire::decided& event, account_id owner, const context& cx, react_sink& out) {
  auto& b = out.builder();
  const auto* findings = event.findings();
  const auto copied =
      findings == nullptr
          ? 0
          : b.CreateVectorOfStructs(reinterpret_cast<const wire::finding*>(findings->Data()), findings->size());
  b.Finish(wire::takedown::Createimpose(b, event.head(), copied, cx.self.workflow));
  out.send(numbers::takedown, owner, takedown_type<wire::takedown::impose>(), body_of(b));
}

// Adverse decisions charge the account's index, their reversal takes the charge back.
void charge(const wire::decision_head& head, account_id owner, react_sink& out) {
  // A doubt changes nothing until a person has decided.
  if (head.verdict() == verdict::escalate) return;
  const bool now = adverse(head.verdict());
  if (!now && !adverse(head.before())) return;
  const wire::risk::charge c(head.subject(), head.points(), head.number(), head.kind(), head.verdict(),
                             now ? std::uint8_t{0} : std::uint8_t{1}, 0, 0);
  out.send(numbers::risk, owner, static_cast<type_no>(wire::risk::risk_commandTraits<wire::risk::charge>::enum_value),
           body_of(c));
}

// Quality draws its sample here, by hash, and is sent only what it drew.
void sample(const wire::decision_head& head, account_id owner, const context& cx, react_sink& out) {
  const bool settled = head.verdict() != verdict::escalate &&
                       (head.cause() == wire::cause::submission || head.cause() == wire::cause::desk);
  if (!settled || cx.pack == nullptr) return;
  const std::uint64_t word[2] = {head.subject().lo(), head.number()};
  const std::uint64_t drawn = xxh3_64(std::as_bytes(std::span{word})) % 1000;
  if (drawn >= static_cast<std::uint64_t>(cx.pack->setting(fields::quality::setting::sample_per_mille))) return;
  const wire::quality::sampled s(head.subject(), head.ref(), head.decided_by(), head.row(), head.number(), head.kind(),
                                 head.verdict(), cx.self.workflow, 0, 0);
  out.send(numbers::quality, owner,
           static_cast<type_no>(wire::quality::quality_commandTraits<wire::quality::sampled>::enum_value), body_of(s));
}

}  // namespace

account_id queue_account(std::string_view name) { return make_subject_id("", subject_kind::queue, name); }

subject_id task_id(subject_id subject, wire::desk::purpose purpose, std::uint64_t occasion) {
  return derive_id(subject_kind::task, subject, static_cast<std::uint64_t>(purpose), occasion);
}

bool asks_about(subject_id task, subject_id subject, wire::desk::purpose purpose, std::uint32_t newest,
                std::uint32_t count) {
  for (std::uint32_t n = newest; n > newest - count; --n) {
    if (purpose != wire::desk::purpose::second_look) {
      if (task == task_id(subject, purpose, n)) return true;
      continue;
    }
    // Quality asks twice about one decision: a second opinion and, where the two differ, a third.
    for (const std::uint64_t opinion : {0u, 1u}) {
      if (task == task_id(subject, purpose, std::uint64_t{n} << 1 | opinion)) return true;
    }
  }
  return false;
}

void ask_desk(const context& cx, react_sink& out, account_id owner, subject_id subject, std::uint64_t ref,
              std::uint32_t row, subject_kind kind, const desk_request& r) {
  const instant due = cx.now + hurried(time_to_decide(*cx.pack, r.queue), r.priority);
  const wire::desk::open_task task(
      to_wire(task_id(subject, r.purpose, r.occasion)), to_wire(subject), to_wire(owner), ref, due.ms, r.not_by,
      r.nor_by, row, kind, cx.self.workflow, r.purpose, r.priority);
  out.send(numbers::desk, queue_account(r.queue), desk_type<wire::desk::open_task>(), body_of(task));
}

void follow_up(const wire::decided& event, account_id owner, const context& cx, react_sink& out,
               std::string_view queue) {
  const wire::decision_head& head = *event.head();
  out.act_for(owner);
  if (head.verdict() == verdict::escalate) {
    ask_desk(cx, out, owner, from_wire(head.subject()), head.ref(), head.row(), head.kind(),
             {.queue = queue, .occasion = head.number()});
  } else if (adverse(head.verdict())) {
    impose(event, owner, cx, out);
  } else if (adverse(head.before())) {
    const wire::takedown::lift lift(head.subject(), head.row(), head.number());
    out.send(numbers::takedown, owner, takedown_type<wire::takedown::lift>(), body_of(lift));
  }
  charge(head, owner, out);
  sample(head, owner, cx, out);
}

}  // namespace zhili::decision
