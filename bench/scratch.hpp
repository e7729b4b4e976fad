// SPDX-License-Identifier: Apache-2.0
// A folder of a benchmark's own, on the disk on which the program lies.
#pragma once

#include <filesystem>

#include "bench/benchmark.hpp"

namespace zhili::bench {

/// Below the programs' folder, empty at first and gone with the object.
class scratch_folder {
 public:
  explicit scratch_folder(const settings& s);
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace zhili::bench
