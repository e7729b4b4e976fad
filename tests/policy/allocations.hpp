// SPDX-License-Identifier: Apache-2.0
// Counts what a test program takes from the heap: linked, it stands in for operator new and delete.
#pragma once

#include <cstddef>

namespace zhili::policy {

/// Since the program began, of all threads.
std::size_t allocations();

}  // namespace zhili::policy
