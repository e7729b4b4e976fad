// SPDX-License-Identifier: Apache-2.0
#include "actors/signal/workflow.hpp"
#include "protocols/schema/content_generated.h"

namespace zhili::signal {

namespace {

void tell(const msg::sighting_kept& e, const sighting& whom, react_sink& out) {
  const wire::content::text_shared m(e.key(), to_wire(whom.subject), whom.row, e.authors());
  constexpr auto type = wire::content::content_commandTraits<wire::content::text_shared>::enum_value;
  out.send(workflow_numbers::content, whom.author, static_cast<type_no>(type), body_of(m));
}

}  // namespace

void react(const state&, const wire::decided&, const context&, react_sink&) {}

void react(const state& s, const msg::sighting_kept& e, const context&, react_sink& out) {
  switch (e.told()) {
    case msg::told::nobody: break;
    case msg::told::this_one:
      tell(e, {from_wire(e.author()), from_wire(e.subject()), e.row(), 0}, out);
      break;
    case msg::told::all_kept:
      for (const sighting& each : s.sightings(from_wire(e.key()))) tell(e, each, out);
      break;
  }
}

}  // namespace zhili::signal
