// SPDX-License-Identifier: Apache-2.0
// Large pages for runs that hold millions of subjects in memory and look at them in no order.
#pragma once

namespace zhili::node {

/// Starts this program again with glibc's allocator told to ask the kernel for large pages (where the system allows it on
/// request): glibc reads that setting only when a program starts. Returns where it is set already, by us or by anybody
/// else, and where the program cannot be started again. Changes no result.
void start_with_huge_pages(char** argv);

}  // namespace zhili::node
