// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/ids_text.hpp"
#include "node/one_submission.hpp"
#include "node/requests.hpp"
#include "protocols/schema/desk_generated.h"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

constexpr usage about{
    "desk", "list|claim|decide",
    "What people have to decide. `list` prints the open tasks in the order in which they should be taken: "
    "urgent first,\n"
    "then by due time. `claim` takes one for a while; `decide` says what is to be, with a reason: a number "
    "from 1000 of\n"
    "the queue's own list, or that of a gate. A task that nobody holds is claimed by deciding it. The same "
    "command again\n"
    "changes nothing. --to names the node that hosts the desk; where several host a part of it, give each.\n\n"
    "examples\n"
    "  zhili desk list --to tcp://127.0.0.1:7600 --queue product\n"
    "  zhili desk claim --to tcp://127.0.0.1:7600 --task task:0123… --reviewer 7\n"
    "  zhili desk decide --to tcp://127.0.0.1:7600 --task task:0123… --reviewer 7 --verdict reject --reason "
    "1000\n"};

struct command {
  const po::variables_map& values;
  std::span<const std::unique_ptr<client>> nodes;
  /// Of `claim` and `decide`: whoever has the task.
  client* node;
  bool zh;
  bool json;

  const char* say(const char* in_zh, const char* in_en) const { return zh ? in_zh : in_en; }
  std::uint64_t reviewer() const {
    return values.count("reviewer") ? values["reviewer"].as<std::uint64_t>() : 0;
  }
};

result<ordered_json> ask(client& node, const ordered_json& question) {
  const auto reply =
      node.ask(static_cast<std::uint16_t>(request_verb::desk), question.dump(), std::chrono::seconds{30});
  if (!reply) return tl::unexpected(reply.error());
  auto j = ordered_json::parse(*reply, nullptr, false);
  if (!j.is_object() || !j.contains("tasks")) return fail(errc::malformed, "the node's reply has no tasks");
  return j;
}

/// The tasks of every node that hosts a part of the desk, in the order in which the desk hands them out.
result<ordered_json> ask_all(const command& c, const ordered_json& question) {
  ordered_json all;
  error none{errc::not_found, "no desk"};
  for (const auto& node : c.nodes) {
    auto reply = ask(*node, question);
    if (!reply) {
      none = reply.error();
      // Hosts no desk: another one may.
      if (none.code != errc::not_found) return reply;
      continue;
    }
    if (all.is_null()) {
      all = std::move(*reply);
      continue;
    }
    all["total"] = all["total"].get<std::size_t>() + (*reply)["total"].get<std::size_t>();
    for (auto& t : (*reply)["tasks"]) all["tasks"].push_back(std::move(t));
  }
  if (all.is_null()) return tl::unexpected(none);
  auto& tasks = all["tasks"].get_ref<ordered_json::array_t&>();
  const auto place = [](const ordered_json& t) {
    return std::tuple(
        -t["priority"].get<int>(), t["due"].get<std::int64_t>(), t["opened"].get<std::int64_t>(), t["task"].get<std::string>());
  };
  if (c.nodes.size() > 1) std::ranges::sort(tasks, {}, place);
  if (question.contains("limit")) tasks.resize(std::min(tasks.size(), question["limit"].get<std::size_t>()));
  return all;
}

std::string minute(std::int64_t ms) {
  return to_string(instant{ms}).substr(0, 16);
}

int list(const command& c) {
  ordered_json question = ordered_json::object();
  if (c.values.count("queue")) question["queue"] = c.values["queue"].as<std::string>();
  if (c.reviewer() != 0) question["reviewer"] = c.reviewer();
  question["limit"] = c.values["limit"].as<std::size_t>();
  const auto reply = ask_all(c, question);
  if (!reply) return complain(reply.error());
  if (c.json) {
    std::printf("%s\n", reply->dump(2).c_str());
    return exit_ok;
  }
  constexpr auto line = "{:<35}  {:<10}  {:<11}  {:<12}  {:>8}  {:<16}  {:<16}  {:<30}  {}\n";
  std::string out = fmt::format(
      fmt::runtime(line), c.say("任务", "task"), c.say("队列", "queue"), c.say("事由", "purpose"),
      c.say("对象类别", "kind"), c.say("优先级", "priority"), c.say("期限", "due"),
      c.say("等待自", "waiting since"), c.say("认领", "claimed by, until"), c.say("对象", "subject"));
  for (const auto& t : (*reply)["tasks"]) {
    const std::string claimed =
        t.contains("reviewer")
            ? fmt::format("{} {}", t["reviewer"].get<std::uint64_t>(), minute(t["until"].get<std::int64_t>()))
            : "-";
    out += fmt::format(
        fmt::runtime(line), t["task"].get<std::string>(), t["queue"].get<std::string>(),
        t["purpose"].get<std::string>(), t["subject_kind"].get<std::string>(), t["priority"].get<int>(),
        minute(t["due"].get<std::int64_t>()), minute(t["opened"].get<std::int64_t>()), claimed,
        t["subject"].get<std::string>());
  }
  out += fmt::format(
      "  {} {}  {} {}\n", c.say("待办", "open"), (*reply)["total"].get<std::size_t>(), c.say("列出", "shown"),
      (*reply)["tasks"].size());
  std::fputs(out.c_str(), stdout);
  return exit_ok;
}

