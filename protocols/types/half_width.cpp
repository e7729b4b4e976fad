// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/half_width.hpp"

namespace zhili {

std::string half_width(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  for (std::size_t i = 0; i < utf8.size();) {
    if (i + 2 < utf8.size() && byte(i) == 0xef && (byte(i + 1) == 0xbc || byte(i + 1) == 0xbd)) {
      const unsigned wide = (byte(i + 1) & 0x3fu) << 6 | (byte(i + 2) & 0x3fu);
      // U+FFxx with xx from 01 to 5E.
      if (wide >= 0xf01 && wide <= 0xf5e) {
        out += static_cast<char>(wide - 0xf01 + '!');
        i += 3;
        continue;
      }
    }
    if (utf8.substr(i).starts_with("\u3000")) {
      out += ' ';
      i += 3;
      continue;
    }
    out += utf8[i++];
  }
  return out;
}

}  // namespace zhili
