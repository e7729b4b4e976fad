// SPDX-License-Identifier: Apache-2.0
// The text path by itself: every technique, ten thousand terms, texts of 60 to 200 characters.
#pragma once

#include "bench/benchmark.hpp"

namespace zhili::bench {

result<table> text_path(const settings& s);

}  // namespace zhili::bench
