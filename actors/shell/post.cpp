// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/post.hpp"

namespace zhili::shell {

void submission::fill(bytes_view body_bytes, std::string_view text_bytes) {
  const std::size_t words = (body_bytes.size() + 7) / 8;
  own_.resize(words + (text_bytes.size() + 7) / 8);
  if (!body_bytes.empty()) std::memcpy(own_.data(), body_bytes.data(), body_bytes.size());
  if (!text_bytes.empty()) std::memcpy(own_.data() + words, text_bytes.data(), text_bytes.size());
  // A vector that moves takes its block along: the views hold.
  body = std::as_bytes(std::span{own_}).first(body_bytes.size());
  text = {reinterpret_cast<const char*>(own_.data() + words), text_bytes.size()};
}

partition::command submission::as_command() const {
  partition::command c;
  c.head = wire::command_header(to_wire(account), 0, event_time.ms, to_wire(key), to_wire(subject), 0, 0, 0, 0,
                                wire::origin::submission);
  c.type = type;
  c.body = body;
  c.text = text;
  return c;
}

}  // namespace zhili::shell
