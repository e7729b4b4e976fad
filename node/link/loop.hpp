// SPDX-License-Identifier: Apache-2.0
// The link's thread from inside: its sockets and what it does with them. Every ZeroMQ call that carries data is made
// here and waits for nothing but the poll. For loop*.cpp alone, which are with keys.cpp the ones that know ZeroMQ.
#pragma once

#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <optional>

#include <zmq.hpp>

#include "node/link/faults.hpp"
#include "node/link/shared.hpp"

namespace zhili::node {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

inline constexpr int frames_a_turn = 64;
inline constexpr milliseconds retry_after{5};
inline constexpr milliseconds idle_max{1000};

inline bool receive(zmq::socket_t& socket, zmq::message_t& into) {
  return zmq_msg_recv(into.handle(), socket.handle(), ZMQ_DONTWAIT) >= 0;
}

enum class sent { yes, later, gone };

inline sent send(zmq::socket_t& socket, zmq::message_t& message, int flags = 0) {
  if (zmq_msg_send(message.handle(), socket.handle(), flags | ZMQ_DONTWAIT) >= 0) return sent::yes;
  return zmq_errno() == EHOSTUNREACH ? sent::gone : sent::later;
}

inline zmq::message_t message_of(std::vector<std::byte> bytes) {
  auto* kept = new std::vector<std::byte>(std::move(bytes));
  return {kept->data(), kept->size(), [](void*, void* hint) { delete static_cast<std::vector<std::byte>*>(hint); }, kept};
}

inline bytes_view view_of(const zmq::message_t& m) { return {static_cast<const std::byte*>(m.data()), m.size()}; }

// A socket and what ZeroMQ tells of its connections.
struct watched {
  zmq::socket_t socket;
  zmq::socket_t monitor;

  watched(zmq::context_t& context, zmq::socket_type type, const std::string& name)
      : socket(context, type), monitor(context, zmq::socket_type::pair) {
    const std::string events = "inproc://events." + name;
    if (zmq_socket_monitor(socket.handle(), events.c_str(), ZMQ_EVENT_ALL) != 0) throw zmq::error_t();
    monitor.connect(events);
  }
  watched(const watched&) = delete;
  watched& operator=(const watched&) = delete;
  ~watched() { zmq_socket_monitor(socket.handle(), nullptr, 0); }

  /// The next event's number; none: nothing more has happened.
  std::optional<std::uint16_t> next_event() {
    zmq::message_t part;
    if (!receive(monitor, part)) return {};
    std::uint16_t event = 0;
    if (part.size() >= sizeof event) std::memcpy(&event, part.data(), sizeof event);
    while (part.more() && receive(monitor, part)) {
    }
    return event;
  }
};

// Our call to a peer.
struct call {
  call(const link_peer& p, outbox& q) : peer(p), queue(q) {}

  const link_peer& peer;
  outbox& queue;
  std::optional<watched> line;
  bool hello_due = false;
  bool up = false;
  /// Popped and not taken by ZeroMQ yet.
  std::optional<zmq::message_t> held;
  std::uint32_t held_entries = 0;
  /// Only in rehearsals.
  std::optional<frame_faults> faults;
  steady::time_point open_at = steady::time_point::min();
  steady::time_point answer_by = steady::time_point::max();
};

class loop {
 public:
  explicit loop(link_shared& shared) : shared_(shared), o_(shared.options) {}

  void open();
  void run();

 private:
  void set_options(watched& w, const std::string& endpoint, bool is_server, const std::string& server_key);
  void open_door(std::optional<watched>& door, const std::string& endpoint, const char* name, std::string& bound);
  void open_call(call& c);
  void drop(call& c, milliseconds wait);
  milliseconds poll_time() const;
  void poll(milliseconds at_most);
  void admit();
  std::string judge(const std::vector<zmq::message_t>& request, std::string& user);
  void watch(watched& door);
  void watch(call& c);
  void keep_time(call& c);
  std::optional<opened_frame> open(const zmq::message_t& m);
  void hear(watched& door, bool of_peers);
  void hear_peer(const std::string& id, const std::string& user, opened_frame frame);
  void hear_client(const std::string& id, const std::string& user, opened_frame frame);
  void hear(call& c);
  void answered(call& c, const hello_entry& hello);
  bool gets_along(const hello_entry& hello);
  void send_hello(watched& door, const std::string& id);
  outgoing next_frame(call& c);
  void say(call& c);
  void say_to_clients();
  sent say(const std::string& id, client_box& box);
  bool nothing_waits();
  hello_entry hello() const { return {o_.name, o_.incarnation, o_.behaviour, shard_count, o_.pack}; }
  void count(link_count c, std::uint64_t n = 1) { shared_.counters.add(c, n); }

  link_shared& shared_;
  const link_options& o_;
  zmq::context_t context_{1};
  std::optional<zmq::socket_t> zap_;
  std::optional<watched> peers_door_;
  std::optional<watched> clients_door_;
  std::list<call> calls_;
  /// Who said hello on the peers' door, by routing id and by name.
  std::map<std::string, std::string> caller_;
  std::map<std::string, std::string> id_of_;
  std::uint64_t lines_opened_ = 0;
  /// How long the poll may last for the clients' sake.
  milliseconds clients_wait_ = idle_max;
};

}  // namespace zhili::node
