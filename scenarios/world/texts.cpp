// SPDX-License-Identifier: Apache-2.0
#include "scenarios/world/texts.hpp"

namespace zhili::scenarios {

result<bool> recomposed_texts::get(text_name name, std::uint64_t ref, std::string& out) {
  const item_ref shown = item_ref::unpack(ref);
  for (const item_ref of : {shown, shown.as(variant::changed)}) {
    if (!world_.knows(of)) break;
    world_.text(of, out);
    if (name_of(blake2b_256(as_bytes_view(out))) == name) return true;
  }
  out.clear();
  return false;
}

}  // namespace zhili::scenarios
