// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/ids_text.hpp"
#include "node/one_submission.hpp"
#include "node/requests.hpp"
#include "protocols/schema/takedown_generated.h"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

constexpr usage about{
    "appeal", "",
    "Files an appeal against a measure, for whoever it was taken against: somebody at the desk who did not "
    "decide before\n"
    "looks at it. The ids are those of the measure as `zhili tail` prints it. The same command again changes "
    "nothing and\n"
    "says how things stand; --again files the second and last appeal after the first was answered. --to may be "
    "given for\n"
    "several nodes: the one that hosts takedown of the account is found.\n\n"
    "examples\n"
    "  zhili appeal --to tcp://127.0.0.1:7600 --subject product:0123… --account institution:0123… --ground "
    "1\n"};

struct about_measure {
  client* node;
  subject_id subject;
  account_id account;
  std::uint8_t ground = 0;
  bool again = false;
};

result<ordered_json> look(const about_measure& a) {
  const ordered_json question{{"subject", to_string(a.subject)}, {"account", to_string(a.account)}};
  const auto reply = a.node->ask(
      static_cast<std::uint16_t>(request_verb::measure), question.dump(), std::chrono::seconds{30});
  if (!reply) return tl::unexpected(reply.error());
  auto j = ordered_json::parse(*reply, nullptr, false);
  if (!j.is_object() || !j.contains("known"))
    return fail(errc::malformed, "the node's reply does not say how the measure stands");
  return j;
}

/// Turns to the node that hosts takedown of the account, and says how the measure stands there.
result<ordered_json> find(about_measure& a, std::span<const std::unique_ptr<client>> nodes) {
  result<ordered_json> stands;
  for (const auto& node : nodes) {
    a.node = node.get();
    stands = look(a);
    if (stands || stands.error().code != errc::not_found) break;
  }
  return stands;
}

struct answer {
  bool accepted = false;
  const char* refused = "";
  std::string words;
};

std::string lies_text(const ordered_json& m, bool zh) {
  return fmt::format(
      fmt::runtime(zh ? "申诉已在研判台：{}" : "the appeal lies at the desk as {}"), m.value("task", "?"));
}

/// What can be said without asking takedown to take the appeal; nothing: file it.
std::optional<answer> settled(const about_measure& a, const ordered_json& m, bool zh) {
  if (!m["known"].get<bool>()) {
    return answer{
        false, "unknown_subject",
        zh ? "这个账户没有针对该对象的处置" : "there is no measure against this subject of this account"};
  }
  if (m["appealing"].get<bool>()) return answer{true, "", lies_text(m, zh)};
  const std::string state = m["state"];
  const auto appeals = m["appeals"].get<unsigned>();
  if (state != "ordered" && state != "in_force") {
    return answer{
        false, "not_in_this_state",
        zh ? "处置已不再有效：已撤销、到期或申诉成立"
           : "the measure no longer holds: it was lifted, its term is over, or an appeal was upheld"};
  }
  if (appeals == 1 && !a.again) {
    return answer{
        false, "not_in_this_state",
        zh ? "申诉已答复，处置维持；有新情况可用 --again 再申诉一次"
           : "the appeal was answered and the measure stands; with something new, --again files the second "
             "and last"};
  }
  return std::nullopt;
}

result<answer> file(const about_measure& a, const ordered_json& m, bool zh) {
  const auto now = time_of(*a.node);
  if (!now) return tl::unexpected(now.error());
  flatbuffers::FlatBufferBuilder b;
  const wire::id subject = to_wire(a.subject);
  b.Finish(wire::takedown::Createfile_appeal(b, &subject, a.ground));
  envelope_fields e;
  e.workflow = workflow_numbers::takedown;
  e.type = static_cast<type_no>(wire::takedown::takedown_command::file_appeal);
  e.account = a.account;
  e.subject = a.subject;
  e.key = key_of(
      subject_kind::appeal, a.subject, 103,
      {a.account.hi, a.account.lo, a.ground, m["serial"].get<std::uint64_t>(),
       m["appeals"].get<std::uint64_t>()});
  e.body = body_of(b);
  const auto o = submit_one(*a.node, e, *now);
  if (!o) return tl::unexpected(o.error());
  if (o->status() == wire::status::refused) {
    const bool closed = o->why() == wire::refusal::appeal_closed;
    return answer{
        false, wire::EnumNamerefusal(o->why()),
        closed ? (zh ? "这项决定已申诉过两次，不再受理"
                     : "this decision was appealed against twice; there is no third time")
               : refusal_text(*o, zh)};
  }
  const auto after = look(a);
  if (!after) return tl::unexpected(after.error());
  return answer{true, "", lies_text(*after, zh)};
}

result<subject_id> id_option(const po::variables_map& values, const char* name) {
  if (!values.count(name))
    return fail(errc::bad_argument, fmt::format("--{} is missing: an id as `zhili tail` prints it", name));
  const std::string text = values[name].as<std::string>();
  const auto id = parse_subject_id(text);
  if (!id)
    return fail(errc::bad_argument, fmt::format("--{}: `{}` is no id such as product:00…", name, text));
  return *id;
}

}  // namespace

int run_appeal(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_clients(options);
  options.add_options()("subject", po::value<std::string>(), "what the measure was taken against")(
      "account", po::value<std::string>(), "whose it is")(
      "ground", po::value<unsigned>()->default_value(0),
      "0 other, 1 facts are wrong, 2 corrected since, 3 the rule does not apply")(
      "again", po::bool_switch(), "the second appeal, after the first was answered");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto to = clients_options_of(p.values);
  if (!to) return complain(to.error());
  const auto subject = id_option(p.values, "subject");
  if (!subject) return complain(subject.error());
  const auto account = id_option(p.values, "account");
  if (!account) return complain(account.error());
  const unsigned ground = p.values["ground"].as<unsigned>();
  if (ground > 3)
    return complain(
        {errc::bad_argument,
         "--ground is 0 other, 1 facts are wrong, 2 corrected since, 3 the rule does not apply"});
  const auto nodes = connect_all(*to);
  if (!nodes) return complain(nodes.error());
  about_measure a{
      nullptr, *subject, *account, static_cast<std::uint8_t>(ground), p.values["again"].as<bool>()};
  const bool zh = language_of(p.values) == scenarios::language::zh;
  const auto stands = find(a, *nodes);
  if (!stands) return complain(stands.error());
  const auto known = settled(a, *stands, zh);
  const result<answer> said = known ? result<answer>(*known) : file(a, *stands, zh);
  if (!said) return complain(said.error());
  if (wants_json(p.values)) {
    ordered_json out{{"accepted", said->accepted}};
    if (!said->accepted) out["refused"] = said->refused;
    out["says"] = said->words;
    std::printf("%s\n", out.dump(2).c_str());
  } else {
    std::fprintf(
        said->accepted ? stdout : stderr, "%s%s\n", said->accepted ? "" : (zh ? "拒绝：" : "refused: "),
        said->words.c_str());
  }
  return said->accepted ? exit_ok : exit_failed;
}

}  // namespace zhili::node
