// SPDX-License-Identifier: Apache-2.0
#include "node/node_config.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "node/homes.hpp"

namespace zhili::node {
namespace {

struct written {
  std::filesystem::path path;
  explicit written(const std::string& text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "zhili-config-XXXXXX").string();
    const int file = mkstemp(pattern.data());
    REQUIRE(file >= 0);
    close(file);
    path = pattern;
    std::ofstream(path) << text;
  }
  ~written() { std::filesystem::remove(path); }
};

const std::string head = "name: node-1\ndata_dir: /data\npack: baseline-2021\n";

std::string error_of(const std::string& text) {
  const written file(text);
  const auto c = read_node_config(file.path);
  return c ? std::string{} : c.error().detail;
}

}  // namespace

TEST_SUITE("node/node_config") {
  TEST_CASE("three lines are a node that hosts everything") {
    const written file(head);
    const auto c = read_node_config(file.path);
    REQUIRE(c);
    CHECK(c->workflows.size() == partition::workflows().size());
    CHECK(c->shards.size() == shard_count);
    CHECK(c->clock == shell::node_clock::kind::real);
    CHECK(homes(*c).here({workflow_numbers::desk, 63}));
  }

  TEST_CASE("frames are lost on purpose in rehearsals alone") {
    const std::string faults = "faults: {seed: 7, drop: 20, double: 30, reorder: 40}\n";
    CHECK(error_of(head + faults).find("clock: trace") != std::string::npos);
    CHECK(error_of(head + "clock: real\n" + faults).find("only a rehearsal may") != std::string::npos);
    CHECK(error_of(head + "clock: trace\nfaults: {drop: 501}\n").find("drop") != std::string::npos);
    CHECK(error_of(head + "clock: trace\nfaults: {drop: 400, double: 400, reorder: 400}\n").find("1000") != std::string::npos);
    const written file(head + "clock: trace\n" + faults);
    const auto c = read_node_config(file.path);
    REQUIRE(c);
    CHECK(c->faults.seed == 7);
    CHECK(c->faults.reorder == 40);
    const written again(print_node_config(*c));
    const auto d = read_node_config(again.path);
    REQUIRE(d);
    CHECK(d->faults.doubled == 30);
  }

  TEST_CASE("what is printed is what was read") {
    const written file(head +
                       "clock: trace\nthreads: 4\ngateway: tcp://127.0.0.1:7600\nlisten: tcp://127.0.0.1:7700\n"
                       "host: {workflows: [product, content], shards: [0-20, 63]}\npeers:\n"
                       "  a: {endpoint: tcp://127.0.0.1:7701, workflows: [product, content], shards: [21-62]}\n"
                       "  b: {endpoint: tcp://127.0.0.1:7702, workflows: [onboarding, desk, takedown, risk, signal, quality, inspection]}\n");
    const auto c = read_node_config(file.path);
    REQUIRE(c);
    const written again(print_node_config(*c));
    const auto d = read_node_config(again.path);
    REQUIRE(d);
    CHECK(print_node_config(*d) == print_node_config(*c));
    const homes where(*c);
    CHECK(where.here({workflow_numbers::product, 63}));
    CHECK(where.of({workflow_numbers::content, 21}) == "a");
    CHECK(where.of({workflow_numbers::risk, 0}) == "b");
  }

  TEST_CASE("every partition has one home") {
    CHECK(error_of(head + "host: {workflows: [product]}\n").find("nobody hosts onboarding shard 0") != std::string::npos);
    const std::string both = "listen: tcp://127.0.0.1:7700\npeers:\n  a: {endpoint: tcp://127.0.0.1:7701}\n";
    CHECK(error_of(head + both).find("onboarding shard 0 is hosted by both node-1 and a") != std::string::npos);
    const std::string gateway = "host: {workflows: none}\nlisten: tcp://127.0.0.1:7700\npeers:\n  a: {endpoint: tcp://127.0.0.1:7701}\n";
    CHECK(error_of(head + gateway) == "");
  }

  TEST_CASE("every mistake is named with its place, and unknown keys with what was meant") {
    const std::string found = error_of(head + "gatway: tcp://127.0.0.1:7600\nclock: wall\nhost: {shards: [70]}\nlisten: 127.0.0.1\n");
    CHECK(found.find(":4:") != std::string::npos);
    CHECK(found.find("gateway") != std::string::npos);
    CHECK(found.find(":5:") != std::string::npos);
    CHECK(found.find("shards are numbers from 0 to 63") != std::string::npos);
    CHECK(found.find("tcp://127.0.0.1:7600") != std::string::npos);
  }

  TEST_CASE("the files that ship are good") {
    for (const char* name : {"one", "three-1", "three-2", "three-3"}) {
      const auto c = read_node_config(std::string("packaging/configs/") + name + ".yaml");
      REQUIRE_MESSAGE(c.has_value(), name, ": ", c ? "" : c.error().detail);
      CHECK(c->peers.size() == (std::string(name) == "one" ? 0 : 2));
    }
  }
}

}  // namespace zhili::node
