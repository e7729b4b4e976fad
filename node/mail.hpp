// SPDX-License-Identifier: Apache-2.0
// Letters and receipts between the partitions of different nodes, as entries of frames. What a full queue or a dead
// neighbour does not take is sent again by its source, which keeps it until a receipt comes.
#pragma once

#include <atomic>

#include "node/homes.hpp"
#include "node/link/link.hpp"

namespace zhili::node {

class mail final : public shell::post_office {
 public:
  explicit mail(const homes& where) : where_(where) {}
  /// What is sent before is put off.
  void use(zmq_link& link) { link_.store(&link); }

  void send(std::vector<shell::letter>&& letters) override;
  void tell(std::vector<shell::receipt_note>&& notes) override;

  /// Letters and receipts that a queue did not take: they come again.
  std::uint64_t put_off() const { return put_off_.load(std::memory_order_relaxed); }
  /// Letters and receipts that came here and belong elsewhere. True for the first of them: somebody has to be told.
  bool astray(std::uint64_t n) { return astray_.fetch_add(n, std::memory_order_relaxed) == 0; }
  std::uint64_t astray() const { return astray_.load(std::memory_order_relaxed); }

 private:
  /// Gives those that follow each other and go to one node to the link at once.
  template <class Item, class Home, class Entry>
  void post(const std::vector<Item>& items, Home&& home_of, Entry&& entry_of);

  const homes& where_;
  std::atomic<zmq_link*> link_{nullptr};
  std::atomic<std::uint64_t> put_off_{0};
  std::atomic<std::uint64_t> astray_{0};
};

shell::letter letter_of(const message_entry& m);
shell::receipt_note note_of(const receipt_entry& r);

}  // namespace zhili::node
