// SPDX-License-Identifier: Apache-2.0
// The port through which texts are kept by their BLAKE2b-256, so that state and log carry only the hash.
// Every function may be called from any thread and may block for a disk.
#pragma once

#include <string>
#include <string_view>

#include "protocols/types/hash.hpp"
#include "protocols/types/result.hpp"

namespace zhili::storage {

class content_store {
 public:
  virtual ~content_store() = default;

  /// Keeps a text; doing so again changes nothing. It is as safe as the next batch that is appended after it.
  /// REQUIRES: hash is blake2b_256 of the text.
  [[nodiscard]] virtual status put(const digest256& hash, std::string_view text) = 0;

  /// Fills `out` and gives true; false: no such text, `out` is empty. errc::checksum where what is kept no
  /// longer has this name. `ref`: the platform's handle of the item whose text it is, from which a rehearsal
  /// composes it again; others need it not.
  [[nodiscard]] virtual result<bool> get(text_name name, std::uint64_t ref, std::string& out) = 0;
};

}  // namespace zhili::storage
