// SPDX-License-Identifier: Apache-2.0
#include "node/one_submission.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/requests.hpp"

namespace zhili::node {

result<instant> time_of(client& node) {
  const auto reply = node.ask(static_cast<std::uint16_t>(request_verb::time), {}, std::chrono::seconds{10});
  if (!reply) return tl::unexpected(reply.error());
  const auto j = nlohmann::json::parse(*reply, nullptr, false);
  if (!j.is_object() || !j.contains("now")) return fail(errc::malformed, "the node's reply has no time");
  return instant{j.value("now", std::int64_t{0})};
}

result<wire::outcome> submit_one(client& node, envelope_fields fields, instant at) {
  fields.event_time = fields.sent_at = at;
  auto envelope = encode_envelope(fields);
  if (!envelope) return tl::unexpected(envelope.error());
  const auto heard = std::make_shared<result<wire::outcome>>(fail(errc::io, "no answer came"));
  node.on_answer([heard](const answer_entry& a) {
    *heard =
        a.what == answer_kind::outcome ? result<wire::outcome>(a.outcome) : fail(a.code, std::string(a.text));
  });
  status done = node.submit(fields.key, std::move(*envelope));
  if (done) done = node.finish();
  // `finish` may see the answer counted before it was handed on: what is asked next is answered behind it.
  if (done) {
    if (const auto behind = time_of(node); !behind) done = tl::unexpected(behind.error());
  }
  node.on_answer({});
  if (!done) return tl::unexpected(done.error());
  return *heard;
}

subject_id key_of(
    subject_kind kind, subject_id about, std::uint64_t stage, std::initializer_list<std::uint64_t> says) {
  return derive_id(kind, about, stage, xxh3_64(std::as_bytes(std::span(says.begin(), says.size()))));
}

std::string refusal_text(const wire::outcome& o, bool zh) {
  using wire::refusal;
  switch (o.why()) {
    case refusal::out_of_range:
      return fmt::format(
          fmt::runtime(zh ? "第 {} 项取值不允许" : "value no. {} is out of its range"), o.field());
    case refusal::event_time_too_early:
    case refusal::event_time_too_late:
      return zh ? "时间与节点相差太远" : "its time is too far from the node's";
    case refusal::not_in_this_state:
      return zh ? "现在不行：对象的状态已变，或节点还没有规则包"
                : "not now: things have changed meanwhile, or the node has no pack yet";
    default: return wire::EnumNamerefusal(o.why());
  }
}

}  // namespace zhili::node
