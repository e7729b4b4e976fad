// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/committer.hpp"

#include <pthread.h>

#include <chrono>

namespace zhili::shell {
namespace {

storage::append_item item_of(const commit_request& r) {
  return {r.lease, storage::seq{r.seq}, {r.lease.partition.packed(), r.seq}, r.batch.sealed()};
}

}  // namespace

void direct_committer::give(commit_request&& request) {
  commit_request r = std::move(request);
  const storage::append_item item = item_of(r);
  storage::append_outcome outcome;
  log_.append({&item, 1}, {&outcome, 1});
  r.done(outcome, std::move(r.batch));
}

committing_thread::committing_thread(storage::partition_log& log, commit_watch* watch)
    : log_(log), watch_(watch), thread_([this] { run(); }) {}

committing_thread::~committing_thread() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  given_.notify_one();
  thread_.join();
}

void committing_thread::give(commit_request&& request) {
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(request));
  }
  given_.notify_one();
}

committing_thread::counters committing_thread::read() const {
  std::lock_guard lock(mutex_);
  return counted_;
}

void committing_thread::run() {
  pthread_setname_np(pthread_self(), "zhili-commit");
  std::vector<commit_request> now;
  std::vector<storage::append_item> items;
  std::vector<storage::append_outcome> outcomes;
  for (;;) {
    now.clear();
    {
      std::unique_lock lock(mutex_);
      given_.wait(lock, [this] { return !waiting_.empty() || ends_; });
      if (waiting_.empty()) return;
      now.swap(waiting_);
    }
    items.clear();
    std::uint64_t bytes = 0;
    for (const commit_request& r : now) {
      items.push_back(item_of(r));
      bytes += r.batch.bytes();
    }
    outcomes.assign(items.size(), storage::append_outcome::unavailable);
    const auto begin = std::chrono::steady_clock::now();
    reached(commit_watch::stage::writing);
    log_.append(items, outcomes);
    reached(commit_watch::stage::kept);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::uint64_t failed = 0;
    for (std::size_t n = 0; n < now.size(); ++n) {
      if (outcomes[n] != storage::append_outcome::ok) ++failed;
      now[n].done(outcomes[n], std::move(now[n].batch));
    }
    reached(commit_watch::stage::idle);
    std::lock_guard lock(mutex_);
    ++counted_.syncs;
    counted_.batches += now.size();
    counted_.bytes += bytes;
    counted_.failed += failed;
    counted_.busy_s += took.count();
  }
}

}  // namespace zhili::shell