/// Why the desk said no, as the person at the terminal reads it; `task` is as it stands now.
std::string why_not(const wire::outcome& o, const ordered_json& task, const command& c) {
  using wire::refusal;
  switch (o.why()) {
    case refusal::unknown_subject: return c.say("研判台没有这个任务", "there is no such task at the desk");
    case refusal::already_taken:
      if (task.value("state", "") != "claimed") break;
      return fmt::format(
          fmt::runtime(c.say("任务由 {} 认领，到 {} 为止", "reviewer {} holds this task until {}")),
          task["reviewer"].get<std::uint64_t>(), minute(task["until"].get<std::int64_t>()));
    case refusal::not_yours:
      return fmt::format(
          fmt::runtime(c.say(
              "{} 自己作过这个决定，须由他人来定",
              "reviewer {} decided this before: somebody else has to decide it now")),
          c.reviewer());
    case refusal::not_in_this_state:
      if (task.value("state", "") != "closed") break;
      if (task["reviewer"].get<std::uint64_t>() == 0)
        return c.say("任务已撤回", "the task was withdrawn: no answer is needed any more");
      return fmt::format(
          fmt::runtime(c.say("任务已由 {} 决定：{}（{}）", "reviewer {} has decided this task: {} ({})")),
          task["reviewer"].get<std::uint64_t>(), task["verdict"].get<std::string>(),
          minute(task["closed"].get<std::int64_t>()));
    default: break;
  }
  return refusal_text(o, c.zh);
}

int refused(const wire::outcome& o, const ordered_json& task, const command& c) {
  const std::string words = why_not(o, task, c);
  if (c.json) {
    std::printf(
        "%s\n", ordered_json{{"refused", wire::EnumNamerefusal(o.why())}, {"says", words}, {"task", task}}
                    .dump(2)
                    .c_str());
  } else {
    std::fprintf(stderr, "%s: %s\n", c.say("拒绝", "refused"), words.c_str());
  }
  return exit_failed;
}

int done(const std::string& words, const ordered_json& task, const command& c) {
  std::printf("%s\n", c.json ? ordered_json{{"says", words}, {"task", task}}.dump(2).c_str() : words.c_str());
  return exit_ok;
}

/// The task as it stands; null: there is none.
result<ordered_json> look(const command& c, subject_id task) {
  auto reply = ask(*c.node, {{"task", to_string(task)}});
  if (!reply) return tl::unexpected(reply.error());
  if ((*reply)["tasks"].empty()) return ordered_json{};
  return (*reply)["tasks"][0];
}

/// As which task this command saw it: once it has changed hands, the same words are another command.
std::uint64_t occasion(const ordered_json& task) {
  return task["claims"].get<std::uint64_t>() << 1 | (task["state"] == "claimed" ? 1 : 0);
}

result<wire::outcome> submit(
    const command& c, const ordered_json& task, subject_id id, type_no type, subject_id key,
    const flatbuffers::FlatBufferBuilder& b) {
  const auto now = time_of(*c.node);
  if (!now) return tl::unexpected(now.error());
  envelope_fields e;
  e.workflow = workflow_numbers::desk;
  e.type = type;
  e.account = parse_subject_id(task["queue_account"].get<std::string>()).value_or(account_id{});
  e.subject = id;
  e.key = key;
  e.body = body_of(b);
  return submit_one(*c.node, e, *now);
}

std::string held_text(const ordered_json& task, const command& c) {
  return fmt::format(
      fmt::runtime(c.say("已认领，到 {} 为止", "claimed until {}")),
      minute(task.value("until", std::int64_t{0})));
}

int claim(const command& c, subject_id id, const ordered_json& task) {
  if (task["state"] == "claimed" && task["reviewer"] == c.reviewer())
    return done(held_text(task, c), task, c);
  flatbuffers::FlatBufferBuilder b;
  const wire::id wired = to_wire(id);
  b.Finish(wire::desk::Createclaim(b, &wired, c.reviewer()));
  const subject_id key = key_of(subject_kind::task, id, 101, {c.reviewer(), occasion(task)});
  const auto o = submit(c, task, id, static_cast<type_no>(wire::desk::desk_command::claim), key, b);
  if (!o) return complain(o.error());
  const auto after = look(c, id);
  if (!after) return complain(after.error());
  return o->status() == wire::status::refused ? refused(*o, *after, c)
                                              : done(held_text(*after, c), *after, c);
}

