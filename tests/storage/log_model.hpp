// SPDX-License-Identifier: Apache-2.0
// Random calls against a partition log and against a few lines that say what it must answer.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <sstream>
#include <tuple>

#include "tests/storage/conformance.hpp"

namespace zhili::storage {

/// Three partitions, every lease ever given, and what each log must hold.
struct log_model {
  std::vector<lease> leases[3];
  texts kept[3];

  static partition_id partition(std::size_t which) { return {static_cast<workflow_no>(1 + which), 7}; }

  append_outcome append(std::size_t which, const append_item& i, const std::string& batch) {
    if (i.lease.epoch != leases[which].back().epoch) return append_outcome::fenced;
    if (i.expected.value != kept[which].size() + 1) return append_outcome::seq_conflict;
    kept[which].push_back(batch);
    return append_outcome::ok;
  }

  void agrees_with(partition_log& log) const {
    for (std::size_t which = 0; which < 3; ++which) {
      const partition_id p = partition(which);
      RC_ASSERT(batches(log, p) == kept[which]);
      RC_ASSERT(log.head(p).value().value == kept[which].size());
      for (std::size_t n = 0; n < kept[which].size(); ++n) {
        RC_ASSERT(log.resolve(leases[which].back(), seq{n + 1}, id_of(kept[which][n])).value());
        RC_ASSERT(!log.resolve(leases[which].back(), seq{n + 2}, id_of(kept[which][n])).value());
      }
    }
  }
};

/// Partition, which lease, how wrong the number is: each by remainder.
using random_item = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;
/// What to do, to which partition, and for appends the items.
using random_step = std::tuple<std::uint8_t, std::uint8_t, std::vector<random_item>>;

template <class Harness>
void take_step(Harness& harness, log_model& model, const random_step& step, std::uint64_t& made) {
  const auto& [what, target, wanted] = step;
  const std::size_t to = target % 3u;
  if (what % 6 == 0) {
    const lease given = harness.log().acquire(log_model::partition(to)).value();
    RC_ASSERT(given.epoch.value == model.leases[to].size() + 1);
    RC_ASSERT(given.next.value == model.kept[to].size() + 1);
    model.leases[to].push_back(given);
    return;
  }
  if (what % 6 == 1) {
    harness.reopen();
    return model.agrees_with(harness.log());
  }
  std::vector<std::string> payload;
  for (std::size_t i = 0; i < wanted.size(); ++i) payload.push_back("batch " + std::to_string(++made));
  std::vector<append_item> items;
  std::vector<append_outcome> want;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& [partition, which_lease, skew] = wanted[i];
    const std::size_t of = partition % 3u;
    const auto& leases = model.leases[of];
    // Three times in four the lease in force and the right number.
    const lease& under = which_lease % 4 != 0 ? leases.back() : leases[which_lease / 4 % leases.size()];
    const std::uint64_t right = model.kept[of].size() + 1;
    items.push_back(item(under, skew % 8 == 0 ? right - 1 : skew % 8 == 1 ? right + 1 : right, payload[i]));
    want.push_back(model.append(of, items.back(), payload[i]));
  }
  std::vector<append_outcome> got(items.size(), append_outcome::unknown);
  harness.log().append(items, got);
  RC_ASSERT(got == want);
}

TEST_SUITE_BEGIN("storage/conformance");

TEST_CASE_TEMPLATE_DEFINE(
    "a partition log answers random calls as the model does", Harness, model_conformance) {
  rc::detail::TestParams params;
  // A failure prints its shrunk steps; another seed here looks elsewhere.
  params.seed = 20210718;
  params.maxSuccess = 25;
  params.maxSize = 30;
  rc::detail::TestListenerAdapter quiet;
  // The overload with a map of failures to reproduce prints nothing of its own.
  const auto outcome = rc::detail::checkProperty(
      rc::detail::toProperty([](const std::vector<random_step>& steps) {
        Harness harness;
        log_model model;
        for (std::size_t which = 0; which < 3; ++which) {
          model.leases[which].push_back(harness.log().acquire(log_model::partition(which)).value());
        }
        std::uint64_t made = 0;
        for (const random_step& step : steps) take_step(harness, model, step, made);
        model.agrees_with(harness.log());
      }),
      rc::detail::TestMetadata{}, params, quiet, {});
  std::ostringstream text;
  rc::detail::printResultMessage(outcome, text);
  CHECK_MESSAGE(outcome.template is<rc::detail::SuccessResult>(), text.str());
}

TEST_SUITE_END();

}  // namespace zhili::storage
