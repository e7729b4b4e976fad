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

  status put(const digest256& hash, std::string_view text) override {
    return kept_ == nullptr ? status{} : kept_->put(hash, text);
  }
  /// `ref` is the handle of the version whose text it is, or of the one whose page was changed since; where neither text
  /// has this name, there is no such text.
  result<bool> get(text_name name, std::uint64_t ref, std::string& out) override;

 private:
  const model& world_;
  storage::content_store* kept_;
};

}  // namespace zhili::scenarios
