// SPDX-License-Identifier: Apache-2.0
// Texts in memory, for simulations and tests. Spread over stripes by hash, a lock each.
#pragma once

#include <array>
#include <map>
#include <mutex>

#include "storage/content_store.hpp"

namespace zhili::storage {

class memory_content final : public content_store {
 public:
  status put(const digest256& hash, std::string_view text) override;
  result<bool> get(text_name name, std::uint64_t ref, std::string& out) override;

 private:
  struct alignas(64) stripe {
    std::mutex mutex;
    std::map<digest256, std::string> texts;
  };
  stripe& stripe_of(text_name name) { return stripes_[name.word[0] % stripes_.size()]; }

  std::array<stripe, 64> stripes_;
};

}  // namespace zhili::storage
