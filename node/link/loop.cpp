// SPDX-License-Identifier: Apache-2.0
#include "node/link/loop.hpp"

#include <unistd.h>

#include <fmt/format.h>

namespace zhili::node {
namespace {

// A frame above frame_bytes_max is counted; far above it costs the connection, before its bytes are kept.
constexpr std::int64_t message_bytes_max = static_cast<std::int64_t>(limits::frame_bytes_max) + 64 * 1024;
constexpr int frames_queued_max = 64;
// There are many clients, and not all of them read.
constexpr int client_frames_queued_max = 16;
constexpr int linger_ms = 100;
constexpr std::string_view zap_endpoint = "inproc://zeromq.zap.01";

}  // namespace

void loop::set_options(watched& w, const std::string& endpoint, bool is_server, const std::string& server_key) {
  zmq::socket_t& s = w.socket;
  const int silence = static_cast<int>(o_.silence_max.count());
  s.set(zmq::sockopt::linger, linger_ms);
  s.set(zmq::sockopt::maxmsgsize, message_bytes_max);
  s.set(zmq::sockopt::sndhwm, frames_queued_max);
  s.set(zmq::sockopt::rcvhwm, frames_queued_max);
  s.set(zmq::sockopt::handshake_ivl, static_cast<int>(o_.hello_max.count()));
  s.set(zmq::sockopt::heartbeat_ivl, silence / 5);
  s.set(zmq::sockopt::heartbeat_timeout, silence);
  s.set(zmq::sockopt::heartbeat_ttl, silence);
  // Behind a full buffer ZeroMQ sends no heartbeat and so never misses its answer: there the system has to notice.
  s.set(zmq::sockopt::tcp_maxrt, silence);
  s.set(zmq::sockopt::ipv6, endpoint.find('[') != endpoint.npos);
  if (is_server) {
    s.set(zmq::sockopt::router_mandatory, true);
    if (shared_.keys.secret_key.empty()) return;
    s.set(zmq::sockopt::curve_server, true);
    s.set(zmq::sockopt::curve_secretkey, shared_.keys.secret_key);
    return;
  }
  // A frame goes to a connection that stands, or stays with us.
  s.set(zmq::sockopt::immediate, true);
  // The system's own patience with an address that is silent doubles each time: a cut healed would go unnoticed as long.
  s.set(zmq::sockopt::connect_timeout, static_cast<int>(o_.hello_max.count()));
  s.set(zmq::sockopt::reconnect_ivl, static_cast<int>(o_.call_again_after.count()));
  // Who starts again is there within a second: steps that double for longer would be the longer part of the pause.
  s.set(zmq::sockopt::reconnect_ivl_max, static_cast<int>(4 * o_.call_again_after.count()));
  if (server_key.empty()) return;
  s.set(zmq::sockopt::curve_serverkey, server_key);
  s.set(zmq::sockopt::curve_publickey, shared_.keys.public_key);
  s.set(zmq::sockopt::curve_secretkey, shared_.keys.secret_key);
}

void loop::open_door(std::optional<watched>& door, const std::string& endpoint, const char* name, std::string& bound) {
  if (endpoint.empty()) return;
  door.emplace(context_, zmq::socket_type::router, name);
  set_options(*door, endpoint, true, {});
  if (&door == &clients_door_) door->socket.set(zmq::sockopt::sndhwm, client_frames_queued_max);
  // With a domain ZeroMQ asks us about connections without CURVE too.
  door->socket.set(zmq::sockopt::zap_domain, std::string(name));
  door->socket.bind(endpoint);
  bound = door->socket.get(zmq::sockopt::last_endpoint);
}

void loop::open() {
  zap_.emplace(context_, zmq::socket_type::rep);
  zap_->set(zmq::sockopt::linger, 0);
  zap_->bind(std::string(zap_endpoint));
  open_door(peers_door_, o_.listen_peers, "peers", shared_.peers_endpoint);
  open_door(clients_door_, o_.listen_clients, "clients", shared_.clients_endpoint);
  for (const link_peer& p : o_.peers) {
    if (p.endpoint.empty()) continue;
    calls_.emplace_back(p, shared_.peers.find(p.name)->second);
    if (o_.faults.any()) calls_.back().faults.emplace(o_.faults, o_.name, p.name);
  }
}

void loop::open_call(call& c) {
  try {
    c.line.emplace(context_, zmq::socket_type::dealer, fmt::format("call.{}", ++lines_opened_));
    const auto key = shared_.keys.server_key.find(c.peer.name);
    set_options(*c.line, c.peer.endpoint, false, key == shared_.keys.server_key.end() ? std::string{} : key->second);
    c.line->socket.connect(c.peer.endpoint);
  } catch (const zmq::error_t&) {
    // No descriptors left, no such host: later perhaps.
    c.line.reset();
    c.open_at = steady::now() + o_.hello_max;
  }
}

void loop::drop(call& c, milliseconds wait) {
  c.line.reset();
  c.hello_due = false;
  c.answer_by = steady::time_point::max();
  c.open_at = steady::now() + wait;
  if (!std::exchange(c.up, false)) return;
  count(link_count::calls_down);
  if (shared_.events.peer_down) shared_.events.peer_down(c.peer.name);
}

void loop::run() {
  while (!shared_.stopping) {
    for (call& c : calls_) keep_time(c);
    poll(poll_time());
    for (call& c : calls_) say(c);
    say_to_clients();
  }
  const auto give_up_at = steady::now() + o_.drain_max;
  while (!nothing_waits() && steady::now() < give_up_at) {
    poll(std::min(retry_after, poll_time()));
    for (call& c : calls_) say(c);
    say_to_clients();
  }
}

milliseconds loop::poll_time() const {
  const auto now = steady::now();
  milliseconds wait = clients_wait_;
  const auto until = [&](steady::time_point t) {
    if (t <= now) return milliseconds{0};
    // Half a step late rather than a spin before.
    return std::chrono::duration_cast<milliseconds>(std::min<steady::duration>(t - now, idle_max)) + milliseconds{1};
  };
  for (const call& c : calls_) {
    if (c.hello_due) wait = std::min(wait, retry_after);
    if (c.up && !c.held && !c.queue.empty()) return milliseconds{0};
    if (c.up && c.faults && c.faults->waits()) wait = std::min(wait, retry_after);
    wait = std::min(wait, until(c.line ? c.answer_by : c.open_at));
  }
  return wait;
}

void loop::poll(milliseconds at_most) {
  std::vector<zmq_pollitem_t> items;
  items.reserve(6 + 2 * calls_.size());
  const auto add = [&](zmq::socket_t& s, short events) {
    items.push_back({s.handle(), 0, events, 0});
  };
  items.push_back({nullptr, shared_.wake_fd, ZMQ_POLLIN, 0});
  add(*zap_, ZMQ_POLLIN);
  for (auto* door : {&peers_door_, &clients_door_}) {
    if (!*door) continue;
    add((*door)->socket, ZMQ_POLLIN);
    add((*door)->monitor, ZMQ_POLLIN);
  }
  for (call& c : calls_) {
    if (!c.line) continue;
    add(c.line->socket, c.up && c.held ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN);
    add(c.line->monitor, ZMQ_POLLIN);
  }
  // Interrupted: the next round sees what this one has missed.
  if (zmq_poll(items.data(), static_cast<int>(items.size()), at_most.count()) <= 0) return;

  std::size_t next = 0;
  const auto readable = [&] { return (items[next++].revents & ZMQ_POLLIN) != 0; };
  if (readable()) {
    std::uint64_t times = 0;
    [[maybe_unused]] const auto read = ::read(shared_.wake_fd, &times, sizeof times);
    // Before the queues are looked at: whoever posts after that wakes again.
    shared_.woken = false;
  }
  if (readable()) admit();
  for (auto* door : {&peers_door_, &clients_door_}) {
    if (!*door) continue;
    if (readable()) hear(**door, door == &peers_door_);
    if (readable()) watch(**door);
  }
  for (call& c : calls_) {
    if (!c.line) continue;
    // A call may be dropped while it is heard, so both are read off first.
    const bool heard = readable();
    const bool happened = readable();
    if (heard) hear(c);
    if (happened && c.line) watch(c);
  }
}

void loop::watch(watched& door) {
  while (const auto event = door.next_event()) {
    // Keys that are refused are counted where they are judged.
    if (*event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL || *event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL) {
      count(link_count::handshake_failed);
    }
    if (*event == ZMQ_EVENT_DISCONNECTED) count(link_count::cut_off);
  }
}

void loop::watch(call& c) {
  while (const auto event = c.line->next_event()) {
    switch (*event) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        c.hello_due = true;
        c.answer_by = steady::now() + o_.hello_max;
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        count(link_count::refused_by_peer);
        return drop(c, o_.hello_max);
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        count(link_count::handshake_failed);
        return drop(c, o_.hello_max);
      case ZMQ_EVENT_DISCONNECTED: return drop(c, o_.call_again_after);
      default: break;
    }
  }
}

void loop::keep_time(call& c) {
  const auto now = steady::now();
  if (c.line && now >= c.answer_by) drop(c, o_.call_again_after);
  if (!c.line && now >= c.open_at) open_call(c);
}

void run_link(link_shared& shared, std::promise<status> opened) {
  pthread_setname_np(pthread_self(), "zhili-link");
  try {
    loop l(shared);
    try {
      l.open();
    } catch (const zmq::error_t& e) {
      opened.set_value(fail(errc::io, fmt::format("{} {}: {}", shared.options.listen_peers, shared.options.listen_clients, e.what())));
      return;
    }
    opened.set_value({});
    l.run();
  } catch (const zmq::error_t& e) {
    ZHILI_ASSERT(false, e.what());
  }
}

}  // namespace zhili::node
