// SPDX-License-Identifier: Apache-2.0
#include "node/huge_pages.hpp"

#include <unistd.h>

#include <cstdlib>

namespace zhili::node {

void start_with_huge_pages(char** argv) {
  constexpr int keep_what_is_set = 0;
  if (::getenv("GLIBC_TUNABLES") != nullptr) return;
  if (::setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", keep_what_is_set) != 0) return;
  // Comes back only where it failed: then the run goes on with small pages.
  ::execv("/proc/self/exe", argv);
}

}  // namespace zhili::node
