// SPDX-License-Identifier: Apache-2.0
#include "bench/scratch.hpp"

#include <unistd.h>

#include <atomic>

#include <fmt/format.h>

namespace zhili::bench {
namespace {

std::atomic<unsigned> made{0};

}  // namespace

scratch_folder::scratch_folder(const settings& s) : path_(s.programs / fmt::format("bench-data-{}-{}", getpid(), ++made)) {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
  std::filesystem::create_directories(path_, ec);
}

scratch_folder::~scratch_folder() {
  std::error_code ec;
  std::filesystem::remove_all(path_, ec);
}

}  // namespace zhili::bench
