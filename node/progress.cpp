// SPDX-License-Identifier: Apache-2.0
#include "node/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace zhili::node {

using clock = std::chrono::steady_clock;

progress_bar::progress_bar(std::string title, std::string unit)
    : title_(std::move(title)), unit_(std::move(unit)), on_(isatty(STDERR_FILENO) != 0), begin_(clock::now()), last_(begin_) {}

progress_bar::~progress_bar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void progress_bar::show(double done, double all) {
  const auto now = clock::now();
  if (!on_ || all <= 0 || now - last_ < std::chrono::milliseconds{100}) return;
  last_ = now;
  drawn_ = true;
  constexpr int width = 30;
  const double share = all <= 0 ? 0 : std::clamp(done / all, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * width);
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double rate = seconds > 0 ? done / seconds : 0;
  if (all <= 0) {
    std::fputs(fmt::format("\r{} {:.0f} {}  {:.0f}/s\033[K", title_, done, unit_, rate).c_str(), stderr);
    std::fflush(stderr);
    return;
  }
  const double left = rate > 0 ? (all - done) / rate : 0;
  std::string bar(full, '=');
  bar.append(width - full, ' ');
  std::fputs(fmt::format("\r{} [{}] {:3.0f} %  {:.1f}/{:.1f} {}  {:.2f} {}/s  {:.0f} s left\033[K", title_, bar, share * 100, done,
                         all, unit_, rate, unit_, left)
                 .c_str(),
             stderr);
  std::fflush(stderr);
}

}  // namespace zhili::node
