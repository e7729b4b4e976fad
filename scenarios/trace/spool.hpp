// SPDX-License-Identifier: Apache-2.0
// The texts of one shard of a replay: in a file without a name that is gone with the process, because a trace brings
// each text once and a decision may want it again weeks later. Not thread-safe.
#pragma once

#include <cstdio>
#include <memory>
#include <unordered_map>

#include "storage/content_store.hpp"

namespace zhili::scenarios {

class text_spool final : public storage::content_store {
 public:
  /// `kept`: where texts are written as well, for runs that keep their logs; nullptr: nowhere.
  explicit text_spool(storage::content_store* kept) : kept_(kept) {}

  status put(const digest256& hash, std::string_view text) override;
  result<bool> get(text_name name, std::uint64_t ref, std::string& out) override;

 private:
  struct place {
    std::uint64_t at = 0;
    std::uint32_t bytes = 0;
  };

  storage::content_store* kept_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, std::fclose};
  std::uint64_t end_ = 0;
  /// Seeking before each write would write each text on its own.
  bool read_last_ = false;
  /// By the name's first word; the text is hashed again before it is given out.
  std::unordered_map<std::uint64_t, place> places_;
};

}  // namespace zhili::scenarios
