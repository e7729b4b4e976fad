// SPDX-License-Identifier: Apache-2.0
// One world, one outcome: whatever the number of lanes, however often it is run.
#include "storage/memory_log.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// An outside in which nothing happens but what a test writes down.
class written_world final : public world, public shard_world {
 public:
  std::vector<submission> at_home;

  // Everything is written for one shard; the others are empty.
  shard_world& shard(shard_no n) override { return n == 0 ? static_cast<shard_world&>(*this) : nothing_; }
  instant next() override { return taken_ < at_home.size() ? at_home[taken_].at : never; }
  const submission* take() override { return &at_home[taken_++]; }
  void answered(const submission&, const partition::outcome& answer, bool) override { answers.push_back(answer); }
  void committed(const partition::engine&, const batch_reader&) override { ++batches; }
  void meet(std::span<partition::engine* const>) override {}
  storage::content_store& texts() override { return texts_; }

  std::vector<partition::outcome> answers;
  std::uint64_t batches = 0;

 private:
  class empty final : public shard_world {
   public:
    explicit empty(storage::content_store& texts) : texts_(texts) {}
    instant next() override { return never; }
    const submission* take() override { return nullptr; }
    void answered(const submission&, const partition::outcome&, bool) override {}
    void committed(const partition::engine&, const batch_reader&) override {}
    void meet(std::span<partition::engine* const>) override {}
    storage::content_store& texts() override { return texts_; }

   private:
    storage::content_store& texts_;
  };
  class no_texts final : public storage::content_store {
   public:
    status put(const digest256&, std::string_view) override { return {}; }
    result<bool> get(text_name, std::uint64_t, std::string&) override { return false; }
  };
  std::size_t taken_ = 0;
  no_texts texts_;
  empty nothing_{texts_};
};

TEST_SUITE_BEGIN("scenarios/kernel");

TEST_CASE("gives one digest on one lane, two and seven") {
  const scenario s = small_world();
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    const simulation_result one = run(s, settings_for(seed, 1));
    for (const unsigned lanes : {2u, 7u}) {
      CAPTURE(lanes);
      const simulation_result r = run(s, settings_for(seed, lanes));
      CHECK(r.totals.digest == one.totals.digest);
      CHECK(r.totals.state_digest == one.totals.state_digest);
      CHECK(r.totals.commands == one.totals.commands);
      CHECK(r.totals.windows == one.totals.windows);
      CHECK(r.states == one.states);
      CHECK(r.figures.of(subject_kind::product).caught == one.figures.of(subject_kind::product).caught);
      CHECK(r.figures.desk_waits == one.figures.desk_waits);
    }
  }
}

TEST_CASE("gives one digest on any number of lanes with faults, too") {
  const scenario s = small_world();
  for (const std::uint64_t seed : {4u, 5u}) {
    CAPTURE(seed);
    simulation_settings settings = settings_for(seed, 1);
    settings.faults = fault_plan::draw(seed);
    settings.faults.drop_ppm = settings.faults.delay_ppm = 20'000;
    settings.faults.crash_ppm = 2'000;
    const simulation_result one = run(s, settings);
    CHECK(one.totals.faults.dropped > 0);
    CHECK(one.totals.faults.crashed > 0);
    settings.lanes = 7;
    const simulation_result seven = run(s, settings);
    CHECK(seven.totals.digest == one.totals.digest);
    CHECK(seven.totals.faults.dropped == one.totals.faults.dropped);
    CHECK(seven.totals.faults.resent == one.totals.faults.resent);
  }
}

TEST_CASE("gives the same digest to the same seed, and another to another") {
  const scenario s = small_world();
  const simulation_result first = run(s, settings_for(11));
  const simulation_result again = run(s, settings_for(11));
  const simulation_result other = run(s, settings_for(12));
  CHECK(again.totals.digest == first.totals.digest);
  CHECK(again.totals.state_digest == first.totals.state_digest);
  CHECK(other.totals.digest != first.totals.digest);
  CHECK(other.totals.state_digest != first.totals.state_digest);
}

TEST_CASE("tells runs apart that differ in a single share") {
  scenario s = small_world();
  const simulation_result before = run(s, settings_for(11));
  s.of(subject_kind::product).wrongs.front().ppm += 20'000;
  CHECK(run(s, settings_for(11)).totals.digest != before.totals.digest);
}

struct quiet_run {
  written_world outside;
  storage::digest_log log;
  shelf shelves;
  run_settings settings;

  quiet_run() {
    shelves.put(baseline());
    settings.begin = {1'626'537'600'000};
    settings.end = settings.begin + std::chrono::days{30};
    settings.log = &log;
    settings.shelves = &shelves;
    const digest128 tag = partition::pack_tag(*baseline());
    const wire::pack_changed change(tag.hi, tag.lo, baseline()->version(), 0);
    const bytes_view body = body_of(change);
    settings.schedule.push_back({settings.begin, shared_type<wire::pack_changed>(), {body.begin(), body.end()}});
  }
  run_totals go() {
    kernel k(settings, outside);
    const auto totals = k.run();
    REQUIRE(totals.has_value());
    return *totals;
  }
  /// A claim on a task that nobody has heard of, at home in shard 0.
  submission stray(duration after) const {
    submission s;
    s.at = s.event_time = settings.begin + after;
    s.workflow = workflow_numbers::desk;
    for (int n = 0;; ++n) {
      s.account = make_subject_id("", subject_kind::queue, std::to_string(n));
      if (shard_of(s.account) == 0) break;
    }
    s.subject = s.account;
    s.key = {1, static_cast<std::uint64_t>(after.count()) + 1};
    s.type = 3;
    return s;
  }
};

TEST_CASE("skips the windows in which nothing happens") {
  quiet_run r;
  const run_totals t = r.go();
  CHECK(t.windows <= 2);
  CHECK(t.commands == partition::workflows().size() * shard_count);  // the pack, to every partition
  quiet_run busy;
  busy.outside.at_home = {busy.stray(std::chrono::hours{1}), busy.stray(std::chrono::days{20})};
  const run_totals two = busy.go();
  CHECK(two.windows <= 6);
  CHECK(two.windows > t.windows);
  REQUIRE(busy.outside.answers.size() == 2);
  for (const auto& answer : busy.outside.answers) CHECK(answer.status == wire::status::refused);
}

TEST_CASE("handles nothing at or after the end") {
  quiet_run r;
  r.outside.at_home = {r.stray(std::chrono::days{30} - duration{1}), r.stray(std::chrono::days{30})};
  r.go();
  CHECK(r.outside.answers.size() == 1);
}

TEST_CASE("looks for lost messages even where nothing else happens") {
  quiet_run r;
  r.settings.faults.drop_ppm = 1;
  const std::uint64_t rounds = std::chrono::days{30} / resend_every;
  const run_totals t = r.go();
  CHECK(t.windows >= rounds);
  CHECK(t.windows <= rounds + 2);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
