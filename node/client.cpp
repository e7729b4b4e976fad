// SPDX-License-Identifier: Apache-2.0
#include "node/client.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr const char* gateway_name = "gateway";
/// How often what is due is sent again.
constexpr std::chrono::milliseconds pump_every{50};

}  // namespace

result<std::unique_ptr<client>> client::connect(const client_options& options) {
  std::unique_ptr<client> made(new client(options));
  link_options link;
  link.name = fmt::format("client-{}", getpid());
  link.public_key = options.public_key;
  link.secret_key = options.secret_key;
  link.peers.push_back({gateway_name, options.endpoint, options.server_key, true});
  link_events events;
  events.from_peer = [c = made.get()](const std::string&, opened_frame frame) { c->from_gateway(frame); };
  events.peer_up = [c = made.get()](const peer_facts&) {
    std::lock_guard lock(c->mutex_);
    c->up_ = true;
    c->last_heard_ = clock::now();
    // What was under way on the lost connection is asked again at once.
    for (auto& [key, p] : c->pending_) p.send_at = clock::now();
    c->changed_.notify_all();
  };
  events.peer_down = [c = made.get()](const std::string&) {
    std::lock_guard lock(c->mutex_);
    // Whatever was asked went with the connection; who asked may ask again.
    for (auto& [correlation, reply] : c->replies_) {
      if (!reply) reply = fail(errc::io, tell("{}：连接在回复之前断了", "{}: the connection broke before the reply", c->options_.endpoint));
    }
    c->changed_.notify_all();
  };
  auto started = zmq_link::start(std::move(link), std::move(events));
  if (!started) return tl::unexpected(started.error());
  made->link_ = std::move(*started);
  std::unique_lock lock(made->mutex_);
  if (!made->changed_.wait_for(lock, std::chrono::seconds{10}, [&] { return made->up_; })) {
    return fail(errc::io, tell(
                              "{}：没有人应答；节点在运行吗，密钥对吗？",
                              "{}: nobody answers there; is the node running, and are the keys right?", options.endpoint));
  }
  lock.unlock();
  return made;
}

client::~client() {
  if (link_) link_->stop();
}

void client::from_gateway(const opened_frame& frame) {
  if (frame.kind() == frame_kind::answers) {
    for (const frame_entry entry : frame) answered(std::get<answer_entry>(entry));
  } else if (frame.kind() == frame_kind::replies) {
    std::lock_guard lock(mutex_);
    for (const frame_entry entry : frame) {
      const auto& r = std::get<reply_entry>(entry);
      const auto waits = replies_.find(r.correlation);
      if (waits == replies_.end()) continue;
      std::string body(reinterpret_cast<const char*>(r.body.data()), r.body.size());
      waits->second = r.code == errc::none ? result<std::string>(std::move(body)) : fail(r.code, std::move(body));
    }
    last_heard_ = clock::now();
    changed_.notify_all();
  }
}

void client::answered(const answer_entry& a) {
  {
    std::lock_guard lock(mutex_);
    last_heard_ = clock::now();
    const auto found = pending_.find(a.key);
    // An answer to what was asked twice.
    if (found == pending_.end()) return;
    if (a.what == answer_kind::busy) {
      ++counted_.busy;
      found->second.send_at = clock::now() + std::chrono::milliseconds{a.retry_after_ms};
      changed_.notify_all();
      return;
    }
  }
  // Nobody else takes it out of what is pending: answers come on this thread alone.
  {
    std::lock_guard lock(hearing_);
    if (heard_) heard_(a);
  }
  std::lock_guard lock(mutex_);
  ++counted_.answered;
  if (a.what == answer_kind::error) {
    ++counted_.bad;
  } else if (a.outcome.status() == wire::status::refused) {
    ++counted_.refused;
  } else {
    ++counted_.accepted;
  }
  pending_.erase(a.key);
  changed_.notify_all();
}

bool client::pump(std::unique_lock<std::mutex>&) {
  const auto now = pumped_ = clock::now();
  if (!pending_.empty() && now - last_heard_ > options_.patience) return false;
  for (auto& [key, p] : pending_) {
    if (p.send_at > now || !up_) continue;
    if (link_->post(gateway_name, submission_entry{p.envelope}) != posted::yes) break;
    ++counted_.asked_again;
    p.send_at = now + options_.ask_again;
  }
  return true;
}

error client::out_of_patience() const {
  return {errc::io, fmt::format("{}: no answer for {} s; {} submissions are unanswered. Nothing is lost: run the same "
                                "command again, what was accepted is answered from its key",
                                options_.endpoint, options_.patience.count() / 1000, pending_.size())};
}

status client::wait_while(const std::function<bool()>& full) {
  std::unique_lock lock(mutex_);
  while (full()) {
    changed_.wait_for(lock, pump_every);
    if (!pump(lock)) return tl::unexpected(out_of_patience());
  }
  return {};
}

status client::submit(subject_id key, std::vector<std::byte> envelope) {
  if (status room = wait_while([this] { return pending_.size() >= options_.window; }); !room) return room;
  std::unique_lock lock(mutex_);
  if (pending_.empty()) last_heard_ = clock::now();
  // A window that never fills must not keep back what was lost or told to come again.
  if (clock::now() - pumped_ >= pump_every && !pump(lock)) return tl::unexpected(out_of_patience());
  const bool taken = link_->post(gateway_name, submission_entry{envelope}) == posted::yes;
  ++counted_.sent;
  pending_[key] = {std::move(envelope), taken ? clock::now() + options_.ask_again : clock::now()};
  return {};
}

status client::finish() {
  return wait_while([this] { return !pending_.empty(); });
}

result<std::string> client::ask(std::uint16_t verb, std::string_view body, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  const std::uint64_t correlation = ++questions_;
  replies_[correlation] = std::nullopt;
  if (link_->post(gateway_name, request_entry{correlation, verb, as_bytes_view(body)}) != posted::yes) {
    return fail(errc::io, tell("{}：连接的队列满了", "{}: the connection's queue is full", options_.endpoint));
  }
  changed_.wait_for(lock, limit, [&] { return replies_[correlation].has_value(); });
  auto reply = std::move(replies_[correlation]);
  replies_.erase(correlation);
  if (!reply) return fail(errc::io, tell("{}：{} 毫秒内没有回复", "{}: no reply within {} ms", options_.endpoint, limit.count()));
  return std::move(*reply);
}

client_counters client::counters() const {
  std::lock_guard lock(mutex_);
  return counted_;
}

}  // namespace zhili::node
