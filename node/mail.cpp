// SPDX-License-Identifier: Apache-2.0
#include "node/mail.hpp"

namespace zhili::node {

void mail::post(partition_id to, const frame_entry& entry) {
  zmq_link* const link = link_.load(std::memory_order_relaxed);
  if (link == nullptr || link->post(where_.of(to), entry) != posted::yes) put_off_.fetch_add(1, std::memory_order_relaxed);
}

void mail::send(std::vector<shell::letter>&& letters) {
  for (const shell::letter& l : letters) {
    post(l.destination(), message_entry{l.source, l.incarnation, l.head, l.type, l.body()});
  }
}

void mail::tell(std::vector<shell::receipt_note>&& notes) {
  for (const shell::receipt_note& n : notes) {
    post(n.source, receipt_entry{n.source, n.stream.partition, static_cast<std::uint8_t>(n.stream.kind), n.again,
                                 n.incarnation, n.through});
  }
}

shell::letter letter_of(const message_entry& m) {
  shell::letter l;
  l.head = m.head;
  l.source = m.source;
  l.incarnation = m.incarnation;
  l.type = m.type;
  l.fill(m.body);
  return l;
}

shell::receipt_note note_of(const receipt_entry& r) {
  return {r.source, {r.destination, static_cast<partition::stream_kind>(r.stream)}, r.through, r.again, r.incarnation};
}

}  // namespace zhili::node
