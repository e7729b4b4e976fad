// SPDX-License-Identifier: Apache-2.0
#include "node/link/loop.hpp"

namespace zhili::node {

outgoing loop::next_frame(call& c) {
  if (!c.faults) return c.queue.pop();
  outgoing next = c.faults->next(c.queue, steady::now());
  const fault_counts done = c.faults->counted();
  count(link_count::fault_dropped, done.dropped);
  count(link_count::fault_doubled, done.doubled);
  count(link_count::fault_reordered, done.reordered);
  return next;
}

void loop::say(call& c) {
  if (!c.line) return;
  if (c.hello_due) {
    zmq::message_t frame = message_of(frame_of(hello()));
    c.hello_due = send(c.line->socket, frame) != sent::yes;
  }
  for (int i = 0; c.up && i < frames_a_turn; ++i) {
    if (!c.held) {
      outgoing next = next_frame(c);
      if (next.entries == 0) return;
      c.held_entries = next.entries;
      c.held.emplace(message_of(std::move(next.bytes)));
    }
    const std::size_t bytes = c.held->size();
    if (send(c.line->socket, *c.held) != sent::yes) return;
    c.held.reset();
    count(link_count::frames_out);
    count(link_count::entries_out, c.held_entries);
    count(link_count::bytes_out, bytes);
  }
}

void loop::say_to_clients() {
  clients_wait_ = idle_max;
  if (!clients_door_) return;
  const std::lock_guard lock(shared_.clients_mutex);
  shared_.clients_bytes = 0;
  for (auto it = shared_.clients.begin(); it != shared_.clients.end();) {
    auto& [id, box] = *it;
    const sent how = say(id, box);
    if (how == sent::later) {
      shared_.clients_bytes += box.held.bytes.size() + box.queue.bytes();
      ++it;
      continue;
    }
    if (how == sent::gone) count(link_count::client_gone, box.held.entries + box.queue.entries());
    it = shared_.clients.erase(it);
  }
}

// yes: nothing waits any more.
sent loop::say(const std::string& id, client_box& box) {
  for (int i = 0; i < frames_a_turn; ++i) {
    if (box.held.entries == 0) box.held = box.queue.pop();
    if (box.held.entries == 0) return sent::yes;
    zmq::message_t to(id.data(), id.size());
    const sent how = send(clients_door_->socket, to, ZMQ_SNDMORE);
    if (how == sent::later) clients_wait_ = std::min(clients_wait_, retry_after);
    if (how != sent::yes) return how;
    outgoing frame = std::exchange(box.held, {});
    const std::size_t bytes = frame.bytes.size();
    zmq::message_t part = message_of(std::move(frame.bytes));
    if (send(clients_door_->socket, part) != sent::yes) return sent::gone;
    count(link_count::frames_out);
    count(link_count::entries_out, frame.entries);
    count(link_count::bytes_out, bytes);
  }
  clients_wait_ = milliseconds{0};
  return sent::later;
}

bool loop::nothing_waits() {
  for (const call& c : calls_) {
    if (c.up && (c.held || !c.queue.empty())) return false;
  }
  const std::lock_guard lock(shared_.clients_mutex);
  return shared_.clients.empty();
}

}  // namespace zhili::node
