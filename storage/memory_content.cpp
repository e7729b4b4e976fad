// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_content.hpp"

namespace zhili::storage {

status memory_content::put(const digest256& hash, std::string_view text) {
  stripe& in = stripe_of(hash);
  std::lock_guard lock(in.mutex);
  in.texts.try_emplace(hash, text);
  return {};
}

result<bool> memory_content::get(const digest256& hash, std::string& out) {
  out.clear();
  stripe& in = stripe_of(hash);
  {
    std::lock_guard lock(in.mutex);
    const auto found = in.texts.find(hash);
    if (found == in.texts.end()) return false;
    out = found->second;
  }
  if (blake2b_256(as_bytes_view(out)) != hash) {
    out.clear();
    return fail(errc::checksum, "text " + hex(hash) + ": what is kept has another hash");
  }
  return true;
}

}  // namespace zhili::storage
