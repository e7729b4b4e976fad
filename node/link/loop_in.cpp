// SPDX-License-Identifier: Apache-2.0
#include "node/link/loop.hpp"

namespace zhili::node {

std::optional<opened_frame> loop::open(const zmq::message_t& m) {
  auto opened = open_frame(view_of(m));
  if (!opened) {
    count(count_of(opened.error().code));
    return {};
  }
  count(link_count::frames_in);
  count(link_count::entries_in, opened->count());
  count(link_count::bytes_in, opened->bytes());
  return std::move(*opened);
}

void loop::hear(watched& door, bool of_peers) {
  for (int i = 0; i < frames_a_turn; ++i) {
    zmq::message_t id, part;
    if (!receive(door.socket, id)) return;
    if (!id.more() || !receive(door.socket, part)) continue;
    if (part.more()) {
      while (part.more() && receive(door.socket, part)) {
      }
      count(link_count::several_parts);
      continue;
    }
    const char* of_key = zmq_msg_gets(part.handle(), "User-Id");
    const std::string user = of_key == nullptr ? "" : of_key;
    auto frame = open(part);
    if (!frame) continue;
    of_peers ? hear_peer(id.to_string(), user, std::move(*frame)) : hear_client(id.to_string(), user, std::move(*frame));
  }
}

bool loop::gets_along(const hello_entry& h) {
  if (h.shards != shard_count) {
    count(link_count::wrong_shards);
    return false;
  }
  if (h.behaviour < o_.behaviour_min || h.behaviour > o_.behaviour_max) {
    count(link_count::wrong_behaviour);
    return false;
  }
  return true;
}

void loop::send_hello(watched& door, const std::string& id) {
  zmq::message_t to(id.data(), id.size());
  zmq::message_t frame = message_of(frame_of(hello()));
  if (send(door.socket, to, ZMQ_SNDMORE) == sent::yes) send(door.socket, frame);
}

void loop::hear_peer(const std::string& id, const std::string& user, opened_frame frame) {
  if (frame.kind() != frame_kind::hello) {
    const auto found = caller_.find(id);
    if (found == caller_.end()) return count(link_count::no_hello);
    if (shared_.events.from_peer) shared_.events.from_peer(found->second, std::move(frame));
    return;
  }
  const auto h = frame.first<hello_entry>();
  const std::string name(h.node);
  bool known = false;
  for (const link_peer& p : o_.peers) known = known || (p.name == name && !p.as_client);
  if (!known) return count(link_count::unknown_peer);
  if (!shared_.keys.secret_key.empty() && user != name) return count(link_count::wrong_key_for_name);
  if (gets_along(h)) {
    std::string& current = id_of_[name];
    caller_.erase(current);
    current = id;
    caller_[id] = name;
  }
  // Whoever does not get along with us sees from our hello why.
  send_hello(*peers_door_, id);
}

void loop::hear_client(const std::string& id, const std::string& user, opened_frame frame) {
  switch (frame.kind()) {
    case frame_kind::hello: return send_hello(*clients_door_, id);
    case frame_kind::submissions:
    case frame_kind::requests:
      if (shared_.events.from_client) shared_.events.from_client({id, user}, std::move(frame));
      return;
    default: return count(link_count::unexpected_kind);
  }
}

void loop::hear(call& c) {
  for (int i = 0; i < frames_a_turn; ++i) {
    zmq::message_t part;
    if (!c.line || !receive(c.line->socket, part)) return;
    if (part.more()) {
      while (part.more() && receive(c.line->socket, part)) {
      }
      count(link_count::several_parts);
      continue;
    }
    auto frame = open(part);
    if (!frame) continue;
    if (frame->kind() == frame_kind::hello) {
      answered(c, frame->first<hello_entry>());
    } else if (!c.up) {
      count(link_count::no_hello);
    } else if (!c.peer.as_client || (frame->kind() != frame_kind::answers && frame->kind() != frame_kind::replies)) {
      count(link_count::unexpected_kind);
    } else if (shared_.events.from_peer) {
      shared_.events.from_peer(c.peer.name, std::move(*frame));
    }
  }
}

void loop::answered(call& c, const hello_entry& h) {
  const bool mismatch = !c.peer.as_client && h.node != c.peer.name;
  if (mismatch) count(link_count::unknown_peer);
  if (mismatch || (!c.peer.as_client && !gets_along(h))) return drop(c, o_.hello_max);
  c.answer_by = steady::time_point::max();
  if (std::exchange(c.up, true)) return;
  count(link_count::calls_up);
  if (shared_.events.peer_up) shared_.events.peer_up({std::string(h.node), h.incarnation, h.behaviour, h.pack});
}

}  // namespace zhili::node
