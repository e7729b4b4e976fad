// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/shell.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <set>

#include "storage/memory_content.hpp"
#include "storage/memory_log.hpp"
#include "scenarios/trace/body_codec.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::shell {
namespace {

using namespace scenarios::testing;

const scenarios::scenario& smoke() {
  static const scenarios::scenario s = load("smoke");
  return s;
}

/// Waits until everyone has been answered.
struct counting_asker final : asker {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t open = 0;
  std::uint64_t refused = 0;
  std::uint64_t answers = 0;
  std::uint64_t repeated = 0;

  void asked() {
    std::lock_guard lock(mutex);
    ++open;
  }
  void answered(std::span<const submission_answer> given) override {
    std::lock_guard lock(mutex);
    for (const submission_answer& a : given) {
      --open;
      ++answers;
      refused += a.outcome.status == wire::status::refused ? 1 : 0;
      repeated += a.repeated ? 1 : 0;
    }
    changed.notify_all();
  }
  void busy(std::uint64_t, duration) override { FAIL("nobody is sent away here"); }
  void wait() {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, std::chrono::seconds{60}, [this] { return open == 0; }));
  }
};

struct recording {
  std::vector<scenarios::trace_submission> submissions;
  std::vector<scenarios::control> schedule;
  scenarios::shelf shelves;
};

/// The trace of a run of the smoke scenario, as a node would be fed with it.
const recording& recorded_smoke() {
  static const recording r = [] {
    recording out;
    const scratch_dir dir;
    auto to = scenarios::recorder::create(dir.path / "t.ndjson", manifest_of(smoke(), 3).head);
    REQUIRE(to);
    scenarios::simulation_settings settings = settings_for(3, 1);
    settings.listener = to->get();
    settings.prepared = [&](const std::vector<scenarios::control>& schedule, const scenarios::shelf& s) {
      out.schedule = schedule;
      out.shelves = s;
      return status{};
    };
    run(smoke(), settings);
    REQUIRE((*to)->finish());
    scenarios::line_parser parser;
    const auto lines = lines_of(dir.path / "t.ndjson");
    for (std::size_t n = 1; n < lines.size(); ++n) {
      const std::string padded = lines[n] + std::string(scenarios::line_parser::padding, ' ');
      auto line = parser.line(std::string_view{padded}.substr(0, lines[n].size()));
      REQUIRE(line);
      if (auto* s = std::get_if<scenarios::trace_submission>(&*line)) out.submissions.push_back(std::move(*s));
    }
    return out;
  }();
  return r;
}

submission of_trace(const scenarios::trace_submission& s, const std::shared_ptr<asker>& from) {
  submission out;
  out.workflow = s.workflow;
  out.type = s.type;
  out.account = s.account;
  out.subject = s.subject;
  out.key = s.key;
  out.event_time = s.event_time;
  out.sent_at = s.at;
  const auto body = scenarios::body_codec::of_thread().from_json(s.workflow, s.type, s.body);
  REQUIRE(body);
  out.fill(*body, s.text);
  if (!s.text.empty()) out.text_hash = blake2b_256(as_bytes_view(s.text));
  out.from = from;
  return out;
}

struct node_in_memory {
  explicit node_in_memory(storage::partition_log& log, storage::content_store& texts) {
    settings.threads = 2;
    for (const auto* w : partition::workflows()) settings.workflows.push_back(w->number);
    for (shard_no s = 0; s < shard_count; ++s) settings.shards.push_back(s);
    settings.shelves = &recorded_smoke().shelves;
    settings.texts = &texts;
    settings.log = &log;
    settings.clock = &clock;
    settings.broken = [this](std::string why) {
      std::lock_guard lock(mutex);
      trouble = std::move(why);
    };
    auto started = shell::start(settings);
    REQUIRE(started);
    host = std::move(*started);
  }

  node_clock clock{node_clock::kind::trace};
  shell_settings settings;
  std::mutex mutex;
  std::string trouble;
  std::unique_ptr<shell> host;
};

