// SPDX-License-Identifier: Apache-2.0
// A bar on a terminal for long work, with rate and remaining time; silent in a pipe.
#pragma once

#include <chrono>
#include <string>

namespace zhili::node {

class progress_bar {
 public:
  /// `unit` names what is counted, as "d" for days.
  progress_bar(std::string title, std::string unit);
  ~progress_bar();
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// Draws at most ten times a second. `all` 0: nobody knows how much there is.
  void show(double done, double all);

 private:
  std::string title_;
  std::string unit_;
  bool on_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace zhili::node
