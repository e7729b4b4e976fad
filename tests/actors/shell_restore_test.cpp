// SPDX-License-Identifier: Apache-2.0
// Partitions that are restored from older copies while all the others go on: whatever the neighbours know is found,
// counted, and sent again where somebody has it; no stream stands still and every log re-executes.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "actors/shell/partition_host.hpp"
#include "storage/memory_content.hpp"
#include "storage/memory_log.hpp"
#include "storage/transfer.hpp"
#include "tests/scenarios/recorded.hpp"
#include "tests/testkit/dice.hpp"

namespace zhili::shell {
namespace {

using namespace scenarios::testing;
using partition::stream_key;
using partition::stream_kind;

struct given_submission {
  instant at;
  partition_id to;
  wire::command_header head;
  type_no type = 0;
  std::vector<std::uint64_t> words;
  std::uint32_t length = 0;
};

/// What a run of the kernel was given, in the order of time, with its texts and packs.
struct material {
  storage::memory_content texts;
  scenarios::shelf shelves;
  std::vector<given_submission> submissions;
  std::vector<std::pair<type_no, std::vector<std::byte>>> controls;
};

void collect(storage::memory_log& log, partition_id id, material& m) {
  CHECK(log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
    for (const entry_view entry : trusted_batch(bytes)) {
      if (entry.kind != entry_kind::command) continue;
      const auto& head = entry.header<wire::command_header>();
      const bytes_view body = entry.body<wire::command_header>();
      if (head.origin() == wire::origin::control && id == partition_id{1, 0}) {
        m.controls.push_back({entry.type, {body.begin(), body.end()}});
      }
      if (head.origin() != wire::origin::submission) continue;
      given_submission s{{head.at()}, id, head, entry.type, {}, static_cast<std::uint32_t>(body.size())};
      s.words.resize((body.size() + 7) / 8);
      std::memcpy(s.words.data(), body.data(), body.size());
      m.submissions.push_back(std::move(s));
    }
    return true;
  }));
}

