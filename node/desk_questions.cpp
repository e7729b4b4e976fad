// SPDX-License-Identifier: Apache-2.0
#include "node/desk_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>
#include <tuple>

#include "actors/decision/follow_up.hpp"
#include "actors/desk/state.hpp"
#include "actors/takedown/state.hpp"
#include "node/ids_text.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

/// A reply stays well below a frame.
constexpr std::size_t tasks_max = 400;

constexpr std::string_view queues[] = {"onboarding", "product", "content", "appeal", "quality", "inspection"};

std::string queue_name(account_id queue) {
  for (const std::string_view name : queues) {
    if (decision::queue_account(name) == queue) return std::string(name);
  }
  return to_string(queue);
}

struct wanted {
  subject_id task;
  account_id queue;
  std::uint64_t reviewer = 0;
  std::size_t limit = tasks_max;

  bool takes(const desk::state& list, const desk::task& t) const {
    if (task) return t.id == task;
    if (t.mode == desk::mode::closed || (queue && list.queue_of(t) != queue)) return false;
    if (reviewer == 0) return true;
    if (t.mode == desk::mode::claimed) return t.reviewer == reviewer;
    return list.asked(t).not_by != reviewer && list.asked(t).nor_by != reviewer;
  }
};

struct listed_task {
  desk::task task;
  account_id queue;
  /// Of a closed task nothing.
  desk::question question;
};

template <class Number>
result<Number> number(const ordered_json& j, const char* field, Number otherwise) {
  if (!j.contains(field)) return otherwise;
  if (!j[field].is_number_unsigned())
    return fail(errc::malformed, fmt::format("field `{}` is no number", field));
  return j[field].get<Number>();
}

result<subject_id> id_of(const ordered_json& j, const char* field) {
  const auto text = j.contains(field) && j[field].is_string() ? j[field].get<std::string>() : std::string{};
  const auto id = parse_subject_id(text);
  if (!id)
    return fail(errc::malformed, fmt::format("field `{}`: `{}` is no id such as task:00…", field, text));
  return *id;
}

result<wanted> read_wanted(std::string_view body) {
  const auto j = ordered_json::parse(body, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a question is a JSON object");
  wanted w;
  if (j.contains("task")) {
    const auto id = id_of(j, "task");
    if (!id) return tl::unexpected(id.error());
    w.task = *id;
  }
  if (j.contains("queue")) {
    const auto name = j["queue"].is_string() ? j["queue"].get<std::string>() : std::string{};
    if (std::ranges::find(queues, name) == std::end(queues)) {
      return fail(
          errc::out_of_range,
          fmt::format("there is no queue `{}`; queues: {}", name, fmt::join(queues, ", ")));
    }
    w.queue = decision::queue_account(name);
  }
  const auto reviewer = number(j, "reviewer", w.reviewer);
  const auto limit = number(j, "limit", w.limit);
  if (!reviewer) return tl::unexpected(reviewer.error());
  if (!limit) return tl::unexpected(limit.error());
  w.reviewer = *reviewer;
  w.limit = std::min(*limit, tasks_max);
  return w;
}

ordered_json task_json(const listed_task& of) {
  static constexpr const char* modes[] = {"", "open", "claimed", "closed"};
  const desk::task& t = of.task;
  ordered_json j{
      {"task", to_string(t.id)},
      {"queue", queue_name(of.queue)},
      {"queue_account", to_string(of.queue)},
      {"priority", t.priority},
      {"state", modes[static_cast<std::size_t>(t.mode)]},
      {"claims", t.claims}};
  if (t.mode != desk::mode::closed) {
    const desk::question& q = of.question;
    j["subject"] = to_string(q.subject);
    j["subject_kind"] = wire::EnumNamesubject_kind(q.kind);
    j["ref"] = q.ref;
    j["purpose"] = wire::desk::EnumNamepurpose(q.purpose);
    j["due"] = q.due;
    j["opened"] = q.opened;
  }
  if (t.mode != desk::mode::open) {
    j["reviewer"] = t.reviewer;
    j[t.mode == desk::mode::claimed ? "until" : "closed"] = t.until;
  }
  if (t.mode == desk::mode::closed) {
    j["verdict"] = wire::EnumNameverdict(t.verdict);
    j["reason"] = t.reason;
  }
  return j;
}

template <class State>
const State* state_of(shell::shard_host& shard, workflow_no workflow) {
  const auto* host = shard.find(workflow);
  return host == nullptr ? nullptr : static_cast<const State*>(host->engine().state().state());
}

}  // namespace

result<std::string> desk_tasks(shell::shell& partitions, std::string_view body) {
  const auto w = read_wanted(body);
  if (!w) return tl::unexpected(w.error());
  std::mutex guard;
  std::vector<listed_task> found;
  bool here = false;
  partitions.each_shard([&](shell::shard_host& shard) {
    const auto* desk = state_of<desk::state>(shard, workflow_numbers::desk);
    if (desk == nullptr) return;
    std::vector<listed_task> mine;
    for (const desk::task& t : desk->tasks()) {
      if (!w->takes(*desk, t)) continue;
      const bool closed = t.mode == desk::mode::closed;
      mine.push_back({t, desk->queue_of(t), closed ? desk::question{} : desk->asked(t)});
    }
    std::lock_guard lock(guard);
    here = true;
    found.insert(found.end(), mine.begin(), mine.end());
  });
  if (!here) return fail(errc::not_found, "this node hosts no desk; ask the one that does");
  std::ranges::sort(
      found, {}, [](const listed_task& t) {
        return std::tuple(-t.task.priority, t.question.due, t.question.opened, t.task.id);
      });
  ordered_json out{{"total", found.size()}, {"tasks", ordered_json::array()}};
  for (std::size_t n = 0; n < std::min(found.size(), w->limit); ++n)
    out["tasks"].push_back(task_json(found[n]));
  return out.dump();
}

result<std::string> measure_of(shell::shell& partitions, std::string_view body) {
  const auto j = ordered_json::parse(body, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a question is a JSON object");
  const auto subject = id_of(j, "subject");
  const auto account = id_of(j, "account");
  if (!subject) return tl::unexpected(subject.error());
  if (!account) return tl::unexpected(account.error());
  const shard_no number = shard_of(*account);
  if (!partitions.hosts({workflow_numbers::takedown, number})) {
    return fail(errc::not_found, "takedown of this account lives on another node; ask that one");
  }
  ordered_json out{{"known", false}};
  partitions.each_shard([&](shell::shard_host& shard) {
    if (shard.number() != number) return;
    const auto& measures = state_of<takedown::state>(shard, workflow_numbers::takedown)->measures;
    const auto row = measures.find(*subject);
    if (row == partition::no_row || measures[row].owner != *account) return;
    const takedown::measure& m = measures[row];
    out = {
        {"known", true},
        {"state", wire::takedown::EnumNamemeasure_state(m.state)},
        {"verdict", wire::EnumNameverdict(m.verdict)},
        {"serial", m.serial},
        {"appeals", m.appeals},
        {"appealing", m.appealing != 0}};
    if (m.appealing != 0) {
      out["task"] =
          to_string(decision::task_id(m.id, wire::desk::purpose::appeal, takedown::appeal_occasion(m)));
    }
  });
  return out.dump();
}

}  // namespace zhili::node