/// Gives the trace, a minute at a time, and lets all that follows from it come to rest.
void feed(node_in_memory& node, const std::shared_ptr<counting_asker>& from, std::size_t begin, std::size_t end) {
  const recording& r = recorded_smoke();
  std::size_t control = 0;
  if (begin != 0) {
    while (control < r.schedule.size() && r.schedule[control].at <= r.submissions[begin].at) ++control;
  }
  for (std::size_t n = begin; n < end;) {
    const instant until = r.submissions[n].at + std::chrono::minutes{1};
    std::vector<submission> some;
    for (; n < end && r.submissions[n].at < until; ++n) {
      some.push_back(of_trace(r.submissions[n], from));
      from->asked();
    }
    while (control < r.schedule.size() && r.schedule[control].at <= some.front().sent_at) {
      node.clock.reached(r.schedule[control].at);
      node.host->control(r.schedule[control].type, r.schedule[control].body);
      ++control;
    }
    node.clock.reached(some.back().sent_at);
    node.host->submit(std::move(some));
    from->wait();
    REQUIRE(node.host->drain(std::chrono::seconds{20}));
  }
}

void check_accounts(node_in_memory& node, const counting_asker& from) {
  const shell_counters c = node.host->read();
  std::uint64_t submitted = 0, settled = 0;
  for (const auto& b : c.books) {
    submitted += b.submitted;
    settled += b.decided + b.waiting + b.refused;
  }
  CHECK(submitted == settled);
  CHECK(submitted == from.answers - from.repeated);
  CHECK(node.trouble.empty());
  node.host->each_shard([](shard_host& shard) {
    shard.each([](const partition_host& p) { CHECK(p.engine().check() == ""); });
  });
}

}  // namespace

TEST_SUITE("actors/shell") {
  TEST_CASE("a recorded run is decided under CAF: every submission once, the books balance, the logs re-execute") {
    storage::memory_log log;
    storage::memory_content texts;
    const auto from = std::make_shared<counting_asker>();
    const std::size_t all = recorded_smoke().submissions.size();
    {
      node_in_memory node(log, texts);
      feed(node, from, 0, all);
      check_accounts(node, *from);
      CHECK(from->answers == all);
      CHECK(from->repeated == 0);
      // What people decided comes by task id and finds its task.
      CHECK(from->refused * 100 <= all);
      const shell_counters c = node.host->read();
      CHECK(c.decisions > 4000);
      CHECK(c.hosts.letters_in == c.hosts.letters_out + c.hosts.resent);
      CHECK(c.commits.batches == c.hosts.batches);
      CHECK(c.commits.syncs < c.commits.batches);
    }
    std::uint64_t commands = 0;
    const auto partitions = log.partitions();
    for (const partition_id id : *partitions) {
      partition::bench work;
      partition::engine again(id, *partition::find_workflow(id.workflow),
                              {&recorded_smoke().shelves, &texts, &work}, 1);
      REQUIRE(log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
        const status same = again.verify(*batch_reader::open(bytes));
        REQUIRE_MESSAGE(same.has_value(), same.error().detail);
        return true;
      }));
      commands += again.commands();
    }
    CHECK(commands > all);
  }

  TEST_CASE("a node that stops without warning and is started again loses nothing and decides nothing twice") {
    storage::memory_log log;
    storage::memory_content texts;
    const auto from = std::make_shared<counting_asker>();
    const std::size_t half = recorded_smoke().submissions.size() / 2;
    std::uint64_t decisions = 0;
    {
      node_in_memory node(log, texts);
      feed(node, from, 0, half);
      decisions = node.host->read().decisions;
    }
    node_in_memory node(log, texts);
    REQUIRE(node.host->drain(std::chrono::seconds{20}));
    CHECK(node.host->read().decisions == decisions);
    // The client did not hear the last answers and asks again: the first outcomes.
    std::vector<submission> last;
    for (std::size_t n = half - 100; n < half; ++n) {
      last.push_back(of_trace(recorded_smoke().submissions[n], from));
      from->asked();
    }
    node.clock.reached(recorded_smoke().submissions[half - 1].at);
    node.host->submit(std::move(last));
    from->wait();
    CHECK(from->repeated == 100);
    CHECK(node.host->read().decisions == decisions);
    feed(node, from, half, recorded_smoke().submissions.size());
    check_accounts(node, *from);
  }
}

}  // namespace zhili::shell
