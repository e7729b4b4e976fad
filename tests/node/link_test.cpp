// SPDX-License-Identifier: Apache-2.0
#include "node/link/link.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <zmq.hpp>

#include "tests/node/link_support.hpp"

namespace zhili::node {
namespace {

/// Two nodes that call each other.
struct pair_of_nodes {
  std::string a_at = free_endpoint(), b_at = free_endpoint();
  station a, b;

  link_options a_options() const {
    link_options o = named("a");
    o.listen_peers = a_at;
    o.peers = {{.name = "b", .endpoint = b_at}};
    return o;
  }
  link_options b_options() const {
    link_options o = named("b");
    o.listen_peers = b_at;
    o.peers = {{.name = "a", .endpoint = a_at}};
    return o;
  }
};

/// Posts until it is taken.
void push(zmq_link& link, const std::string& peer, const frame_entry& e) {
  for (posted p = link.post(peer, e); p != posted::yes; p = link.post(peer, e)) {
    REQUIRE(p == posted::full);
    std::this_thread::sleep_for(1ms);
  }
}

bool counts_up_to(const std::vector<std::uint64_t>& numbers, std::uint64_t last) {
  if (numbers.size() != last) return false;
  for (std::uint64_t i = 0; i < last; ++i) {
    if (numbers[i] != i + 1) return false;
  }
  return true;
}

zmq::message_t part(const std::vector<std::byte>& bytes) { return {bytes.data(), bytes.size()}; }

const subject_id a_key{7, 8};

std::vector<std::byte> submission_frame() {
  static const std::vector<std::byte> envelope(64);
  return frame_of(submission_entry{envelope});
}

void answer_busy(zmq_link& link, const client_origin& client, const opened_frame& frame) {
  for (std::uint32_t i = 0; i < frame.count(); ++i) {
    link.reply(client, answer_entry{a_key, answer_kind::busy, {}, 50, errc::none, {}});
  }
}

/// A plain ZeroMQ client, with neither our queue nor our checks.
struct raw_client {
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::dealer};

  explicit raw_client(const std::string& endpoint) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, 5000);
    socket.connect(endpoint);
  }
  void say(const std::vector<std::byte>& bytes) { socket.send(part(bytes), zmq::send_flags::none); }
  std::optional<opened_frame> hear() {
    zmq::message_t m;
    if (!socket.recv(m)) return {};
    auto f = open_frame({static_cast<const std::byte*>(m.data()), m.size()});
    REQUIRE(f.has_value());
    return std::move(*f);
  }
};

}  // namespace

