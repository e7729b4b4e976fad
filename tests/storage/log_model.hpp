// SPDX-License-Identifier: Apache-2.0
// Random calls against a store of partitions and against a few lines that say what it must answer.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <sstream>
#include <tuple>

#include "tests/storage/copies.hpp"

namespace zhili::storage {

/// What one partition must hold, and every lease that was ever given.
struct partition_model {
  std::vector<lease> leases;
  /// Batch n at n - 1; those that are forgotten stay here and must not be there.
  texts kept;
  std::uint64_t first = 1;
  std::uint64_t archived = 1;
  std::uint32_t incarnation = 1;
  std::uint64_t snapshot_at = 0;
  std::string snapshot;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> forgotten;

  std::uint64_t last() const { return kept.size(); }
  bool in_force(const lease& under) const { return under.epoch == leases.back().epoch; }

  append_outcome append(const append_item& i, const std::string& batch) {
    if (!in_force(i.lease)) return append_outcome::fenced;
    if (i.expected.value != last() + 1) return append_outcome::seq_conflict;
    kept.push_back(batch);
    return append_outcome::ok;
  }
  errc put_snapshot(const lease& under, std::uint64_t at, const std::string& bytes) {
    if (!in_force(under)) return errc::fenced;
    if (at == 0 || at > last() || at < snapshot_at) return errc::out_of_range;
    snapshot_at = at;
    snapshot = bytes;
    return errc::none;
  }
  errc trim(const lease& under, std::uint64_t below) {
    if (!in_force(under)) return errc::fenced;
    if (below > snapshot_at + 1) return errc::out_of_range;
    first = std::max(first, below);
    return errc::none;
  }
  errc forget(const lease& under, std::uint64_t before) {
    if (!in_force(under)) return errc::fenced;
    if (before > first) return errc::out_of_range;
    if (before > archived) forgotten.emplace_back(archived, before);
    archived = std::max(archived, before);
    return errc::none;
  }
  /// A copy as of `through`, put in the place of all.
  errc restore(std::uint64_t through, bool begins_anew) {
    const std::uint64_t end = std::min(through, last());
    const bool with_snapshot = snapshot_at > 0 && snapshot_at <= end;
    if (!with_snapshot && archived > 1) return errc::not_found;
    const bool holds_all = end == last() && archived <= std::max<std::uint64_t>(end, 1);
    if (begins_anew || !holds_all) ++incarnation;
    if (!with_snapshot) {
      snapshot_at = 0;
      first = 1;
    }
    kept.resize(end);
    // The store raises the epoch and gives no lease.
    leases.push_back(leases.back());
    ++leases.back().epoch.value;
    return errc::none;
  }

  void agrees_with(partition_store& log, partition_id p) const {
    const extent all = log.extent(p).value();
    RC_ASSERT(all.archived.value == archived);
    RC_ASSERT(all.first.value == first);
    RC_ASSERT(all.last.value == last());
    RC_ASSERT(all.incarnation.value == incarnation);
    RC_ASSERT(log.head(p).value().value == last());
    const auto from = [&](std::uint64_t n) { return kept.begin() + static_cast<std::ptrdiff_t>(n - 1); };
    RC_ASSERT(batches(log, p, first) == texts(from(first), kept.end()));
    RC_ASSERT(archive(log, p, archived) == texts(from(archived), from(first)));
    RC_ASSERT(records(log, p, archived) == texts(from(archived), kept.end()));
    if (first > 1) RC_ASSERT(code_of(log.read(p, seq{first - 1}, all_of_it)) == errc::not_found);
    if (archived > 1)
      RC_ASSERT(code_of(log.read_archive(p, seq{archived - 1}, all_of_it)) == errc::not_found);

    const auto newest = log.get_snapshot(p).value();
    RC_ASSERT(newest.has_value() == (snapshot_at > 0));
    if (newest) RC_ASSERT(newest->at.value == snapshot_at);
    if (newest) RC_ASSERT(chars_of(newest->bytes) == snapshot);
    const auto acts = log.forgotten(p).value();
    RC_ASSERT(acts.size() == forgotten.size());
    for (std::size_t i = 0; i < acts.size(); ++i)
      RC_ASSERT(std::pair(acts[i].from.value, acts[i].before.value) == forgotten[i]);

    for (std::uint64_t n = 1; n <= last(); ++n) {
      const auto same = log.resolve(leases.back(), seq{n}, id_of(kept[n - 1]));
      const auto other = log.resolve(leases.back(), seq{n}, id_of("another"));
      RC_ASSERT(code_of(same) == (n < archived ? errc::not_found : errc::none));
      if (same) RC_ASSERT(*same);
      if (other) RC_ASSERT(!*other);
    }
    RC_ASSERT(!log.resolve(leases.back(), seq{last() + 1}, id_of("another")).value());
  }
};

/// Partition, which lease, how wrong the number is: each by remainder.
using random_item = std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>;
/// What to do, to which partition, under which lease, up to where, and for appends the items.
using random_step =
    std::tuple<std::uint8_t, std::uint8_t, std::uint8_t, std::uint8_t, std::vector<random_item>>;

/// A store and what it must hold: three partitions.
template <class Harness>
class modelled {
 public:
  modelled() {
    for (std::size_t which = 0; which < 3; ++which) acquire(which);
  }

