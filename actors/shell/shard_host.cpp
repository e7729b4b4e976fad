// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/shard_host.hpp"

#include <fmt/format.h>

namespace zhili::shell {

status shard_host::open(std::span<const workflow_no> workflows) {
  for (const workflow_no w : workflows) {
    auto host = partition_host::open({w, number_}, around_, work_);
    if (!host) return tl::unexpected(host.error());
    hosts_[w] = std::move(*host);
  }
  return {};
}

void shard_host::take(shard_input&& in, instant now) {
  for (auto& k : in.kept) find(k.partition.workflow)->committed(k.outcome, std::move(k.batch), now);
  for (const auto& c : in.controls) {
    for (auto& host : hosts_) {
      if (host) host->control(c.type, c.body, now);
    }
  }
  for (const receipt_note& n : in.notes) {
    if (partition_host* host = find(n.source.workflow)) host->take(n);
  }
  for (letter& l : in.letters) {
    if (partition_host* host = find(l.destination().workflow)) host->take(std::move(l), now);
  }
  for (submission& s : in.submissions) find(s.workflow)->take(std::move(s), now);
  if (in.resend) {
    for (auto& host : hosts_) {
      if (host) host->resend_all();
    }
  }
  if (next_timer() <= now) {
    tick(now, false);
  } else {
    flush();
  }
  if (in.look) in.look(*this);
}

void shard_host::tick(instant now, bool stale) {
  for (auto& host : hosts_) {
    if (!host) continue;
    host->tick(now);
    if (stale) host->resend_stale();
  }
  flush();
}

instant shard_host::next_timer() const {
  instant soonest = never;
  each([&](const partition_host& host) { soonest = std::min(soonest, host.next_timer()); });
  return soonest;
}

bool shard_host::quiet() const {
  bool all = true;
  each([&](const partition_host& host) { all = all && host.quiet(); });
  return all;
}

void shard_host::flush() {
  for (auto& host : hosts_) {
    if (host) host->flush();
  }
}

}  // namespace zhili::shell
