// SPDX-License-Identifier: Apache-2.0
// Who is taken for a peer: names, shards, behaviours; what is heard before a hello.
#include <doctest/doctest.h>
#include <zmq.hpp>

#include "tests/node/link_support.hpp"

namespace zhili::node {
namespace {

/// A node `b` that knows a peer `a`, and somebody who says something to its peers' door.
struct door_of_b {
  station b;
  zmq::context_t context{1};
  zmq::socket_t caller{context, zmq::socket_type::dealer};

  explicit door_of_b(link_options o = named("b")) {
    o.listen_peers = "tcp://127.0.0.1:*";
    o.peers = {{.name = "a"}};
    b.start(o);
    caller.set(zmq::sockopt::linger, 0);
    caller.set(zmq::sockopt::rcvtimeo, 300);
    caller.connect(b.link->peers_endpoint());
  }
  void say(const frame_entry& e) {
    const auto bytes = frame_of(e);
    caller.send(zmq::message_t(bytes.data(), bytes.size()), zmq::send_flags::none);
  }
  /// The answer's name; empty: there was none.
  std::string hear_hello() {
    zmq::message_t m;
    if (!caller.recv(m)) return {};
    const auto f = open_frame({static_cast<const std::byte*>(m.data()), m.size()});
    REQUIRE(f.has_value());
    return std::string(f->first<hello_entry>().node);
  }
};

hello_entry hello_of(std::string_view name) { return {name, 1, 5, shard_count, {}}; }

}  // namespace

TEST_SUITE("node/link_hello") {
  TEST_CASE("a peer is answered and then heard") {
    door_of_b door;
    door.say(hello_of("a"));
    CHECK(door.hear_hello() == "b");
    door.say(message_no(1));
    CHECK(soon([&] { return door.b.heard_count("a") == 1; }));
  }

  TEST_CASE("nothing is heard before a hello") {
    door_of_b door;
    door.say(message_no(1));
    CHECK(soon([&] { return door.b.count(link_count::no_hello) == 1; }));
    CHECK(door.b.heard_count("a") == 0);
  }

  TEST_CASE("a name that no config knows is not answered") {
    door_of_b door;
    door.say(hello_of("mallory"));
    CHECK(soon([&] { return door.b.count(link_count::unknown_peer) == 1; }));
    CHECK(door.hear_hello().empty());
    door.say(message_no(1));
    CHECK(soon([&] { return door.b.count(link_count::no_hello) == 1; }));
  }

  TEST_CASE("another number of shards, or a behaviour out of range, is answered and not heard") {
    link_options o = named("b");
    o.behaviour_min = 4;
    o.behaviour_max = 6;
    door_of_b door(o);
    hello_entry h = hello_of("a");
    h.shards = 32;
    door.say(h);
    CHECK(door.hear_hello() == "b");
    CHECK(door.b.count(link_count::wrong_shards) == 1);
    h = hello_of("a");
    h.behaviour = 3;
    door.say(h);
    CHECK(door.hear_hello() == "b");
    h.behaviour = 7;
    door.say(h);
    CHECK(door.hear_hello() == "b");
    CHECK(door.b.count(link_count::wrong_behaviour) == 2);
    door.say(message_no(1));
    CHECK(soon([&] { return door.b.count(link_count::no_hello) == 1; }));
    door.say(hello_of("a"));
    CHECK(door.hear_hello() == "b");
    door.say(message_no(2));
    CHECK(soon([&] { return door.b.heard_count("a") == 1; }));
  }

  TEST_CASE("a peer that calls anew is heard on its new call alone") {
    door_of_b door;
    door.say(hello_of("a"));
    REQUIRE(door.hear_hello() == "b");
    zmq::socket_t second(door.context, zmq::socket_type::dealer);
    second.set(zmq::sockopt::linger, 0);
    second.connect(door.b.link->peers_endpoint());
    std::swap(second, door.caller);
    door.caller.set(zmq::sockopt::rcvtimeo, 5000);
    door.say(hello_of("a"));
    REQUIRE(door.hear_hello() == "b");
    door.say(message_no(1));
    std::swap(second, door.caller);
    door.say(message_no(2));
    CHECK(soon([&] { return door.b.count(link_count::no_hello) == 1; }));
    CHECK(soon([&] { return door.b.heard_count("a") == 1; }));
    CHECK(door.b.heard_from("a") == std::vector<std::uint64_t>{1});
  }

  TEST_CASE("a caller sees from the answer that it is the wrong node, and sends it nothing") {
    station b;
    link_options o = named("b");
    o.listen_peers = "tcp://127.0.0.1:*";
    o.peers = {{.name = "a"}};
    o.behaviour = 9;
    b.start(o);
    station a;
    link_options mine = named("a");
    mine.behaviour_max = 8;
    mine.peers = {{.name = "b", .endpoint = b.link->peers_endpoint()}};
    a.start(mine);
    CHECK(a.link->post("b", message_no(1)) == posted::yes);
    CHECK(soon([&] { return a.count(link_count::wrong_behaviour) >= 1; }));
    station other;
    link_options wrong_name = named("a");
    wrong_name.peers = {{.name = "c", .endpoint = b.link->peers_endpoint()}};
    other.start(wrong_name);
    CHECK(other.link->post("c", message_no(1)) == posted::yes);
    CHECK(soon([&] { return other.count(link_count::unknown_peer) >= 1; }));
    CHECK(a.up_count() + other.up_count() == 0);
    CHECK(b.heard_count("a") == 0);
    CHECK(a.link->waiting("b") == 1);
  }

  TEST_CASE("every count has a name of its own") {
    std::map<std::string_view, int> seen;
    for (std::size_t i = 0; i < link_counts_n; ++i) {
      const auto n = name(static_cast<link_count>(i));
      CHECK_FALSE(n.empty());
      CHECK(++seen[n] == 1);
    }
    CHECK(name(link_count::several_parts) == "several_parts");
    CHECK(name(link_count::unknown_key) == "unknown_key");
    CHECK(name(link_count::client_gone) == "client_gone");
    CHECK(count_of(errc::too_large) == link_count::too_large);
    CHECK(count_of(errc::malformed) == link_count::malformed);
  }
}

}  // namespace zhili::node
