// SPDX-License-Identifier: Apache-2.0
// The text path by itself: every technique, ten thousand terms, texts of 60 to 200 characters.
#pragma once

#include "bench/benchmark.hpp"

namespace zhili::bench {

result<table> text_path(const settings& s);
/// The same beside npm's fastscan, which bench/peers must hold installed: times, and how many times ours they are.
result<std::vector<table>> text_beside_fastscan(const settings& s);

}  // namespace zhili::bench
