// SPDX-License-Identifier: Apache-2.0
#include "storage/memory_log.hpp"

#include "storage/memory_content.hpp"
#include "tests/storage/keep_conformance.hpp"
#include "tests/storage/log_model.hpp"

namespace zhili::storage {
namespace {

struct memory_harness {
  memory_log kept;
  memory_content kept_texts;
  partition_store& log() { return kept; }
  content_store& content() { return kept_texts; }
  void reopen() {}
};

struct digest_harness {
  digest_log kept;
  partition_log& log() { return kept; }
};

}  // namespace

TEST_SUITE("storage/memory_log") {
  TEST_CASE_TEMPLATE_INVOKE(fencing_conformance, memory_harness, digest_harness);
  TEST_CASE_TEMPLATE_INVOKE(keeping_conformance, memory_harness);
  TEST_CASE_TEMPLATE_INVOKE(keep_conformance, memory_harness);
  TEST_CASE_TEMPLATE_INVOKE(race_conformance, memory_harness);
  TEST_CASE_TEMPLATE_INVOKE(model_conformance, memory_harness);
  TEST_CASE_TEMPLATE_INVOKE(content_conformance, memory_harness);

  TEST_CASE("a log that keeps nothing counts batches and bytes and says that it cannot be read") {
    digest_log log;
    const partition_id p{1, 5};
    const lease now = log.acquire(p).value();
    REQUIRE(append_one(log, now, 1, "12345") == append_outcome::ok);
    REQUIRE(append_one(log, now, 2, "678") == append_outcome::ok);
    REQUIRE(append_one(log, now, 2, "refused") == append_outcome::seq_conflict);
    CHECK(log.totals(p).batches == 2);
    CHECK(log.totals(p).bytes == 8);
    CHECK(log.totals({1, 6}).batches == 0);
    CHECK(log.read(p, seq{1}, [](seq, bytes_view) { return true; }).error().code == errc::not_found);
    CHECK_FALSE(log.resolve(now, seq{3}, id_of("refused")).value());
    CHECK(log.resolve(now, seq{2}, id_of("678")).error().code == errc::not_found);
  }
}

}  // namespace zhili::storage
