// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/partition_host.hpp"

#include <doctest/doctest.h>

#include "storage/memory_content.hpp"
#include "storage/memory_log.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::shell {
namespace {

using namespace scenarios::testing;

const scenarios::scenario& smoke() {
  static const scenarios::scenario s = load("smoke");
  return s;
}

std::vector<std::vector<std::byte>> batches_of(storage::memory_log& log, partition_id id) {
  std::vector<std::vector<std::byte>> out;
  const status read = log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
    out.emplace_back(bytes.begin(), bytes.end());
    return true;
  });
  REQUIRE(read);
  return out;
}

struct nowhere final : post_office {
  std::vector<letter> letters;
  std::vector<receipt_note> notes;
  void send(std::vector<letter>&& l) override { std::move(l.begin(), l.end(), std::back_inserter(letters)); }
  void tell(std::vector<receipt_note>&& n) override { notes.insert(notes.end(), n.begin(), n.end()); }
};

struct listener final : asker {
  std::map<std::uint64_t, partition::outcome> told;
  std::uint64_t repeats = 0;
  std::uint64_t sent_away = 0;
  void answered(std::span<const submission_answer> answers) override {
    for (const submission_answer& a : answers) {
      told[a.token] = a.outcome;
      repeats += a.repeated ? 1 : 0;
    }
  }
  void busy(std::uint64_t, duration) override { ++sent_away; }
};

/// A run of the kernel with everything that it kept.
struct kernel_run {
  storage::memory_log log;
  storage::memory_content texts;
  scenarios::shelf shelves;
};

kernel_run& smoke_in_kernel() {
  static kernel_run r;
  static const bool once = [] {
    scenarios::simulation_settings settings = settings_for(3, 1);
    settings.log = &r.log;
    settings.texts = &r.texts;
    settings.prepared = [](const std::vector<scenarios::control>&, const scenarios::shelf& s) {
      r.shelves = s;
      return status{};
    };
    run(smoke(), settings);
    return true;
  }();
  CHECK(once);
  return r;
}

/// A host with a log of its own, beside a run of the kernel.
struct twin {
  explicit twin(partition_id id, committer* other = nullptr) : direct(log) {
    around.shelves = &smoke_in_kernel().shelves;
    around.texts = &smoke_in_kernel().texts;
    around.log = &log;
    around.commits = other == nullptr ? &direct : other;
    around.post = &post;
    around.kept = [this](partition_id, storage::append_outcome o, batch_writer&& b) { host->committed(o, std::move(b), now); };
    around.broken = [this](std::string why) { trouble = std::move(why); };
    auto opened = partition_host::open(id, around, work);
    REQUIRE(opened);
    host = std::move(*opened);
  }

  void give(const entry_view& entry) {
    const auto& head = entry.header<wire::command_header>();
    const bytes_view body = entry.body<wire::command_header>();
    now = {head.at()};
    switch (head.origin()) {
      case wire::origin::submission: {
        submission s;
        s.workflow = host->id().workflow;
        s.type = entry.type;
        s.account = from_wire(head.account());
        s.subject = from_wire(head.subject());
        s.key = from_wire(head.key());
        s.event_time = {head.event_time()};
        s.fill(body, {});
        s.from = asked;
        s.token = ++tokens;
        host->take(std::move(s), now);
        break;
      }
      case wire::origin::message: {
        letter l;
        l.source = partition_id::unpack(head.source());
        l.incarnation = head.incarnation();
        l.head = wire::send_header(head.account(), head.event_time(), head.number(), host->id().packed(), head.stream(), 0, 0);
        l.type = entry.type;
        l.fill(body);
        host->take(std::move(l), now);
        break;
      }
      case wire::origin::timer: host->tick(now); break;
      case wire::origin::control: host->control(entry.type, body, now); break;
    }
  }

  storage::memory_log log;
  direct_committer direct;
  nowhere post;
  std::shared_ptr<listener> asked = std::make_shared<listener>();
  host_surroundings around;
  partition::bench work;
  std::unique_ptr<partition_host> host;
  std::string trouble;
  instant now{0};
  std::uint64_t tokens = 0;
};

void take_receipts(twin& t, const batch_reader& batch) {
  for (const entry_view entry : batch) {
    if (entry.kind != entry_kind::acked) continue;
    const auto& a = entry.header<wire::acked>();
    t.host->take(receipt_note{t.host->id(),
                              {partition_id::unpack(a.destination()), static_cast<partition::stream_kind>(a.stream())},
                              a.through(), false, 1});
  }
}

}  // namespace

