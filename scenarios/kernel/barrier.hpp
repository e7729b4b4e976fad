// SPDX-License-Identifier: Apache-2.0
// Where the lanes meet: spins briefly, then parks. REQUIRES: no more threads than cores, or spinning only costs.
#pragma once

#include <atomic>
#include <cstdint>

namespace zhili::scenarios {

class barrier {
 public:
  explicit barrier(unsigned threads) : threads_(threads) {}

  void wait() {
    if (threads_ == 1) return;
    const std::uint32_t round = round_.load(std::memory_order_acquire);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      round_.notify_all();
      return;
    }
    for (int spin = 0; spin < spins; ++spin) {
      if (round_.load(std::memory_order_acquire) != round) return;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
    while (round_.load(std::memory_order_acquire) == round) round_.wait(round, std::memory_order_acquire);
  }

 private:
  static constexpr int spins = 4000;
  const unsigned threads_;
  alignas(64) std::atomic<std::uint32_t> arrived_{0};
  alignas(64) std::atomic<std::uint32_t> round_{0};
};

}  // namespace zhili::scenarios
