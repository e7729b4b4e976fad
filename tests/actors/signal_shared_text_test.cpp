// SPDX-License-Identifier: Apache-2.0
#include "actors/signal/workflow.hpp"
#include "tests/testkit/given.hpp"

namespace zhili::signal::tests {

using namespace testkit;
using std::chrono::hours;
using text_shared = wire::content::text_shared;
using signal_stage = stage<workflow>;
using wire::refusal;

namespace {

// Its threshold is the program's default, three.
const account_id key_a = subject(subject_kind::signal, "a text");
account_id user(int n) {
  return subject(subject_kind::user, "user " + std::to_string(n));
}
subject_id review(int n) {
  return subject(subject_kind::review, "review " + std::to_string(n));
}

input<msg::seen> brought(int who, int what, account_id where = key_a) {
  return message(msg::seen(
                     to_wire(user(who)), to_wire(review(what)), static_cast<std::uint32_t>(what),
                     msg::key_kind::text, 0, 0))
      .to(where);
}

/// Another key whose account lives in the same shard.
account_id neighbour(const std::string& name) {
  for (int n = 0;; ++n) {
    const account_id k = subject(subject_kind::signal, name + std::to_string(n));
    if (shard_of(k) == shard_of(key_a)) return k;
  }
}

/// The reviews that were told, as "1 2 3 (authors)".
std::string told(const signal_stage& s) {
  std::string list;
  for (const auto& m : s.sent<text_shared>()) {
    for (int n = 0; n < 2000; ++n) {
      if (review(n) == from_wire(m->subject())) list += std::to_string(n) + " ";
    }
  }
  return list.empty() ? list : list + "(" + std::to_string(s.sent<text_shared>()[0]->authors()) + ")";
}

}  // namespace

TEST_SUITE("actors/signal") {
  TEST_CASE("tells all authors of a text once there are enough of them, and every later one at once") {
    signal_stage s{key_a};
    s.when(brought(1, 1));
    CHECK(told(s).empty());
    s.when(brought(2, 2));
    CHECK(told(s).empty());
    s.when(brought(3, 3));
    CHECK(told(s) == "1 2 3 (3)");
    CHECK(s.sent()[0].account == user(1));
    CHECK(s.sent()[0].to == partition_id{workflow_numbers::content, shard_of(user(1))});
    CHECK(from_wire(s.sent<text_shared>()[0]->fingerprint()) == key_a);
    CHECK(s.sent<text_shared>()[2]->row() == 3);
    s.when(brought(4, 4));
    CHECK(told(s) == "1 2 3 4 (4)");
  }

  TEST_CASE("counts authors, not reviews") {
    signal_stage s{key_a};
    for (int n = 0; n < 5; ++n) s.when(brought(1, n));
    s.when(brought(2, 5));
    s.when(brought(2, 6));
    CHECK(told(s).empty());
    CHECK(s.state().find(key_a, china_day(s.now()))->authors == 2);
    s.when(brought(3, 7));
    CHECK(told(s) == "0 5 7 (3)");
    // An author who repeats a shared text is told of the repetition.
    s.when(brought(2, 8));
    CHECK(told(s) == "8 (3)");
  }

  TEST_CASE("keeps the texts of one shard apart") {
    signal_stage s{key_a};
    const account_id key_b = neighbour("another");
    s.when(brought(1, 1));
    s.when(brought(2, 2));
    s.when(brought(3, 3, key_b));
    CHECK(told(s).empty());
    CHECK(s.state().subjects() == 2);
  }

  TEST_CASE("remembers a few authors and counts on") {
    signal_stage s{key_a};
    for (int n = 0; n < 8; ++n) s.when(brought(n, n));
    CHECK(told(s) == "0 1 2 3 4 5 6 7 (8)");
    for (int n = 8; n < 12; ++n) s.when(brought(n, n));
    CHECK(told(s) == "11 (12)");
    CHECK(s.state().more.at(key_a).size() == 7);
  }

  TEST_CASE("remembers as many as the threshold asks for") {
    signal_stage s{key_a, {.pack = "tests/actors/signal_pack"}};
    for (int n = 0; n < 11; ++n) {
      s.when(brought(n, n));
      CHECK(told(s).empty());
    }
    s.when(brought(11, 11));
    CHECK(s.sent<text_shared>().size() == 12);
  }

  TEST_CASE("forgets a text that nobody has brought for two terms") {
    struct row {
      int days;
      std::string told;
    };
    for (const row& r : {row{29, "1 2 3 (3)"}, row{59, "1 2 3 (3)"}, row{60, ""}, row{400, ""}}) {
      CAPTURE(r.days);
      signal_stage s{key_a};
      // The first text of the partition begins the term.
      s.when(brought(1, 1));
      s.when(brought(2, 2));
      s.advance(hours{24 * r.days});
      s.when(brought(3, 3));
      CHECK(told(s) == r.told);
      if (!r.told.empty()) continue;
      // It begins anew.
      s.when(brought(4, 4));
      s.when(brought(5, 5));
      CHECK(told(s) == "3 4 5 (3)");
    }
  }

  TEST_CASE("forgets a text of the last term although others came meanwhile") {
    signal_stage s{key_a};
    const account_id busy = neighbour("busy");
    s.when(brought(1, 1));
    s.when(brought(2, 2));
    s.advance(hours{24 * 31});
    s.when(brought(9, 9, busy));
    s.advance(hours{24 * 31});
    s.when(brought(3, 3));
    CHECK(told(s).empty());
  }

  TEST_CASE("a text that is brought again and again is not forgotten, one that is not leaves nothing") {
    signal_stage s{key_a};
    const account_id quiet = neighbour("quiet");
    s.when(brought(8, 8, quiet));
    s.when(brought(9, 9, quiet));
    for (int n = 1; n < 6; ++n) {
      s.when(brought(1, 1));
      s.advance(hours{24 * 25});
    }
    s.when(brought(2, 2));
    s.when(brought(3, 3));
    CHECK(told(s) == "1 2 3 (3)");
    CHECK(s.state().find(quiet, china_day(s.now())) == nullptr);
    CHECK(s.state().more.size() == 1);
  }

  TEST_CASE("a text costs little") {
    signal_stage s{key_a};
    for (int n = 0; n < 1000; ++n) s.when(brought(n, n, neighbour("text " + std::to_string(n) + "-")));
    CHECK(s.state().memory_bytes() / s.state().subjects() <= 100);
  }

  TEST_CASE("takes only texts, from other partitions") {
    signal_stage s{key_a};
    const msg::seen m(to_wire(user(1)), to_wire(review(1)), 1, msg::key_kind::none, 0, 0);
    s.when(message(m)).then(refusal::out_of_range);
    s.when(brought(1, 1, user(1))).then(refusal::out_of_range);
    s.when(submission(flat<msg::seen>{m})).then(refusal::unknown_type);
  }
}

}  // namespace zhili::signal::tests
