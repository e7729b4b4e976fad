// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/log_cursor.hpp"

#include <fmt/format.h>

namespace zhili::scenarios {
namespace {

constexpr std::size_t bytes_at_once = 256 * 1024;

}  // namespace

void log_cursor::read_on() {
  bytes_.clear();
  waiting_.clear();
  taken_ = 0;
  const storage::seq first = next_;
  const status read = log_.read(of_, next_, [&](storage::seq n, bytes_view batch) {
    waiting_.push_back({bytes_.size(), batch.size()});
    bytes_.insert(bytes_.end(), batch.begin(), batch.end());
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    next_ = storage::seq{n.value + 1};
    return bytes_.size() < bytes_at_once;
  });
  if (!read) damage_ = read.error().detail;
  ended_ = !read || next_ == first;
}

void log_cursor::advance() {
  batch_.reset();
  if (taken_ == waiting_.size() && !ended_) read_on();
  if (taken_ == waiting_.size()) return;
  const auto [begin, length] = waiting_[taken_++];
  const std::uint64_t number = next_.value - (waiting_.size() - taken_) - 1;
  auto opened = batch_reader::open(bytes_view{bytes_}.subspan(begin, length));
  if (!opened) {
    damage_ = fmt::format("workflow {} shard {}: batch {}: {}", of_.workflow, of_.shard, number, opened.error().detail);
    ended_ = true;
    waiting_.clear();
    taken_ = 0;
    return;
  }
  batch_ = *opened;
  for (const entry_view entry : *batch_) {
    if (entry.kind != entry_kind::command) continue;
    at_ = {entry.header<wire::command_header>().at()};
    break;
  }
}

}  // namespace zhili::scenarios