TEST_SUITE("node/link") {
  TEST_CASE("two nodes exchange 100,000 messages in order, in both directions at once") {
    pair_of_nodes n;
    n.a.start(n.a_options());
    n.b.start(n.b_options());
    constexpr std::uint64_t last = 100'000;
    const auto send_all = [](station& from, const std::string& to) {
      for (std::uint64_t i = 1; i <= last; ++i) push(*from.link, to, message_no(i));
    };
    std::thread one(send_all, std::ref(n.a), "b"), two(send_all, std::ref(n.b), "a");
    one.join();
    two.join();
    CHECK(soon([&] { return n.a.heard_count("b") >= last && n.b.heard_count("a") >= last; }, 60s));
    CHECK(counts_up_to(n.b.heard_from("a"), last));
    CHECK(counts_up_to(n.a.heard_from("b"), last));
    // It is counted just after it was sent, and may have been heard before that.
    CHECK(soon([&] { return n.a.count(link_count::entries_out) == last; }));
    // Many to a frame, or there were no frames worth the name.
    CHECK(n.a.count(link_count::frames_out) < last / 4);
    CHECK(n.b.count(link_count::entries_in) >= last);
    CHECK(n.a.up_count() == 1);
    CHECK(n.a.down_count() == 0);
  }

  TEST_CASE("what a peer's hello says is told") {
    pair_of_nodes n;
    link_options b = n.b_options();
    b.incarnation = 4;
    b.behaviour = 9;
    b.pack = {{1, 2, 3, 4}};
    n.b.start(b);
    n.a.start(n.a_options());
    REQUIRE(soon([&] { return n.a.up_count() == 1; }));
    CHECK(n.a.now(&station::last_up).name == "b");
    CHECK(n.a.now(&station::last_up).incarnation == 4);
    CHECK(n.a.now(&station::last_up).behaviour == 9);
    CHECK(n.a.now(&station::last_up).pack == digest256{{1, 2, 3, 4}});
  }

  TEST_CASE("a peer that goes and comes back is noticed, and hears what waited for it") {
    pair_of_nodes n;
    n.a.start(n.a_options());
    {
      station first;
      first.start(n.b_options());
      REQUIRE(soon([&] { return n.a.up_count() == 1; }));
      push(*n.a.link, "b", message_no(1));
      REQUIRE(soon([&] { return first.heard_count("a") == 1; }));
    }
    REQUIRE(soon([&] { return n.a.down_count() == 1; }));
    for (std::uint64_t i = 2; i <= 10; ++i) push(*n.a.link, "b", message_no(i));
    CHECK(n.a.link->waiting("b") > 0);
    n.b.start(n.b_options());
    REQUIRE(soon([&] { return n.a.up_count() == 2; }));
    CHECK(soon([&] { return n.b.heard_count("a") == 9; }));
    CHECK(n.b.heard_from("a") == std::vector<std::uint64_t>{2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(n.a.count(link_count::calls_up) == 2);
    CHECK(n.a.count(link_count::calls_down) == 1);
  }

  TEST_CASE("a full queue is told to whoever posts, and what was taken arrives") {
    pair_of_nodes n;
    link_options a = n.a_options();
    a.peer_queue = {1024 * 1024, 100};
    n.a.start(a);
    for (std::uint64_t i = 1; i <= 100; ++i) REQUIRE(n.a.link->post("b", message_no(i)) == posted::yes);
    CHECK(n.a.link->post("b", message_no(101)) == posted::full);
    CHECK(n.a.link->waiting("b") == 100);
    CHECK(n.a.count(link_count::queue_full) == 1);
    CHECK(n.a.link->post("nobody", message_no(1)) == posted::unknown);
    CHECK(n.a.count(link_count::unknown_destination) == 1);
    n.b.start(n.b_options());
    CHECK(soon([&] { return n.b.heard_count("a") == 100; }));
    CHECK(counts_up_to(n.b.heard_from("a"), 100));
    CHECK(n.a.link->post("b", message_no(101)) == posted::yes);
    CHECK(n.a.link->post("b", message_no(0)) == posted::bad_entry);
    CHECK(n.a.count(link_count::bad_entry) == 1);
  }

  TEST_CASE("of many posted at once a bad one is passed over, and those behind a full queue stay the caller's") {
    pair_of_nodes n;
    link_options a = n.a_options();
    a.peer_queue = {1024 * 1024, 3};
    n.a.start(a);
    const std::vector<frame_entry> five{message_no(1), message_no(0), message_no(2), message_no(3), message_no(4)};
    CHECK(n.a.link->post("b", five) == 3);
    CHECK(n.a.count(link_count::bad_entry) == 1);
    CHECK(n.a.count(link_count::queue_full) == 1);
    n.b.start(n.b_options());
    CHECK(soon([&] { return n.b.heard_count("a") == 3; }));
    CHECK(counts_up_to(n.b.heard_from("a"), 3));
    CHECK(n.a.link->post("nobody", five) == 0);
  }

  TEST_CASE("of many answers at once a bad one is passed over") {
    station gate;
    gate.serve = [](zmq_link& link, const client_origin& client, const opened_frame&) {
      answer_entry good;
      good.key = {1, 2};
      good.what = answer_kind::busy;
      good.retry_after_ms = 1;
      answer_entry bad = good;
      bad.retry_after_ms = 0;
      const std::vector<frame_entry> three{good, bad, good};
      CHECK(link.reply(client, three) == posted::bad_entry);
    };
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    gate.start(g);
    station client;
    link_options c = named("platform");
    c.peers = {{.name = "gateway", .endpoint = gate.link->clients_endpoint(), .as_client = true}};
    client.start(c);
    const std::vector<std::byte> envelope(300);
    push(*client.link, "gateway", submission_entry{envelope});
    CHECK(soon([&] { return client.now(&station::answers) == 2; }));
    CHECK(gate.count(link_count::bad_entry) == 1);
  }

  TEST_CASE("a queue is bounded in bytes too") {
    outbox box({1000, 1'000'000});
    std::size_t taken = 0;
    while (box.push(message_no(taken + 1)) == posted::yes) ++taken;
    CHECK(taken == 16);
    CHECK(box.bytes() == 1024);
    const outgoing frame = box.pop();
    CHECK(frame.entries == 16);
    CHECK(open_frame(frame.bytes).value().count() == 16);
    CHECK(box.empty());
    CHECK(box.bytes() == 0);
    CHECK(box.pop().entries == 0);
    CHECK(box.push(message_no(0)) == posted::bad_entry);
    CHECK(box.pop().entries == 0);
  }

  TEST_CASE("a client's submissions are handed on and its answers come back") {
    station gate;
    gate.serve = answer_busy;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    gate.start(g);
    station client;
    link_options c = named("platform");
    c.peers = {{.name = "gateway", .endpoint = gate.link->clients_endpoint(), .as_client = true}};
    client.start(c);
    const std::vector<std::byte> envelope(300);
    for (int i = 0; i < 1000; ++i) push(*client.link, "gateway", submission_entry{envelope});
    CHECK(soon([&] { return client.now(&station::answers) == 1000; }));
    CHECK(gate.now(&station::submissions) == 1000);
    CHECK(client.now(&station::last_up).name == "gate");
  }

  TEST_CASE("hostile frames are refused and counted by cause, and nobody else notices") {
    station gate;
    gate.serve = answer_busy;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    gate.start(g);
    raw_client good(gate.link->clients_endpoint());
    raw_client bad(gate.link->clients_endpoint());

    const std::vector<std::byte> frame = submission_frame();
    auto flipped = frame;
    flipped.back() ^= std::byte{1};
    auto newer = frame;
    newer[4] = std::byte{2};
    const std::vector<std::byte> cut(frame.begin(), frame.end() - 1);
    bad.say({});
    bad.say(cut);
    bad.say(flipped);
    bad.say(newer);
    bad.say(std::vector<std::byte>(100));
    bad.say(std::vector<std::byte>(limits::frame_bytes_max + 1));
    bad.say(frame_of(message_no(1)));
    bad.socket.send(part(frame), zmq::send_flags::sndmore);
    bad.socket.send(part(frame), zmq::send_flags::none);
    const auto all = [&] {
      return gate.count(link_count::truncated) == 2 && gate.count(link_count::checksum) == 1 &&
             gate.count(link_count::unsupported_version) == 1 && gate.count(link_count::malformed) == 1 &&
             gate.count(link_count::too_large) == 1 && gate.count(link_count::unexpected_kind) == 1 &&
             gate.count(link_count::several_parts) == 1;
    };
    CHECK(soon(all));
    CHECK(gate.now(&station::submissions) == 0);

    // Far too large: its connection goes, the other one's stays.
    const auto cut_before = gate.count(link_count::cut_off);
    bad.say(std::vector<std::byte>(32 * 1024 * 1024));
    CHECK(soon([&] { return gate.count(link_count::cut_off) == cut_before + 1; }));
    good.say(submission_frame());
    const auto answer = good.hear();
    REQUIRE(answer.has_value());
    CHECK(answer->first<answer_entry>().retry_after_ms == 50);
    CHECK(gate.count(link_count::too_large) == 1);
    CHECK(all());
  }

  TEST_CASE("who does not speak ZeroMQ, or says nothing, is let go") {
    station gate;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    gate.start(g);
    zmq::context_t context(1);
    zmq::socket_t stream(context, zmq::socket_type::stream);
    stream.set(zmq::sockopt::linger, 0);
    stream.connect(gate.link->clients_endpoint());
    CHECK(soon([&] { return gate.count(link_count::handshake_failed) >= 1; }));
  }

  TEST_CASE("a client that has gone costs its answers and nothing else") {
    station gate;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    gate.start(g);
    {
      raw_client client(gate.link->clients_endpoint());
      client.say(submission_frame());
      REQUIRE(soon([&] { return gate.now(&station::submissions) == 1; }));
    }
    REQUIRE(soon([&] { return gate.count(link_count::cut_off) == 1; }));
    const client_origin gone = gate.now(&station::clients).front();
    // What ZeroMQ took while the connection was going is lost unseen, as is all that was under way.
    CHECK(soon([&] {
      CHECK(gate.link->reply(gone, answer_entry{a_key, answer_kind::busy, {}, 50, errc::none, {}}) == posted::yes);
      return gate.count(link_count::client_gone) >= 1;
    }));
    CHECK(gate.link->reply({}, answer_entry{a_key, answer_kind::busy, {}, 50, errc::none, {}}) == posted::unknown);
  }

  TEST_CASE("a client that does not read its answers fills its own queue and nobody else's") {
    station gate;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    g.client_queue = {256 * 1024, 100'000};
    gate.start(g);
    raw_client deaf(gate.link->clients_endpoint());
    deaf.socket.set(zmq::sockopt::rcvhwm, 1);
    deaf.say(submission_frame());
    REQUIRE(soon([&] { return gate.now(&station::clients).size() == 1; }));
    const client_origin who = gate.now(&station::clients).front();
    const std::vector<std::byte> page(64 * 1024);
    // Full for good, not for a moment.
    int full_for_ms = 0;
    for (int i = 0; i < 100'000 && full_for_ms < 100; ++i) {
      if (gate.link->reply(who, reply_entry{1, 1, errc::none, page}) == posted::yes) {
        full_for_ms = 0;
      } else {
        ++full_for_ms;
        std::this_thread::sleep_for(1ms);
      }
    }
    CHECK(full_for_ms == 100);
    CHECK(gate.count(link_count::queue_full) >= 100);
    {
      const std::lock_guard lock(gate.mutex);
      gate.serve = answer_busy;
    }
    raw_client good(gate.link->clients_endpoint());
    good.say(submission_frame());
    CHECK(good.hear().has_value());
  }

  TEST_CASE("answers for all clients together are bounded") {
    station gate;
    link_options g = named("gate");
    g.listen_clients = "tcp://127.0.0.1:*";
    g.client_queue = {64 * 1024 * 1024, 100'000};
    g.clients_bytes_max = 1024 * 1024;
    gate.start(g);
    raw_client deaf(gate.link->clients_endpoint());
    deaf.socket.set(zmq::sockopt::rcvhwm, 1);
    deaf.say(submission_frame());
    REQUIRE(soon([&] { return gate.now(&station::clients).size() == 1; }));
    const client_origin who = gate.now(&station::clients).front();
    const std::vector<std::byte> page(64 * 1024);
    std::size_t taken = 0;
    int full_for_ms = 0;
    while (taken < 100'000 && full_for_ms < 100) {
      if (gate.link->reply(who, reply_entry{1, 1, errc::none, page}) == posted::yes) {
        full_for_ms = 0;
        ++taken;
      } else {
        ++full_for_ms;
        std::this_thread::sleep_for(1ms);
      }
    }
    CHECK(full_for_ms == 100);
    // Besides, ZeroMQ holds 16 frames and the kernel some; its own queue would hold 1024 pages more.
    CHECK(taken < 1000);
  }

  TEST_CASE("a link ends within a second though its peers are dead and its queues are full") {
    link_options o = named("a");
    o.listen_peers = "tcp://127.0.0.1:*";
    o.listen_clients = "tcp://127.0.0.1:*";
    o.peers = {{.name = "b", .endpoint = free_endpoint()}, {.name = "c", .endpoint = free_endpoint()}};
    station a;
    a.start(o);
    for (std::uint64_t i = 1; i <= 10'000; ++i) push(*a.link, "b", message_no(i));
    const auto begin = std::chrono::steady_clock::now();
    a.link->stop();
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
    a.link->stop();
    CHECK(a.link->post("b", message_no(1)) == posted::yes);
  }

  TEST_CASE("what was taken before a link ends still arrives") {
    pair_of_nodes n;
    n.b.start(n.b_options());
    {
      station a;
      a.start(n.a_options());
      REQUIRE(soon([&] { return a.up_count() == 1; }));
      // Kinds that alternate make a frame of each entry: more than one turn of the thread can send.
      for (std::uint64_t i = 1; i <= 5000; ++i) {
        push(*a.link, "b", message_no(i));
        push(*a.link, "b", receipt_entry{{1, 7}, {5, 7}, 0, false, 1, i});
      }
    }
    CHECK(soon([&] { return n.b.heard_count("a") == 5000; }));
    CHECK(counts_up_to(n.b.heard_from("a"), 5000));
  }
}

}  // namespace zhili::node