TEST_SUITE("actors/shell/partition_host") {
  TEST_CASE("the same commands give the same log to the byte as in the kernel") {
    std::uint64_t compared = 0;
    for (const auto* workflow : partition::workflows()) {
      for (const shard_no shard : {shard_no{0}, shard_no{17}, shard_no{63}}) {
        const partition_id id{workflow->number, shard};
        twin t{id};
        const auto kernel = batches_of(smoke_in_kernel().log, id);
        for (const auto& bytes : kernel) {
          const auto batch = batch_reader::open(bytes);
          REQUIRE(batch);
          take_receipts(t, *batch);
          t.give(*(*batch).begin());
          t.host->flush();
        }
        const auto here = batches_of(t.log, id);
        CAPTURE(workflow->name);
        CAPTURE(shard);
        REQUIRE(t.trouble.empty());
        REQUIRE(here.size() == kernel.size());
        for (std::size_t n = 0; n < here.size(); ++n) REQUIRE_MESSAGE(here[n] == kernel[n], n);
        compared += here.size();
      }
    }
    CHECK(compared > 200);
  }

  /// Keeps requests until it is told what became of them.
  struct held_back final : committer {
    std::deque<commit_request> held;
    void give(commit_request&& r) override { held.push_back(std::move(r)); }
  };

  TEST_CASE("nothing leaves before its batch is kept, and one batch is kept while the next fills") {
    const partition_id id{workflow_numbers::content, 5};
    held_back slow;
    twin t{id, &slow};
    const auto kernel = batches_of(smoke_in_kernel().log, id);
    REQUIRE(kernel.size() > 12);
    for (std::size_t n = 0; n < 12; ++n) {
      t.give(*(*batch_reader::open(kernel[n])).begin());
      t.host->flush();
    }
    CHECK(slow.held.size() == 1);
    CHECK(t.asked->told.empty());
    CHECK(t.post.letters.empty());
    CHECK(t.post.notes.empty());
    while (!slow.held.empty()) {
      commit_request r = std::move(slow.held.front());
      slow.held.pop_front();
      const storage::append_item item{r.lease, storage::seq{r.seq}, {1, r.seq}, r.batch.sealed()};
      storage::append_outcome o;
      t.log.append({&item, 1}, {&o, 1});
      r.done(o, std::move(r.batch));
    }
    CHECK(t.host->quiet());
    CHECK(t.asked->told.size() == t.tokens);
    CHECK(batches_of(t.log, id).size() == 2);
  }

  TEST_CASE("a batch that was not kept is told in words and nobody gets an answer") {
    const partition_id id{workflow_numbers::content, 5};
    held_back slow;
    twin t{id, &slow};
    const auto kernel = batches_of(smoke_in_kernel().log, id);
    for (std::size_t n = 0; n < 12; ++n) t.give(*(*batch_reader::open(kernel[n])).begin());
    t.host->flush();
    REQUIRE(slow.held.size() == 1);
    slow.held[0].done(storage::append_outcome::unknown, std::move(slow.held[0].batch));
    CHECK(t.trouble.find("content shard 5") != std::string::npos);
    // Nor does anything that comes behind the hole.
    for (std::size_t n = 12; n < kernel.size(); ++n) t.give(*(*batch_reader::open(kernel[n])).begin());
    t.host->flush();
    CHECK(slow.held.size() == 1);
    CHECK(t.asked->told.empty());
    CHECK(t.post.letters.empty());
    CHECK(t.post.notes.empty());
  }

  TEST_CASE("a host that is opened again goes on where its log ends and sends again what nobody acknowledged") {
    const partition_id id{workflow_numbers::content, 5};
    twin t{id};
    const auto kernel = batches_of(smoke_in_kernel().log, id);
    for (std::size_t n = 0; n < kernel.size(); ++n) {
      t.give(*(*batch_reader::open(kernel[n])).begin());
      t.host->flush();
    }
    const auto sent = t.post.letters.size();
    REQUIRE(sent > 0);
    const digest128 before = t.host->engine().state_digest();
    auto again = partition_host::open(id, t.around, t.work);
    REQUIRE(again);
    CHECK((*again)->engine().state_digest() == before);
    CHECK((*again)->seq() == t.host->seq());
    t.post.letters.clear();
    (*again)->resend_all();
    CHECK(t.post.letters.size() == sent);
  }

  TEST_CASE("a submission that comes again gets its first outcome again, and a gap is asked for") {
    const partition_id id{workflow_numbers::content, 5};
    twin t{id};
    const auto kernel = batches_of(smoke_in_kernel().log, id);
    std::optional<std::size_t> asked, told;
    for (std::size_t n = 0; n < kernel.size(); ++n) {
      const entry_view first = *(*batch_reader::open(kernel[n])).begin();
      const auto& head = first.header<wire::command_header>();
      if (head.origin() == wire::origin::submission && !asked) asked = n;
      if (head.origin() == wire::origin::message && head.number() == 1 && !told) told = n;
      if (told != n) t.give(first);
      t.host->flush();
    }
    REQUIRE(asked);
    const auto outcomes = t.asked->told;
    t.give(*(*batch_reader::open(kernel[*asked])).begin());
    CHECK(t.asked->repeats == 1);
    const auto& first = outcomes.begin()->second;
    const auto& repeat = t.asked->told.rbegin()->second;
    CHECK(first.status == repeat.status);
    CHECK(first.verdict == repeat.verdict);
  }
}

}  // namespace zhili::shell