  void take(const random_step& step) {
    const auto& [what, target, which_lease, number, wanted] = step;
    const std::size_t to = target % 3u;
    partition_model& m = model_[to];
    const lease under = pick(m, which_lease);
    const std::uint64_t n = number % (m.last() + 3);
    switch (what % 14) {
      case 0: return acquire(to);
      case 1: harness_.reopen(); return check();
      case 2: return put_snapshot(to, under, n, number);
      case 3: RC_ASSERT(code_of(log().trim(under, seq{n})) == m.trim(under, n)); return;
      case 4:
        RC_ASSERT(code_of(log().forget_before(under, seq{n}, {7}, "law")) == m.forget(under, n));
        return;
      case 5: return lose_outcome(to, number % 2 != 0, which_lease % 2 != 0);
      case 6: return restore(to, n, number % 2 != 0);
      default: return append(wanted);
    }
  }

  void check() {
    for (std::size_t which = 0; which < 3; ++which) model_[which].agrees_with(log(), partition(which));
  }

 private:
  partition_store& log() { return harness_.log(); }
  static partition_id partition(std::size_t which) { return {static_cast<workflow_no>(1 + which), 7}; }
  std::string make_batch() { return "batch " + std::to_string(++made_); }

  /// Three times in four the lease in force.
  static lease pick(const partition_model& m, std::uint8_t by) {
    return by % 4 != 0 ? m.leases.back() : m.leases[by / 4 % m.leases.size()];
  }

  void acquire(std::size_t which) {
    partition_model& m = model_[which];
    const lease given = log().acquire(partition(which)).value();
    RC_ASSERT(given.epoch.value == m.leases.size() + 1);
    RC_ASSERT(given.next.value == m.last() + 1);
    RC_ASSERT(given.incarnation.value == m.incarnation);
    m.leases.push_back(given);
  }

  void put_snapshot(std::size_t to, const lease& under, std::uint64_t at, std::uint8_t number) {
    // Now and then one of several pieces, and one of none.
    const std::size_t size = number % 16 == 0 ? 2 * 1024 * 1024 + 5u : number % 5u;
    const std::string bytes(size, static_cast<char>('a' + number % 26));
    RC_ASSERT(
        code_of(log().put_snapshot(under, seq{at}, as_bytes_view(bytes))) ==
        model_[to].put_snapshot(under, at, bytes));
  }

  /// An append whose outcome nobody heard; then, perhaps, another writer. Only resolve can tell.
  void lose_outcome(std::size_t to, bool arrived, bool usurped) {
    partition_model& m = model_[to];
    const lease under = m.leases.back();
    const std::uint64_t n = m.last() + 1;
    const std::string lost = make_batch();
    if (arrived) {
      (void)append_one(log(), under, n, lost);
      m.kept.push_back(lost);
    }
    if (usurped) {
      acquire(to);
      const std::string theirs = make_batch();
      RC_ASSERT(append_one(log(), m.leases.back(), m.last() + 1, theirs) == append_outcome::ok);
      m.kept.push_back(theirs);
    }
    RC_ASSERT(log().resolve(under, seq{n}, id_of(lost)).value() == arrived);
    if (usurped) RC_ASSERT(append_one(log(), under, m.last() + 1, lost) == append_outcome::fenced);
  }

  void restore(std::size_t to, std::uint64_t through, bool begins_anew) {
    partition_model& m = model_[to];
    const lease under = m.leases.back();
    std::string copy;
    const auto out = export_partition(log(), partition(to), seq{through}, into(copy));
    RC_ASSERT(code_of(out) == m.restore(through, begins_anew));
    if (!out) return;
    const auto in =
        import_partition(log(), under, from(copy), begins_anew ? life::begins_anew : life::goes_on);
    RC_ASSERT(in.has_value());
    RC_ASSERT(append_one(log(), under, m.last() + 1, "late") == append_outcome::fenced);
    acquire(to);
  }

  void append(const std::vector<random_item>& wanted) {
    texts payload;
    for (std::size_t i = 0; i < wanted.size(); ++i) payload.push_back(make_batch());
    std::vector<append_item> items;
    std::vector<append_outcome> want;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& [which, which_lease, skew] = wanted[i];
      partition_model& m = model_[which % 3u];
      const std::uint64_t right = m.last() + 1;
      const std::uint64_t n = skew % 8 == 0 ? right - 1 : skew % 8 == 1 ? right + 1 : right;
      items.push_back(item(pick(m, which_lease), n, payload[i]));
      want.push_back(m.append(items.back(), payload[i]));
    }
    std::vector<append_outcome> got(items.size(), append_outcome::unknown);
    log().append(items, got);
    RC_ASSERT(got == want);
  }

  Harness harness_;
  partition_model model_[3];
  std::uint64_t made_ = 0;
};

TEST_SUITE_BEGIN("storage/conformance");

TEST_CASE_TEMPLATE_DEFINE("a store answers random calls as the model does", Harness, model_conformance) {
  rc::detail::TestParams params;
  // A failure prints its shrunk steps; another seed here looks elsewhere.
  params.seed = 20210718;
  params.maxSuccess = 30;
  params.maxSize = 50;
  rc::detail::TestListenerAdapter quiet;
  // The overload with a map of failures to reproduce prints nothing of its own.
  const auto outcome = rc::detail::checkProperty(
      rc::detail::toProperty([](const std::vector<random_step>& steps) {
        modelled<Harness> store;
        for (const random_step& step : steps) store.take(step);
        store.check();
      }),
      rc::detail::TestMetadata{}, params, quiet, {});
  std::ostringstream text;
  rc::detail::printResultMessage(outcome, text);
  CHECK_MESSAGE(outcome.template is<rc::detail::SuccessResult>(), text.str());
}

TEST_SUITE_END();

}  // namespace zhili::storage
