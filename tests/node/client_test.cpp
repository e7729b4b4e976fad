// SPDX-License-Identifier: Apache-2.0
#include "node/client.hpp"

#include <cstring>
#include <set>

#include <doctest/doctest.h>

#include "tests/node/link_support.hpp"

namespace zhili::node {
namespace {

/// A gateway that tells every submission to come again, and takes it then. The key is the envelope's beginning.
struct busy_gateway {
  std::set<subject_id> seen;
  station at;

  busy_gateway() {
    at.serve = [this](zmq_link& link, const client_origin& client, const opened_frame& frame) {
      if (frame.kind() != frame_kind::submissions) return;
      for (const frame_entry& e : frame) {
        answer_entry a;
        std::memcpy(&a.key, std::get<submission_entry>(e).envelope.data(), sizeof a.key);
        const bool first = seen.insert(a.key).second;
        a.what = first ? answer_kind::busy : answer_kind::outcome;
        if (first) a.retry_after_ms = 20;
        if (!first) a.outcome = wire::outcome(wire::status::decided, verdict::approve, {}, 0, subject_kind::diary, 0);
        link.reply(client, a);
      }
    };
    link_options o;
    o.name = "gateway";
    o.listen_clients = "tcp://127.0.0.1:*";
    at.start(o);
  }
};

std::vector<std::byte> beginning_with(subject_id key) {
  std::vector<std::byte> out(64);
  std::memcpy(out.data(), &key, sizeof key);
  return out;
}

}  // namespace

TEST_SUITE("node/client") {
  TEST_CASE("asks again what was told to come again, though its window never fills") {
    busy_gateway gateway;
    client_options o;
    o.endpoint = gateway.at.link->clients_endpoint();
    o.window = 1'000'000;
    auto c = client::connect(o);
    REQUIRE(c);
    std::uint64_t n = 0;
    const auto submit = [&] {
      const subject_id key{1, ++n};
      return (*c)->submit(key, beginning_with(key)).has_value();
    };
    REQUIRE(submit());
    // It goes on submitting, and never waits for anything.
    CHECK(soon([&] { return submit() && (*c)->counters().accepted > 0; }));
    CHECK((*c)->finish());
    CHECK((*c)->counters().accepted == n);
  }

  TEST_CASE("a question whose connection breaks is answered at once, with an error") {
    auto gateway = std::make_unique<station>();
    link_options g;
    g.name = "gateway";
    g.listen_clients = "tcp://127.0.0.1:*";
    gateway->start(g);
    client_options o;
    o.endpoint = gateway->link->clients_endpoint();
    auto c = client::connect(o);
    REQUIRE(c);
    std::thread end([&] {
      CHECK(soon([&] { return !gateway->now(&station::clients).empty(); }));
      gateway.reset();
    });
    const auto reply = (*c)->ask(1, "{}", 60s);
    end.join();
    REQUIRE(!reply);
    CHECK(reply.error().detail.find("broke") != std::string::npos);
  }
}

}  // namespace zhili::node
