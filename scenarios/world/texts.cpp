// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/texts.hpp"

namespace zhili::scenarios {

void recomposed_texts::place(slot s) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = s.hash & mask;
  while (slots_[i].ref != 0) {
    if (slots_[i].hash == s.hash) return;
    i = (i + 1) & mask;
  }
  slots_[i] = s;
  ++used_;
}

status recomposed_texts::remember(const digest256& hash, item_ref ref, std::string_view text) {
  if ((used_ + 1) * 5 > slots_.size() * 4) {
    std::vector<slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, {});
    used_ = 0;
    for (const slot& s : old) {
      if (s.ref != 0) place(s);
    }
  }
  place({hash.word[0], ref.packed()});
  return kept_ == nullptr ? status{} : kept_->put(hash, text);
}

status recomposed_texts::put(const digest256&, std::string_view) {
  return fail(errc::bad_argument, "a simulation's texts are remembered by their handles");
}

result<bool> recomposed_texts::get(const digest256& hash, std::string& out) {
  if (!slots_.empty()) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash.word[0] & mask; slots_[i].ref != 0; i = (i + 1) & mask) {
      if (slots_[i].hash != hash.word[0]) continue;
      world_.text(item_ref::unpack(slots_[i].ref), out);
      if (blake2b_256(as_bytes_view(out)) == hash) return true;
      break;
    }
  }
  out.clear();
  return false;
}

}  // namespace zhili::scenarios
