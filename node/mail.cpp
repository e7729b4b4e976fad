// SPDX-License-Identifier: Apache-2.0
#include "node/mail.hpp"

namespace zhili::node {

template <class Item, class Home, class Entry>
void mail::post(const std::vector<Item>& items, Home&& home_of, Entry&& entry_of) {
  zmq_link* const link = link_.load(std::memory_order_relaxed);
  std::vector<frame_entry> together;
  together.reserve(items.size());
  for (std::size_t n = 0; n < items.size();) {
    const std::string& home = home_of(items[n]);
    together.clear();
    for (; n < items.size() && &home_of(items[n]) == &home; ++n) together.push_back(entry_of(items[n]));
    const std::size_t taken = link == nullptr ? 0 : link->post(home, together);
    put_off_.fetch_add(together.size() - taken, std::memory_order_relaxed);
  }
}

void mail::send(std::vector<shell::letter>&& letters) {
  post(
      letters, [this](const shell::letter& l) -> const std::string& { return where_.of(l.destination()); },
      [](const shell::letter& l) { return message_entry{l.source, l.incarnation, l.head, l.type, l.body()}; });
}

void mail::tell(std::vector<shell::receipt_note>&& notes) {
  post(
      notes, [this](const shell::receipt_note& n) -> const std::string& { return where_.of(n.source); },
      [](const shell::receipt_note& n) {
        return receipt_entry{n.source, n.stream.partition, static_cast<std::uint8_t>(n.stream.kind), n.again, n.incarnation,
                             n.through};
      });
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
