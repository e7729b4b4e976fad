// SPDX-License-Identifier: Apache-2.0
#include "node/reception.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "node/client.hpp"
#include "protocols/envelope.hpp"
#include "protocols/schema/content_generated.h"

namespace zhili::node {
namespace {

/// A node with everything in it, in a folder of its own, and a client of it.
struct station {
  station() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zhili-node-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    config.name = "node-1";
    config.data_dir = pattern;
    config.pack = "baseline-2021";
    config.gateway = "tcp://127.0.0.1:*";
    for (const auto* w : partition::workflows()) config.workflows.push_back(w->number);
    for (shard_no s = 0; s < shard_count; ++s) config.shards.push_back(s);
    where.emplace(config);
    away.emplace(*where);
    auto started = server::start(config, nullptr);
    REQUIRE_MESSAGE(started.has_value(), started.error().detail);
    node = std::move(*started);
    front.emplace(*node, *where, *away);
    REQUIRE(front->open());
    client_options o;
    o.endpoint = front->link().clients_endpoint();
    auto connected = client::connect(o);
    REQUIRE(connected);
    caller = std::move(*connected);
  }
  ~station() {
    caller.reset();
    front->close();
    node->end();
    front.reset();
    node.reset();
    std::filesystem::remove_all(config.data_dir);
  }

  result<std::string> ask(request_verb verb, std::string_view body) {
    return caller->ask(static_cast<std::uint16_t>(verb), body, std::chrono::seconds{10});
  }
  nlohmann::json counts() { return nlohmann::json::parse(*ask(request_verb::counts, {})); }

  node_config config;
  std::optional<homes> where;
  std::optional<mail> away;
  std::unique_ptr<server> node;
  std::optional<reception> front;
  std::unique_ptr<client> caller;
};

std::vector<std::byte> diary(std::uint64_t n, const std::string& text) {
  flatbuffers::FlatBufferBuilder b;
  const digest256 of = blake2b_256(as_bytes_view(text));
  const wire::hash256 hash = to_wire(of);
  b.Finish(wire::content::Createsubmit_content(b, n, subject_kind::diary, nullptr, &hash,
                                               static_cast<std::uint32_t>(text.size()), 0, 5));
  envelope_fields e;
  e.workflow = workflow_numbers::content;
  e.type = static_cast<type_no>(wire::content::content_command::submit_content);
  e.account = make_subject_id("t", subject_kind::user, "u");
  e.subject = make_subject_id("t", subject_kind::diary, std::to_string(n));
  e.key = {n, 1};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  e.event_time = e.sent_at = {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
  e.body = body_of(b);
  e.text = text;
  return *encode_envelope(e);
}

}  // namespace

TEST_SUITE("node/reception") {
  TEST_CASE("a submission is decided, answered, counted and seen in the tail; the same key again is decided no second time") {
    station s;
    REQUIRE(s.caller->submit({7, 1}, diary(7, "恢复得很好，医生很耐心")));
    REQUIRE(s.caller->finish());
    CHECK(s.caller->counters().accepted == 1);
    REQUIRE(s.caller->submit({7, 1}, diary(7, "恢复得很好，医生很耐心")));
    REQUIRE(s.caller->finish());
    const auto counts = s.counts();
    CHECK(counts["decisions"] == 1);
    const auto tail = s.ask(request_verb::tail, R"({"position": {}})");
    REQUIRE(tail);
    CHECK(tail->find(R"("kind":"decision")") != std::string::npos);
    CHECK(tail->find(R"("at_end":true)") != std::string::npos);
  }

  TEST_CASE("a question of any shape is answered or refused in words, and the next one is answered") {
    station s;
    for (const char* body : {"", "{", "[]", "null", "7", R"({"position": 7})", R"({"position": {"content/5": -1}})",
                             R"({"position": {}, "bytes_max": "x"})", R"({"at": "soon"})", R"({"subject": 7, "account": []})",
                             R"({"queue": 7, "reviewer": "x"})"}) {
      CAPTURE(body);
      for (std::uint16_t verb = 1; verb < 9; ++verb) {
        const auto reply = s.caller->ask(verb, body, std::chrono::seconds{10});
        if (!reply) CHECK(reply.error().code != errc::io);
      }
      CHECK(s.counts()["decisions"] == 0);
    }
  }

  TEST_CASE("a node that drains tells everybody to come again, and is drained under load at once") {
    station s;
    REQUIRE(s.caller->submit({6, 1}, diary(6, "一切都好")));
    REQUIRE(s.caller->finish());
    s.front->drain();
    REQUIRE(s.caller->submit({7, 1}, diary(7, "一切都好")));
    for (int n = 0; n < 500 && s.caller->counters().busy == 0; ++n) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    CHECK(s.caller->counters().busy > 0);
    CHECK(s.caller->counters().accepted == 1);
    CHECK(s.node->partitions().drain(std::chrono::seconds{10}, std::chrono::milliseconds{500}));
    CHECK(s.counts()["decisions"] == 1);
  }

  TEST_CASE("an envelope that cannot be opened harms nobody else") {
    station s;
    auto broken = diary(8, "一切都好");
    broken[40] ^= std::byte{1};
    REQUIRE(s.caller->submit({8, 1}, std::move(broken)));
    REQUIRE(s.caller->submit({9, 1}, diary(9, "一切都好")));
    for (int n = 0; n < 200 && s.caller->counters().accepted == 0; ++n) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    CHECK(s.caller->counters().accepted == 1);
    CHECK(s.front->door().counters().bad == 1);
  }
}

}  // namespace zhili::node
