// SPDX-License-Identifier: Apache-2.0
#include "bench/feeder.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace zhili::bench {
namespace {

constexpr const char* gateway = "gateway";
constexpr std::chrono::seconds hello_max{10};
constexpr std::chrono::minutes silence_max{1};
/// The link's queue is full.
constexpr std::chrono::microseconds no_room{50};

}  // namespace

result<std::unique_ptr<feeder>> feeder::connect(const std::string& endpoint) {
  std::unique_ptr<feeder> made(new feeder);
  node::link_options options;
  options.name = "feeder";
  options.peers.push_back({gateway, endpoint, {}, true});
  node::link_events events;
  events.from_peer = [f = made.get()](const std::string&, opened_frame frame) { f->heard(frame); };
  events.peer_up = [f = made.get()](const node::peer_facts&) {
    std::lock_guard lock(f->mutex_);
    f->up_ = true;
    f->changed_.notify_all();
  };
  auto link = node::zmq_link::start(std::move(options), std::move(events));
  if (!link) return tl::unexpected(link.error());
  made->link_ = std::move(*link);
  std::unique_lock lock(made->mutex_);
  if (!made->changed_.wait_for(lock, hello_max, [&] { return made->up_; })) {
    return fail(errc::io, fmt::format("{}: nobody says hello", endpoint));
  }
  lock.unlock();
  return made;
}

void feeder::heard(const opened_frame& frame) {
  std::lock_guard lock(mutex_);
  if (frame.kind() == frame_kind::replies) {
    answered_ = frame.first<reply_entry>().correlation;
  } else if (frame.kind() == frame_kind::answers) {
    for (const frame_entry entry : frame) {
      const auto& a = std::get<answer_entry>(entry);
      if (a.what == answer_kind::busy) {
        ++busy_;
        again_.push_back(envelope_load::number_of(a.key));
        continue;
      }
      ++answered_;
      if (a.what == answer_kind::error || a.outcome.status() != wire::status::decided) {
        refused_ = fmt::format("submission {} was not decided: {}", a.key.lo,
                               a.what == answer_kind::error ? std::string(a.text) : EnumNamestatus(a.outcome.status()));
      }
    }
  }
  changed_.notify_all();
}

status feeder::give(const envelope_load& load, std::uint32_t count, std::uint32_t window) {
  const auto post = [&](std::uint32_t n) {
    while (link_->post(gateway, submission_entry{load.envelope(n)}) != node::posted::yes) std::this_thread::sleep_for(no_room);
  };
  std::uint32_t next = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto may_go = [&] {
      return !refused_.empty() || !again_.empty() || answered_ == count ||
             (next < count && next - answered_ < window);
    };
    if (!changed_.wait_for(lock, silence_max, may_go)) {
      return fail(errc::io, fmt::format("{} of {} submissions were answered, and then nothing for a minute", answered_, count));
    }
    if (!refused_.empty()) return fail(errc::io, refused_);
    if (answered_ == count) return {};
    const std::deque<std::uint32_t> again = std::exchange(again_, {});
    const std::uint32_t until = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, answered_ + window));
    lock.unlock();
    for (const std::uint32_t n : again) post(n);
    while (next < until) post(next++);
    lock.lock();
  }
}

}  // namespace zhili::bench