material& smoke() {
  static material m;
  static const bool once = [] {
    storage::memory_log log;
    scenarios::simulation_settings settings = settings_for(3, 1);
    settings.log = &log;
    settings.texts = &m.texts;
    settings.prepared = [](const std::vector<scenarios::control>&, const scenarios::shelf& s) {
      m.shelves = s;
      return status{};
    };
    run(load("smoke"), settings);
    const auto partitions = log.partitions();
    for (const partition_id id : *partitions) collect(log, id, m);
    std::stable_sort(m.submissions.begin(), m.submissions.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    return true;
  }();
  CHECK(once);
  return m;
}

struct nobody final : asker {
  void answered(std::span<const submission_answer>) override {}
  void busy(std::uint64_t, duration) override {}
};

/// All partitions in one process, each with its host; letters and receipts lie in a bag between them.
class town final : public post_office {
 public:
  town() : direct_(log) {
    around_.shelves = &smoke().shelves;
    around_.texts = &smoke().texts;
    around_.log = &trimmed_;
    around_.commits = &direct_;
    around_.post = this;
    around_.kept = [this](partition_id id, storage::append_outcome o, batch_writer&& b) {
      host(id).committed(o, std::move(b), now_);
    };
    around_.broken = [this](std::string why) { trouble = std::move(why); };
    around_.notice = [this](std::string what) { notices.push_back(std::move(what)); };
    for (const auto* w : partition::workflows()) {
      for (shard_no s = 0; s < shard_count; ++s) open({w->number, s});
    }
    now_ = smoke().submissions.front().at;
    for (const auto& [type, body] : smoke().controls) {
      for (auto& [id, h] : hosts_) h->control(type, body, now_);
    }
    settle();
  }

  partition_host& host(partition_id id) { return *hosts_.at(id.packed()); }
  void open(partition_id id) {
    auto opened = partition_host::open(id, around_, work_);
    REQUIRE_MESSAGE(opened, opened.error().detail);
    hosts_[id.packed()] = std::move(*opened);
  }

  /// The next submissions, with all that follows from each.
  void go_on(std::size_t count) {
    for (; count > 0 && next_ < smoke().submissions.size(); --count, ++next_) {
      const given_submission& g = smoke().submissions[next_];
      submission s;
      s.workflow = g.to.workflow;
      s.type = g.type;
      s.account = from_wire(g.head.account());
      s.subject = from_wire(g.head.subject());
      s.key = from_wire(g.head.key());
      s.event_time = {g.head.event_time()};
      s.fill(std::as_bytes(std::span(g.words)).first(g.length), {});
      s.from = nobody_;
      now_ = std::max(now_, g.at);
      host(g.to).take(std::move(s), now_);
      host(g.to).flush();
      deliver();
      if (next_ % 64 == 0) tick();
    }
    tick();
  }

  /// Until nobody has anything for anybody, receipts that were lost included.
  void settle() {
    for (unsigned n = 0; n < 12; ++n) {
      for (auto& [id, h] : hosts_) h->resend_stale();
      deliver();
    }
  }

  std::string copy_of(partition_id id) {
    std::string bytes;
    CHECK(storage::export_partition(log, id, storage::seq{~std::uint64_t{0}}, [&](bytes_view b) {
      bytes.append(reinterpret_cast<const char*>(b.data()), b.size());
      return status{};
    }));
    return bytes;
  }
  /// The host dies, the copy takes the log's place as another life, the neighbours see the node again.
  void restore(partition_id id, const std::string& copy, bool others_are_trimmed = false) {
    hosts_.erase(id.packed());
    std::string_view rest = copy;
    const auto put = storage::import_partition(
        log, *log.acquire(id), [&](std::span<std::byte> buffer) -> result<std::size_t> {
          const std::size_t n = std::min(rest.size(), buffer.size());
          std::memcpy(buffer.data(), rest.data(), n);
          rest.remove_prefix(n);
          return n;
        }, storage::life::begins_anew, storage::incarnation{++lives_ * 10});
    REQUIRE_MESSAGE(put, put.error().detail);
    open(id);
    trimmed_.trimmed = others_are_trimmed;
    for (auto& [other, h] : hosts_) h->resend_all();
    deliver();
    // As a node does: what its log has no pack of gets it after the first letters may have come.
    if (host(id).engine().pack() == nullptr) {
      for (const auto& [type, body] : smoke().controls) host(id).control(type, body, now_);
      host(id).flush();
    }
    for (auto& [other, h] : hosts_) h->resend_all();
    deliver();
  }

  host_counters counters() {
    host_counters sum;
    for (auto& [id, h] : hosts_) {
      sum.unknown_here += h->counters().unknown_here;
      sum.sent_again += h->counters().sent_again;
    }
    return sum;
  }
  partition::life_gaps gaps() {
    partition::life_gaps sum;
    for (auto& [id, h] : hosts_) {
      sum.forgotten += h->engine().gaps().forgotten;
      sum.missed += h->engine().gaps().missed;
    }
    return sum;
  }

  /// What every stream, book and log must hold when nothing is under way.
  void check() {
    CHECK(trouble.empty());
    for (auto& [id, h] : hosts_) {
      CHECK(h->engine().check() == "");
      for (const auto& [to, other] : hosts_) {
        for (const stream_kind kind : {stream_kind::inside_account, stream_kind::across_accounts}) {
          const stream_key out{partition_id::unpack(to), kind};
          const std::uint64_t sent = h->engine().last_sent(out, ~std::uint32_t{0});
          if (sent == 0) continue;
          const partition::inbox_mark mark = other->engine().mark({h->id(), kind});
          CAPTURE(h->engine().workflow().name);
          CAPTURE(h->id().shard);
          CAPTURE(other->engine().workflow().name);
          // An earlier life may have sent more, and this one nothing since; or there was no more to be had of it.
          if (mark.number < sent) CHECK(trimmed_.trimmed);
          if (mark.number > sent) CHECK(h->counters().unknown_here >= mark.number - sent);
          CHECK(h->engine().acknowledged_through(out) == sent);
        }
      }
    }
    partition::bench work;
    for (auto& [packed, h] : hosts_) {
      partition::engine again(h->id(), h->engine().workflow(), {around_.shelves, around_.texts, &work}, 1);
      status same;
      CHECK(log.read(h->id(), storage::seq{1}, [&](storage::seq, bytes_view bytes) {
        same = again.verify(*batch_reader::open(bytes));
        return same.has_value();
      }));
      CHECK_MESSAGE(same, same.error().detail);
      CHECK(again.state_digest() == h->engine().state_digest());
    }
  }

  void send(std::vector<letter>&& l) override {
    for (letter& one : l) {
      if (!lost()) letters_.push_back(std::move(one));
    }
  }
  void tell(std::vector<receipt_note>&& n) override {
    for (const receipt_note& one : n) {
      if (!lost()) notes_.push_back(one);
    }
  }

  storage::memory_log log;
  std::string trouble;
  std::vector<std::string> notices;
  /// Of 100.
  unsigned loses = 0;
  testkit::dice chance{7};

 private:
  bool lost() { return loses != 0 && chance.below(100) < loses; }
  void tick() {
    for (auto& [id, h] : hosts_) {
      if (h->next_timer() > now_) continue;
      h->tick(now_);
      h->flush();
      deliver();
    }
  }
  void deliver() {
    while (!letters_.empty() || !notes_.empty()) {
      if (!notes_.empty()) {
        const receipt_note n = notes_.front();
        notes_.pop_front();
        if (const auto to = hosts_.find(n.source.packed()); to != hosts_.end()) to->second->take(n);
        continue;
      }
      letter l = std::move(letters_.front());
      letters_.pop_front();
      const auto to = hosts_.find(l.destination().packed());
      if (to == hosts_.end()) continue;
      to->second->take(std::move(l), now_);
      to->second->flush();
    }
  }

  /// A log whose early batches lie in the archive, where hosts do not look.
  struct trimmed_log final : storage::partition_log {
    explicit trimmed_log(storage::partition_log& of) : log(of) {}
    result<storage::lease> acquire(partition_id id) override { return log.acquire(id); }
    void append(std::span<const storage::append_item> items, std::span<storage::append_outcome> outcomes) override {
      log.append(items, outcomes);
    }
    result<bool> resolve(const storage::lease& under, storage::seq at, digest128 batch) override {
      return log.resolve(under, at, batch);
    }
    status read(partition_id id, storage::seq from, const storage::batch_visitor& visit) override {
      return trimmed ? fail(errc::not_found, "trimmed") : log.read(id, from, visit);
    }
    result<storage::seq> head(partition_id id) override { return log.head(id); }
    result<std::vector<partition_id>> partitions() override { return log.partitions(); }

    storage::partition_log& log;
    bool trimmed = false;
  };

  trimmed_log trimmed_{log};
  direct_committer direct_;
  host_surroundings around_;
  partition::bench work_;
  std::map<std::uint16_t, std::unique_ptr<partition_host>> hosts_;
  std::deque<letter> letters_;
  std::deque<receipt_note> notes_;
  std::shared_ptr<nobody> nobody_ = std::make_shared<nobody>();
  instant now_{0};
  std::size_t next_ = 0;
  std::uint32_t lives_ = 0;
};

/// What a partition's neighbours know of it and it does not, or would not had it been restored from how it stood then.
struct known_outside {
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;
};
known_outside count(town& t, partition_id id) {
  known_outside sum;
  for (const auto* w : partition::workflows()) {
    for (shard_no s = 0; s < shard_count; ++s) {
      for (const stream_kind kind : {stream_kind::inside_account, stream_kind::across_accounts}) {
        sum.sent += t.host(id).engine().last_sent({{w->number, s}, kind}, ~std::uint32_t{0});
        sum.taken += t.host(id).engine().mark({{w->number, s}, kind}).number;
      }
    }
  }
  return sum;
}

/// Partitions that hear and speak much.
std::vector<partition_id> busy_partitions(town& t, std::size_t count_of) {
  std::vector<std::pair<std::uint64_t, partition_id>> all;
  for (const auto* w : partition::workflows()) {
    for (shard_no s = 0; s < shard_count; ++s) {
      const known_outside k = count(t, {w->number, s});
      all.push_back({std::min(k.sent, k.taken), {w->number, s}});
    }
  }
  std::sort(all.rbegin(), all.rend());
  std::vector<partition_id> out;
  for (std::size_t n = 0; n < count_of; ++n) out.push_back(all[n].second);
  return out;
}

}  // namespace

