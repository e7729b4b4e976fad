// SPDX-License-Identifier: Apache-2.0
// A shard's texts in a simulation: not kept, but composed again from the handle that they were composed from.
#pragma once

#include "scenarios/world/model.hpp"
#include "storage/content_store.hpp"

namespace zhili::scenarios {

class recomposed_texts final : public storage::content_store {
 public:
  /// `kept`: where texts are written as well, for runs that keep their logs; nullptr: nowhere.
  recomposed_texts(const model& world, storage::content_store* kept) : world_(world), kept_(kept) {}

  /// The text of this handle went out under this hash.
  status remember(const digest256& hash, item_ref ref, std::string_view text);

  status put(const digest256& hash, std::string_view text) override;
  result<bool> get(const digest256& hash, std::string& out) override;

  std::size_t memory_bytes() const { return slots_.capacity() * sizeof(slot); }

 private:
  struct slot {
    std::uint64_t hash = 0;
    std::uint64_t ref = 0;
  };
  void place(slot s);

  const model& world_;
  storage::content_store* kept_;
  /// Open addressing by the hash's first word; the text is hashed again before it is given out.
  std::vector<slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace zhili::scenarios