result<verdict> verdict_of(const po::variables_map& values) {
  const std::string text = values.count("verdict") ? values["verdict"].as<std::string>() : std::string{};
  for (const verdict v : {verdict::approve, verdict::label, verdict::demote, verdict::reject}) {
    if (text == wire::EnumNameverdict(v)) return v;
  }
  return fail(
      errc::bad_argument, fmt::format("--verdict is approve, label, demote or reject, not '{}'", text));
}

int decide(const command& c, subject_id id, const ordered_json& task) {
  const auto v = verdict_of(c.values);
  if (!v) return complain(v.error());
  if (!c.values.count("reason"))
    return complain(
        {errc::bad_argument, "--reason is missing: why, as a number of the queue's list (from 1000)"});
  const auto reason = c.values["reason"].as<std::uint16_t>();
  const auto words = fmt::format("{} {}", c.say("已决定：", "decided:"), wire::EnumNameverdict(*v));
  if (task["state"] == "closed" && task["reviewer"] == c.reviewer() &&
      task["verdict"] == wire::EnumNameverdict(*v) && task["reason"] == reason) {
    return done(words, task, c);
  }
  flatbuffers::FlatBufferBuilder b;
  const wire::id wired = to_wire(id);
  b.Finish(wire::desk::Createdecide_task(b, &wired, c.reviewer(), *v, reason));
  const subject_id key = key_of(
      subject_kind::task, id, 102, {c.reviewer(), static_cast<std::uint64_t>(*v), reason, occasion(task)});
  const auto o = submit(c, task, id, static_cast<type_no>(wire::desk::desk_command::decide_task), key, b);
  if (!o) return complain(o.error());
  const auto after = look(c, id);
  if (!after) return complain(after.error());
  return o->status() == wire::status::refused ? refused(*o, *after, c) : done(words, *after, c);
}

/// Turns to the node that has the task, and gives the task; null: nobody has it.
result<ordered_json> find(command& c, subject_id task) {
  std::optional<error> none;
  bool asked = false;
  for (const auto& node : c.nodes) {
    c.node = node.get();
    auto found = look(c, task);
    if (found && !found->is_null()) return found;
    if (!found && found.error().code != errc::not_found) return found;
    if (!found) none = found.error();
    asked = asked || found;
  }
  if (!asked && none) return tl::unexpected(*none);
  return ordered_json{};
}

/// What claim and decide have in common: one task, one person.
int on_task(command& c, int (*what)(const command&, subject_id, const ordered_json&)) {
  if (!c.values.count("task"))
    return complain({errc::bad_argument, "--task is missing: an id as `zhili desk list` prints it"});
  const std::string text = c.values["task"].as<std::string>();
  const auto id = parse_subject_id(text);
  if (!id) return complain({errc::bad_argument, fmt::format("--task: `{}` is no id such as task:00…", text)});
  if (c.reviewer() == 0)
    return complain({errc::bad_argument, "--reviewer is missing: who decides, as a number above 0"});
  const auto task = find(c, *id);
  if (!task) return complain(task.error());
  if (task->is_null()) {
    return refused(
        wire::outcome(
            wire::status::refused, verdict::none, wire::refusal::unknown_subject, 1, subject_kind::task, 0),
        {}, c);
  }
  return what(c, *id, *task);
}

}  // namespace

int run_desk(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_clients(options);
  options.add_options()("queue", po::value<std::string>(), "list: only this queue, as product")(
      "limit", po::value<std::size_t>()->default_value(50), "list: so many at most, up to 400")(
      "reviewer", po::value<std::uint64_t>(), "who, as a number; with list: what this one holds or may take")(
      "task", po::value<std::string>(), "claim, decide: the task's id, as list prints it")(
      "verdict", po::value<std::string>(), "decide: approve, label, demote or reject")(
      "reason", po::value<std::uint16_t>(), "decide: why, as a number");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const std::string what = p.values["positional"].as<std::vector<std::string>>()[0];
  if (what != "list" && what != "claim" && what != "decide") {
    return complain({errc::bad_argument, fmt::format("desk: list, claim or decide, not '{}'", what)});
  }
  const auto to = clients_options_of(p.values);
  if (!to) return complain(to.error());
  const auto nodes = connect_all(*to);
  if (!nodes) return complain(nodes.error());
  command c{p.values, *nodes, nullptr, language_of(p.values) == scenarios::language::zh, wants_json(p.values)};
  if (what == "list") return list(c);
  return on_task(c, what == "claim" ? claim : decide);
}

}  // namespace zhili::node
