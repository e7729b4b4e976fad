// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/feed.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace zhili::scenarios {
namespace {

constexpr std::size_t lines_at_once = 4096;
/// More than anybody reads; all are counted.
constexpr std::size_t reported_max = 20;

}  // namespace

result<std::unique_ptr<trace_feed>> trace_feed::open(const std::filesystem::path& file, bool strict) {
  auto reader = line_reader::open(file);
  if (!reader) return tl::unexpected(reader.error());
  std::unique_ptr<trace_feed> feed(new trace_feed(std::move(*reader), strict));
  if (status head = feed->read_head(); !head) {
    return fail(head.error().code, fmt::format("{}: line 1: {}", file.string(), head.error().detail));
  }
  feed->read_controls();
  return feed;
}

status trace_feed::read_head() {
  const auto line = reader_.next();
  if (!line) return tl::unexpected(line.error());
  if (!*line) return fail(errc::malformed, "the file is empty; the first line of a trace says what it is");
  report_.lines = 1;
  auto head = parser_.head(**line);
  if (!head) return tl::unexpected(head.error());
  head_ = std::move(*head);
  last_at_ = head_.first();
  return {};
}

std::optional<trace_line> trace_feed::next_line() {
  while (!stopped()) {
    const auto line = reader_.next();
    if (!line && line.error().code != errc::too_large) {
      std::lock_guard lock(reporting_);
      report_.cut = line.error().detail;
      return std::nullopt;
    }
    if (line && !*line) return std::nullopt;
    line_in_hand_ = reader_.number();
    if (line && (*line)->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    {
      std::lock_guard lock(reporting_);
      ++report_.lines;
    }
    auto parsed = line ? parser_.line(**line) : result<trace_line>(tl::unexpected(line.error()));
    if (parsed) return std::move(*parsed);
    bad(line_in_hand_, parsed.error().detail);
  }
  return std::nullopt;
}

/// Whoever plays a trace must know what judges before the first submission.
void trace_feed::read_controls() {
  instant last = head_.first();
  while (auto line = next_line()) {
    if (auto* s = std::get_if<trace_submission>(&*line)) {
      finish_snapshot();
      deal(std::move(*s));
      break;
    }
    const instant at = std::visit([](const auto& l) { return l.at; }, *line);
    if (at < last || at >= head_.end) {
      bad(line_in_hand_, "field `at`: before the line above, or outside of `begin` - `opening_ms` to `end`");
      continue;
    }
    last = at;
    if (auto* p = std::get_if<trace_pack>(&*line)) {
      packs_.push_back(std::move(*p));
    } else {
      add_snapshot(std::move(std::get<trace_registry>(*line)));
    }
  }
  finish_snapshot();
  horizon_ = last_at_.ms;
}

void trace_feed::add_snapshot(trace_registry&& part) {
  if (snapshot_in_hand_ && snapshot_in_hand_->version != part.version) finish_snapshot();
  if (!snapshot_in_hand_) {
    snapshot_in_hand_ = std::move(part);
    return;
  }
  auto& whole = *snapshot_in_hand_;
  whole.listed.insert(whole.listed.end(), part.listed.begin(), part.listed.end());
  whole.revoked.insert(whole.revoked.end(), part.revoked.begin(), part.revoked.end());
}

void trace_feed::finish_snapshot() {
  if (!snapshot_in_hand_) return;
  auto& whole = *snapshot_in_hand_;
  snapshots_.emplace_back(whole.at, std::make_shared<registry_snapshot>(whole.version, std::move(whole.listed),
                                                                        std::move(whole.revoked)));
  snapshot_in_hand_.reset();
}

void trace_feed::deal(trace_submission&& s) {
  s.line = line_in_hand_;
  if (s.at < head_.first() || s.at >= head_.end) {
    return bad(s.line, fmt::format("field `at`: {} lies outside of {} to {}", s.at.ms, head_.first().ms, head_.end.ms));
  }
  if (s.at < last_at_) {
    return bad(s.line, fmt::format("field `at`: {} lies before {} of a line above", s.at.ms, last_at_.ms));
  }
  last_at_ = s.at;
  queue& to = queues_[shard_of(s.account)];
  std::lock_guard lock(to.mutex);
  to.submissions.push_back(std::move(s));
}

instant trace_feed::collect(shard_no shard, std::deque<trace_submission>& to) {
  // First the time, then the queue: all before that time lies in it by then.
  const instant horizon{horizon_.load(std::memory_order_acquire)};
  queue& from = queues_[shard];
  std::lock_guard lock(from.mutex);
  if (to.empty()) {
    std::swap(to, from.submissions);
  } else {
    std::move(from.submissions.begin(), from.submissions.end(), std::back_inserter(to));
    from.submissions.clear();
  }
  return horizon;
}

void trace_feed::read_beyond(instant horizon) {
  std::lock_guard lock(reading_);
  if (horizon_.load(std::memory_order_relaxed) != horizon.ms) return;
  for (std::size_t n = 0; n < lines_at_once || last_at_ == horizon; ++n) {
    auto line = next_line();
    if (!line) {
      horizon_.store(never.ms, std::memory_order_release);
      return;
    }
    if (auto* s = std::get_if<trace_submission>(&*line)) {
      deal(std::move(*s));
    } else {
      bad(line_in_hand_, "field `control`: stands behind a submission; control lines come first");
    }
  }
  horizon_.store(last_at_.ms, std::memory_order_release);
}

void trace_feed::bad(std::uint64_t line, std::string why) {
  if (strict_) stopped_ = true;
  std::lock_guard lock(reporting_);
  ++report_.bad;
  auto& all = report_.first;
  const auto at = std::find_if(all.begin(), all.end(), [&](const bad_line& b) { return b.number > line; });
  all.insert(at, {line, std::move(why)});
  if (all.size() > reported_max) all.pop_back();
}

trace_report trace_feed::report() const {
  std::lock_guard lock(reporting_);
  return report_;
}

}  // namespace zhili::scenarios
