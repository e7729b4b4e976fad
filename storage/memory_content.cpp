// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_content.hpp"

namespace zhili::storage {

status memory_content::put(const digest256& hash, std::string_view text) {
  stripe& in = stripe_of(name_of(hash));
  std::lock_guard lock(in.mutex);
  in.texts.try_emplace(hash, text);
  return {};
}

result<bool> memory_content::get(text_name name, std::uint64_t, std::string& out) {
  out.clear();
  stripe& in = stripe_of(name);
  {
    std::lock_guard lock(in.mutex);
    const auto found = in.texts.lower_bound({{name.word[0], name.word[1]}});
    if (found == in.texts.end() || name_of(found->first) != name) return false;
    out = found->second;
  }
  if (name_of(blake2b_256(as_bytes_view(out))) != name) {
    out.clear();
    return fail(errc::checksum, "text " + hex(name) + ": what is kept has another hash");
  }
  return true;
}

}  // namespace zhili::storage
