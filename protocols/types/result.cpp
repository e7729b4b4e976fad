// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace zhili {

std::string_view name(errc code) {
  switch (code) {
    case errc::none: return "none";
    case errc::truncated: return "truncated";
    case errc::too_large: return "too_large";
    case errc::checksum: return "checksum";
    case errc::malformed: return "malformed";
    case errc::unknown_type: return "unknown_type";
    case errc::unsupported_version: return "unsupported_version";
    case errc::out_of_range: return "out_of_range";
    case errc::not_found: return "not_found";
    case errc::io: return "io";
    case errc::corrupt: return "corrupt";
    case errc::fenced: return "fenced";
    case errc::bad_argument: return "bad_argument";
    case errc::diverged: return "diverged";
  }
  return "unknown";
}

void assert_failed(const char* condition, const char* file, int line, const std::string& note) {
  std::fprintf(stderr, "zhili: internal error at %s:%d: %s (%s)\n", file, line, condition, note.c_str());
  std::abort();
}

}  // namespace zhili
