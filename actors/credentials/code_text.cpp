// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials/code_text.hpp"

namespace zhili::credentials {
namespace {

// The ASCII character of the full-width form at the front of `text`, 0 where none stands there.
char narrow(std::string_view text) {
  if (text.size() < 3 || static_cast<unsigned char>(text[0]) != 0xef) return 0;
  const unsigned second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  if (second == 0xbc && third >= 0x81 && third <= 0xbf) return static_cast<char>(third - 0x81 + '!');
  if (second == 0xbd && third >= 0x80 && third <= 0x9e) return static_cast<char>(third - 0x80 + '`');
  return 0;
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::string normalise(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (const char c = narrow(text.substr(i)); c != 0) {
      out += capital(c);
      i += 3;
    } else {
      out += capital(text[i++]);
    }
  }
  return out;
}

}  // namespace zhili::credentials
