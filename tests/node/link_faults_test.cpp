// SPDX-License-Identifier: Apache-2.0
#include "node/link/faults.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace zhili::node {
namespace {

using namespace std::chrono_literals;

/// Numbers of the frames that come out where frames 1 to `n` go in, one receipt each, one after the other.
std::vector<std::uint64_t> sent(const fault_rates& rates, std::uint64_t n, std::string_view to = "b") {
  frame_faults faults(rates, "a", to);
  outbox queue({});
  std::vector<std::uint64_t> out;
  auto now = frame_faults::steady::now();
  const auto take_all = [&] {
    for (outgoing f = faults.next(queue, now); f.entries != 0; f = faults.next(queue, now)) {
      const auto opened = open_frame(f.bytes);
      REQUIRE(opened);
      out.push_back(opened->first<receipt_entry>().through);
    }
  };
  for (std::uint64_t i = 1; i <= n; ++i) {
    REQUIRE(queue.push(receipt_entry{{1, 0}, {2, 0}, 1, false, 1, i}) == posted::yes);
    take_all();
  }
  now += frame_faults::late_max;
  take_all();
  CHECK(!faults.waits());
  return out;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> v) {
  std::sort(v.begin(), v.end());
  return v;
}

}  // namespace

TEST_SUITE("node/link/faults") {
  TEST_CASE("nothing happens to a frame where no rate is set") {
    const auto out = sent({7, 0, 0, 0}, 100);
    REQUIRE(out.size() == 100);
    CHECK(std::is_sorted(out.begin(), out.end()));
  }

  TEST_CASE("some frames are lost, the others keep their order") {
    const auto out = sent({7, 200, 0, 0}, 1000);
    CHECK(out.size() > 700);
    CHECK(out.size() < 900);
    CHECK(std::is_sorted(out.begin(), out.end()));
  }

  TEST_CASE("some frames come twice, none is lost") {
    auto out = sent({7, 0, 200, 0}, 1000);
    CHECK(out.size() > 1100);
    CHECK(out.size() < 1300);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    CHECK(out.size() == 1000);
  }

  TEST_CASE("some frames are overtaken by the next one, none is lost or doubled") {
    const auto out = sent({7, 0, 0, 200}, 1000);
    CHECK(!std::is_sorted(out.begin(), out.end()));
    const auto all = sorted(out);
    REQUIRE(all.size() == 1000);
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }

  TEST_CASE("the same seed does the same, another one or another peer something else") {
    const auto out = sent({7, 50, 50, 50}, 500);
    CHECK(sent({7, 50, 50, 50}, 500) == out);
    CHECK(sent({8, 50, 50, 50}, 500) != out);
    CHECK(sent({7, 50, 50, 50}, 500, "c") != out);
  }
}

}  // namespace zhili::node
