// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/streams.hpp"

#include <string>

#include <doctest/doctest.h>

namespace zhili::partition {
namespace {

wire::send_header head(std::uint64_t number) { return {{1, 2}, 1000, number, 0x0405, 1, 0, 0}; }

void push(outbox& box, const std::string& body) { box.push(head(box.next_number()), 7, as_bytes_view(body)); }

std::vector<std::string> bodies(const outbox& box) {
  std::vector<std::string> list;
  box.each([&](const message_view& m) {
    list.emplace_back(reinterpret_cast<const char*>(m.body.data()), m.body.size());
    CHECK(m.type == 7);
    CHECK(reinterpret_cast<std::uintptr_t>(m.body.data()) % 8 == 0);
  });
  return list;
}

}  // namespace

TEST_SUITE("actors/partition/streams") {
  TEST_CASE("an outbox gives back what was put in, in order, until it is acknowledged") {
    outbox box;
    CHECK(box.empty());
    CHECK(box.next_number() == 1);
    for (const char* body : {"one", "", "three, a longer one", "four"}) push(box, body);
    CHECK(box.next_number() == 5);
    CHECK(bodies(box) == std::vector<std::string>{"one", "", "three, a longer one", "four"});
    CHECK(box.acknowledge(2));
    CHECK(bodies(box) == std::vector<std::string>{"three, a longer one", "four"});
    CHECK(box.acknowledged() == 2);
    CHECK_FALSE(box.acknowledge(2));
    CHECK_FALSE(box.acknowledge(1));
    CHECK(box.acknowledge(4));
    CHECK(box.empty());
    CHECK(bodies(box).empty());
    push(box, "five");
    CHECK(bodies(box) == std::vector<std::string>{"five"});
  }

  TEST_CASE("a long-lived outbox that is never quite empty keeps its order and does not grow without bound") {
    outbox box;
    const std::string body(500, 'x');
    for (int n = 0; n < 3000; ++n) {
      push(box, std::to_string(n) + body);
      if (n >= 10) box.acknowledge(static_cast<std::uint64_t>(n - 9));
    }
    const auto left = bodies(box);
    REQUIRE(left.size() == 10);
    CHECK(left.front() == "2990" + body);
    CHECK(left.back() == "2999" + body);
    CHECK(box.acknowledged() == 2990);
  }

  TEST_CASE("a table by stream keeps every stream apart and visits them in order") {
    stream_table<int> table;
    int n = 0;
    std::vector<stream_key> keys;
    for (const workflow_no w : {workflow_no{1}, workflow_no{9}, workflow_no{31}}) {
      for (const shard_no s : {shard_no{0}, shard_no{1}, shard_no{63}}) {
        for (const stream_kind k : {stream_kind::inside_account, stream_kind::across_accounts}) {
          keys.push_back({{w, s}, k});
          table.at(keys.back()) = ++n;
        }
      }
    }
    for (std::size_t i = 0; i < keys.size(); ++i) CHECK(*table.find(keys[i]) == static_cast<int>(i) + 1);
    CHECK(table.find({{2, 0}, stream_kind::inside_account}) == nullptr);
    std::vector<int> visited;
    table.each([&](stream_key, int v) {
      if (v != 0) visited.push_back(v);
    });
    REQUIRE(visited.size() == keys.size());
    for (std::size_t i = 0; i < visited.size(); ++i) CHECK(visited[i] == static_cast<int>(i) + 1);
  }

  TEST_CASE("a stream that cannot be is told from one that can") {
    CHECK(valid({{1, 0}, stream_kind::inside_account}));
    CHECK(valid({{31, 63}, stream_kind::across_accounts}));
    CHECK_FALSE(valid({{32, 0}, stream_kind::inside_account}));
    CHECK_FALSE(valid({{1, 64}, stream_kind::inside_account}));
    CHECK_FALSE(valid({{1, 0}, static_cast<stream_kind>(2)}));
  }

  TEST_CASE("what was acknowledged and is asked for again stands before the rest, in order") {
    outbox box;
    for (const char* body : {"one", "two", "three, a longer one", "four", "five"}) push(box, body);
    box.acknowledge(4);
    outbox earlier(2);
    push(earlier, "three, a longer one");
    push(earlier, "four");
    box.put_before(std::move(earlier));
    CHECK(bodies(box) == std::vector<std::string>{"three, a longer one", "four", "five"});
    CHECK(box.acknowledged() == 2);
    push(box, "six");
    CHECK(box.acknowledge(3));
    CHECK(bodies(box) == std::vector<std::string>{"four", "five", "six"});
  }
}

}  // namespace zhili::partition
