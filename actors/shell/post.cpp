// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/post.hpp"

namespace zhili::shell {

void submission::fill(bytes_view bytes) {
  body_bytes = static_cast<std::uint32_t>(bytes.size());
  body.resize((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(body.data(), bytes.data(), bytes.size());
}

partition::command submission::as_command() const {
  partition::command c;
  c.head = wire::command_header(to_wire(account), 0, event_time.ms, to_wire(key), to_wire(subject), 0, 0, 0, 0,
                                wire::origin::submission);
  c.type = type;
  c.body = std::as_bytes(std::span{body}).first(body_bytes);
  c.text = text;
  return c;
}

}  // namespace zhili::shell
