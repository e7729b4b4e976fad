// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/recorder.hpp"

#include <algorithm>
#include <tuple>

namespace zhili::scenarios {

result<std::unique_ptr<recorder>> recorder::create(const std::filesystem::path& file, const trace_head& head) {
  auto out = line_writer::create(file);
  if (!out) return tl::unexpected(out.error());
  std::unique_ptr<recorder> made(new recorder(std::move(*out)));
  std::string line;
  write_line(head, line);
  made->put(line);
  return made;
}

void recorder::put(std::string_view lines) {
  if (wrote_) wrote_ = out_.write(lines);
  lines_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
}

void recorder::controls(const std::vector<control>& schedule, const shelf& shelves) {
  std::string lines;
  for (const control& c : schedule) {
    if (c.type == shared_type<wire::pack_changed>()) {
      const auto& change = view_body<wire::pack_changed>(c.body);
      const auto pack = shelves.pack({change.digest_hi(), change.digest_lo()});
      write_line(trace_pack{c.at, pack->name(), hex(pack->digest())}, lines);
    } else if (c.type == shared_type<wire::registry_changed>()) {
      const auto& change = view_body<wire::registry_changed>(c.body);
      for (const auto& s : shelves.snapshots()) {
        if (s->digest() == digest128{change.digest_hi(), change.digest_lo()}) write_lines(c.at, *s, lines);
      }
    }
  }
  put(lines);
}

void recorder::submitted(shard_no shard, const submission& s) {
  pending& mine = shards_[shard];
  std::lock_guard lock(mine.mutex);
  const std::size_t before = mine.bytes.size();
  write_line(s, mine.bytes);
  mine.entries.push_back({s.at, mine.bytes.size() - before});
}

void recorder::reached(instant t) {
  struct placed_line {
    instant at;
    shard_no shard = 0;
    std::size_t order = 0;
    std::string_view line;
  };
  std::array<std::string, shard_count> taken;
  std::vector<placed_line> lines;
  for (std::size_t n = 0; n < shard_count; ++n) {
    pending& from = shards_[n];
    std::lock_guard lock(from.mutex);
    const auto last = std::partition_point(from.entries.begin(), from.entries.end(), [t](const entry& e) { return e.at < t; });
    std::size_t bytes = 0;
    for (auto e = from.entries.begin(); e != last; ++e) bytes += e->bytes;
    std::string rest = from.bytes.substr(bytes);
    taken[n] = std::move(from.bytes);
    from.bytes = std::move(rest);
    std::size_t begin = 0;
    for (auto e = from.entries.begin(); e != last; ++e) {
      lines.push_back({e->at, static_cast<shard_no>(n), lines.size(), std::string_view(taken[n]).substr(begin, e->bytes)});
      begin += e->bytes;
    }
    from.entries.erase(from.entries.begin(), last);
  }
  std::sort(lines.begin(), lines.end(), [](const placed_line& a, const placed_line& b) {
    return std::tie(a.at, a.shard, a.order) < std::tie(b.at, b.shard, b.order);
  });
  merged_.clear();
  for (const placed_line& l : lines) merged_ += l.line;
  put(merged_);
}

status recorder::finish() {
  reached(never);
  return wrote_ ? out_.finish() : wrote_;
}

}  // namespace zhili::scenarios
