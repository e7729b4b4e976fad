// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compare/recorded_acts.hpp"

#include "actors/workflow_numbers.hpp"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/takedown_generated.h"
#include "scenarios/trace/body_codec.hpp"
#include "scenarios/trace/format.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::scenarios {

namespace numbers = workflow_numbers;

namespace {

namespace desk_msg = wire::desk;
namespace takedown_msg = wire::takedown;

template <class Traits>
constexpr type_no type_of() {
  return static_cast<type_no>(Traits::enum_value);
}
constexpr type_no claim = type_of<desk_msg::desk_commandTraits<desk_msg::claim>>();
constexpr type_no decide_task = type_of<desk_msg::desk_commandTraits<desk_msg::decide_task>>();
constexpr type_no acknowledge = type_of<takedown_msg::takedown_commandTraits<takedown_msg::acknowledge>>();
constexpr type_no file_appeal = type_of<takedown_msg::takedown_commandTraits<takedown_msg::file_appeal>>();

void note(const trace_submission& s, recorded_acts& out) {
  ++out.submissions;
  if (s.workflow == numbers::desk && s.type == claim) ++out.claims;
  if (s.workflow == numbers::desk && s.type == decide_task) {
    ++out.decisions;
    // The subject of what goes to the desk is the task.
    out.decided[s.subject.lo] = s.at;
  }
  if (s.workflow != numbers::takedown) return;
  if (s.type == file_appeal) {
    ++out.appeals;
    out.appealed.insert(s.subject.lo);
  } else if (s.type == acknowledge) {
    ++out.acknowledgements;
    const auto body = body_codec::of_thread().from_json(s.workflow, s.type, s.body);
    if (!body) return;
    const auto& a = *flatbuffers::GetRoot<takedown_msg::acknowledge>(body->data());
    if (a.effect() != nullptr) out.acknowledged[recorded_acts::order_key(from_wire(*a.effect()), a.serial())] = s.at;
  }
}

}  // namespace

result<recorded_acts> read_acts(const std::filesystem::path& trace) {
  auto reader = line_reader::open(trace);
  if (!reader) return tl::unexpected(reader.error());
  recorded_acts out;
  line_parser parser;
  // A chain over the lines: the same of a compressed file and of a plain one.
  for (;;) {
    const auto line = reader->next();
    if (!line && line.error().code == errc::too_large) continue;
    if (!line || !*line) return out;
    const digest256 links[2] = {out.digest, blake2b_256(as_bytes_view(**line))};
    out.digest = blake2b_256(std::as_bytes(std::span{links}));
    if (reader->number() == 1) continue;
    if (const auto parsed = parser.line(**line)) {
      if (const auto* s = std::get_if<trace_submission>(&*parsed)) note(*s, out);
    }
  }
}

}  // namespace zhili::scenarios
