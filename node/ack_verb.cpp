// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/ids_text.hpp"
#include "node/one_submission.hpp"
#include "protocols/schema/takedown_generated.h"

namespace zhili::node {
namespace {

constexpr usage about{
    "ack", "",
    "Tells a node that measures are in force: reads the lines of `zhili tail` on standard input and acknowledges every\n"
    "measure among them by its effect id. Until that a measure counts as not in force and comes again. Doing it twice\n"
    "changes nothing.\n\n"
    "examples\n"
    "  zhili tail --to tcp://127.0.0.1:7600 --position p.json | carry-out | zhili ack --to tcp://127.0.0.1:7600\n"};

struct measure_line {
  subject_id effect;
  subject_id subject;
  account_id account;
  std::uint32_t serial = 0;
};

result<measure_line> parse_measure(const nlohmann::json& j) {
  measure_line m;
  for (const auto& [field, into] : {std::pair{"effect", &m.effect}, std::pair{"subject", &m.subject}, std::pair{"account", &m.account}}) {
    const auto text = j.contains(field) && j[field].is_string() ? j[field].get<std::string>() : std::string{};
    const auto id = parse_subject_id(text);
    if (!id) return fail(errc::malformed, fmt::format("field `{}`: `{}` is no id such as institution:00…", field, text));
    *into = *id;
  }
  if (!j.contains("serial") || !j["serial"].is_number_unsigned()) return fail(errc::malformed, "field `serial` is missing");
  m.serial = j["serial"].get<std::uint32_t>();
  return m;
}

result<std::vector<std::byte>> envelope_of(const measure_line& m, subject_id key, instant now) {
  flatbuffers::FlatBufferBuilder b;
  const wire::id effect = to_wire(m.effect);
  b.Finish(wire::takedown::Createacknowledge(b, &effect, m.serial));
  envelope_fields e;
  e.workflow = workflow_numbers::takedown;
  e.type = static_cast<type_no>(wire::takedown::takedown_command::acknowledge);
  e.account = m.account;
  e.subject = m.subject;
  e.key = key;
  e.event_time = e.sent_at = now;
  e.body = body_of(b);
  return encode_envelope(e);
}

}  // namespace

int run_ack(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_client(options);
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto to = client_options_of(p.values);
  if (!to) return complain(to.error());
  auto connected = client::connect(*to);
  if (!connected) return complain(connected.error());
  std::uint64_t number = 0, bad = 0;
  result<instant> time = fail(errc::io, "not asked yet");
  std::chrono::steady_clock::time_point asked;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    const auto j = nlohmann::json::parse(line, nullptr, false);
    if (!j.is_object()) {
      ++bad;
      std::fprintf(stderr, "line %llu: is no JSON object\n", static_cast<unsigned long long>(number));
      continue;
    }
    if (!j.contains("kind") || j["kind"] != "measure") continue;
    const auto m = parse_measure(j);
    // Lines come as the platform gets on with its work, over hours too.
    if (const auto moment = std::chrono::steady_clock::now(); !time || moment - asked > std::chrono::seconds{1}) {
      time = time_of(**connected);
      if (!time) return complain(time.error());
      asked = moment;
    }
    // The same acknowledgement has the same key.
    const subject_id key = m ? derive_id(subject_kind::measure, m->effect, 3, m->serial) : subject_id{};
    const auto envelope = m ? envelope_of(*m, key, *time) : tl::unexpected(m.error());
    if (!envelope) {
      ++bad;
      std::fprintf(stderr, "line %llu: %s\n", static_cast<unsigned long long>(number), envelope.error().detail.c_str());
      continue;
    }
    if (const status sent = (*connected)->submit(key, *envelope); !sent) return complain(sent.error());
  }
  if (const status done = (*connected)->finish(); !done) return complain(done.error());
  const client_counters c = (*connected)->counters();
  const bool zh = language_of(p.values) == scenarios::language::zh;
  std::printf("%s\n", wants_json(p.values)
                          ? nlohmann::ordered_json{{"measures", c.sent}, {"accepted", c.accepted}, {"refused", c.refused + c.bad}, {"bad_lines", bad}}.dump(2).c_str()
                          : fmt::format("  {} {}  {} {}  {} {}", zh ? "处置" : "measures", c.sent, zh ? "已确认" : "accepted", c.accepted,
                                        zh ? "拒收" : "refused", c.refused + c.bad)
                                .c_str());
  return bad == 0 ? exit_ok : exit_bad_input;
}

}  // namespace zhili::node