TEST_SUITE("actors/shell/restore") {
  TEST_CASE("a partition restored from an older copy: what it forgot is counted to the letter, and sent again where it was taken") {
    town t;
    t.go_on(1500);
    t.settle();
    const partition_id id = busy_partitions(t, 1)[0];
    const std::string copy = t.copy_of(id);
    const known_outside then = count(t, id);
    t.go_on(1500);
    t.settle();
    const known_outside later = count(t, id);
    REQUIRE(later.sent > then.sent);
    REQUIRE(later.taken > then.taken);
    CHECK(t.notices.empty());
    CHECK(t.counters().unknown_here == 0);

    t.restore(id, copy);
    t.settle();
    CHECK(t.counters().unknown_here == later.sent - then.sent);
    CHECK(t.counters().sent_again == later.taken - then.taken);
    CHECK(t.gaps().missed == 0);
    REQUIRE_FALSE(t.notices.empty());
    const std::string name = std::string(t.host(id).engine().workflow().name) + " shard " + std::to_string(id.shard);
    for (const std::string& line : t.notices) CHECK_MESSAGE(line.find(name) != std::string::npos, line);
    t.go_on(1500);
    t.settle();
    t.check();
    // It has spoken since: whoever heard it knows what of its earlier life is void.
    CHECK(t.gaps().forgotten > 0);
    CHECK(t.gaps().forgotten <= later.sent - then.sent);
  }

  TEST_CASE("partitions restored again and again, from whatever copies, while letters are lost: no stream stands still") {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      CAPTURE(seed);
      town t;
      t.chance = testkit::dice{seed};
      t.loses = 5;
      std::vector<std::pair<partition_id, std::string>> copies;
      for (unsigned round = 0; round < 24; ++round) {
        t.go_on(150);
        const auto busy = busy_partitions(t, 12);
        const partition_id id = busy[t.chance.below(busy.size())];
        copies.push_back({id, t.copy_of(id)});
        if (round % 2 == 0) continue;
        const auto& [whose, copy] = copies[t.chance.below(copies.size())];
        t.restore(whose, copy);
      }
      t.go_on(400);
      t.loses = 0;
      t.settle();
      t.check();
      CHECK(t.counters().sent_again > 0);
      CHECK(t.counters().unknown_here > 0);
      CHECK(t.gaps().missed == 0);
    }
  }

  TEST_CASE("a source whose log no longer has what a restored partition lacks says so, and the stream goes on behind it") {
    town t;
    t.go_on(1500);
    t.settle();
    const partition_id id = busy_partitions(t, 1)[0];
    const std::string copy = t.copy_of(id);
    const known_outside then = count(t, id);
    t.go_on(1500);
    t.settle();
    const known_outside later = count(t, id);
    REQUIRE(later.taken > then.taken);
    t.restore(id, copy, true);
    t.settle();
    CHECK(t.counters().sent_again == 0);
    CHECK(std::ranges::any_of(t.notices, [](const std::string& n) { return n.find("no longer has them") != std::string::npos; }));
    t.go_on(1500);
    t.settle();
    t.check();
    CHECK(t.gaps().missed > 0);
    CHECK(t.gaps().missed <= later.taken - then.taken);
    CHECK(std::ranges::any_of(t.notices, [](const std::string& n) { return n.find("there they are gone") != std::string::npos; }));
  }
}

}  // namespace zhili::shell
