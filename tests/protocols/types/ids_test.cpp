// SPDX-License-Identifier: Apache-2.0
#include "protocols/types/ids.hpp"

#include <set>

#include <doctest/doctest.h>

#include "protocols/types/limits.hpp"

namespace zhili {

TEST_SUITE("protocols/types/ids") {
  TEST_CASE("a subject's id is the same for ever and says its kind") {
    const subject_id clinic = make_subject_id("cn", subject_kind::institution, "clinic-1");
    CHECK(clinic.kind() == subject_kind::institution);
    CHECK(to_string(clinic) == "institution:2bdf2e1a509a131eb61abfc23886d8");
    CHECK(make_subject_id("cn", subject_kind::institution, "clinic-1") == clinic);
  }

  TEST_CASE("tenant, kind and external id cannot be shifted into each other") {
    std::set<subject_id> seen;
    seen.insert(make_subject_id("a", subject_kind::institution, "bc"));
    seen.insert(make_subject_id("ab", subject_kind::institution, "c"));
    seen.insert(make_subject_id("", subject_kind::institution, "abc"));
    seen.insert(make_subject_id("a", subject_kind::practitioner, "bc"));
    seen.insert(make_subject_id("a", subject_kind::institution, {"\x01" "bc", 3}));
    CHECK(seen.size() == 5);
  }

  TEST_CASE("ids of the longest names can be made") {
    const std::string tenant(limits::tenant_bytes_max, 't');
    CHECK(make_subject_id(tenant, subject_kind::user, std::string(limits::external_id_bytes_max, 'x')).kind() == subject_kind::user);
  }

  TEST_CASE("the id of a part depends on owner, stage and occasion") {
    const subject_id owner = make_subject_id("cn", subject_kind::diary, "d");
    std::set<subject_id> seen;
    for (std::uint64_t stage = 0; stage < 4; ++stage) {
      for (std::uint64_t occasion = 0; occasion < 4; ++occasion) {
        const subject_id part = derive_id(subject_kind::task, owner, stage, occasion);
        CHECK(part.kind() == subject_kind::task);
        seen.insert(part);
      }
    }
    CHECK(seen.size() == 16);
    CHECK(derive_id(subject_kind::task, {owner.hi, owner.lo + 1}, 0, 0) != derive_id(subject_kind::task, owner, 0, 0));
    CHECK(to_string(derive_id(subject_kind::measure, {1, 2}, 3, 4)) == "measure:e085440feb4ed733491ce3a4ecfabd");
  }

  TEST_CASE("an account stays in its shard: a deployment's logs lie where this function says") {
    const struct {
      account_id account;
      shard_no shard;
    } known[] = {
        {{0, 0}, 40},
        {{1, 0}, 17},
        {{0, 1}, 37},
        {{0x0100000000000000, 0xffffffffffffffff}, 4},
        {make_subject_id("cn", subject_kind::institution, "clinic-1"), 33},
        {make_subject_id("cn", subject_kind::user, "u-1"), 35},
        {make_subject_id("", subject_kind::queue, "onboarding"), 49},
    };
    for (const auto& k : known) {
      CAPTURE(to_string(k.account));
      CHECK(int{shard_of(k.account)} == int{k.shard});
    }
  }

  TEST_CASE("accounts spread evenly over the shards") {
    int count[shard_count] = {};
    for (int i = 0; i < 64'000; ++i) ++count[shard_of(make_subject_id("cn", subject_kind::user, std::to_string(i)))];
    for (const int n : count) CHECK((n > 850 && n < 1150));
  }

  TEST_CASE("a partition packs into two bytes and back") {
    for (const partition_id p : {partition_id{1, 0}, partition_id{9, 63}, partition_id{31, 17}}) {
      CHECK(partition_id::unpack(p.packed()) == p);
    }
    CHECK(partition_id{2, 3}.packed() == 0x0203);
  }
}

}  // namespace zhili
