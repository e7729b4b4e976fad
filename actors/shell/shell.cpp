// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/shell.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <thread>

namespace zhili::shell {
namespace {

using input_ptr = std::shared_ptr<shard_input>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;

/// How often timers are looked at.
constexpr std::chrono::milliseconds tick_every{100};

}  // namespace
}  // namespace zhili::shell

// Never leaves the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<zhili::shell::shard_input>)

namespace zhili::shell {
namespace {

caf::behavior shard_actor(caf::event_based_actor* self, shard_host* host, const node_clock* clock, std::int64_t stale_every) {
  self->delayed_send(self, tick_every, tick_atom::value);
  auto looks = std::make_shared<std::int64_t>(0);
  return {
      [=](const input_ptr& in) { host->take(std::move(*in), clock->now()); },
      [=](tick_atom) {
        host->tick(clock->now(), ++*looks % stale_every == 0);
        self->delayed_send(self, tick_every, tick_atom::value);
      },
      [=](stop_atom) { self->quit(); },
  };
}

}  // namespace

// ---- clock ----

instant node_clock::now() const {
  if (kind_ == kind::trace) return {reached_ms_.load(std::memory_order_relaxed)};
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

void node_clock::reached(instant t) {
  std::int64_t before = reached_ms_.load(std::memory_order_relaxed);
  while (before < t.ms && !reached_ms_.compare_exchange_weak(before, t.ms, std::memory_order_relaxed)) {
  }
}

// ---- shell ----

struct shell::engine_room {
  explicit engine_room(unsigned threads) {
    config.set("scheduler.max-threads", threads);
    config.set("scheduler.policy", caf::atom("sharing"));
  }

  caf::actor_system_config config;
  std::array<std::unique_ptr<shard_host>, shard_count> hosts;
  std::unique_ptr<caf::actor_system> system;
  std::array<caf::actor, shard_count> actors;
  std::unique_ptr<committing_thread> commits;
};

shell::shell(const shell_settings& settings) : settings_(settings), room_(std::make_unique<engine_room>(settings.threads)) {
  around_.shelves = settings_.shelves;
  around_.texts = settings_.texts;
  around_.log = settings_.log;
  around_.post = this;
  around_.broken = settings_.broken;
  around_.notice = settings_.notice;
  around_.kept = [this](partition_id id, storage::append_outcome outcome, batch_writer&& batch) {
    shard_input in;
    in.kept.push_back({id, outcome, std::move(batch)});
    give(id.shard, std::move(in));
  };
}

result<std::unique_ptr<shell>> shell::start(const shell_settings& settings) {
  std::unique_ptr<shell> made(new shell(settings));
  engine_room& room = *made->room_;
  room.commits = std::make_unique<committing_thread>(*settings.log, settings.watch);
  made->around_.commits = room.commits.get();
  for (const shard_no shard : settings.shards) {
    room.hosts[shard] = std::make_unique<shard_host>(shard, made->around_);
    for (const workflow_no w : settings.workflows) made->hosted_[partition_id{w, shard}.packed()] = true;
  }
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  status opened;
  std::vector<std::thread> openers;
  for (unsigned t = 0; t < std::max(1u, settings.threads); ++t) {
    openers.emplace_back([&] {
      for (std::size_t n; (n = next++) < settings.shards.size();) {
        const status s = room.hosts[settings.shards[n]]->open(settings.workflows);
        std::lock_guard lock(guard);
        if (!s && opened) opened = s;
      }
    });
  }
  for (auto& t : openers) t.join();
  if (!opened) return tl::unexpected(opened.error());
  room.system = std::make_unique<caf::actor_system>(room.config);
  const std::int64_t stale_every = std::max<std::int64_t>(1, (settings.resend_after + tick_every - std::chrono::milliseconds{1}) / tick_every);
  for (const shard_no shard : settings.shards) {
    room.actors[shard] = room.system->spawn(shard_actor, room.hosts[shard].get(), settings.clock, stale_every);
  }
  made->resend_all();
  return made;
}

shell::~shell() {
  if (room_->system) {
    for (caf::actor& a : room_->actors) {
      if (a) caf::anon_send(a, stop_atom::value);
    }
    room_->system->await_all_actors_done();
  }
  // The committer's last outcomes find no actor any more; nobody is told of them.
  room_->commits.reset();
  room_->actors.fill(nullptr);
  room_->system.reset();
}

void shell::give(shard_no shard, shard_input&& in) {
  const caf::actor& to = room_->actors[shard];
  if (to) caf::anon_send(to, std::make_shared<shard_input>(std::move(in)));
}

namespace {

/// Items for each shard, in their order.
template <class Item, class Shard>
std::map<shard_no, shard_input> by_shard(
    std::vector<Item>&& items, std::vector<Item> shard_input::*of_kind, Shard&& shard_of_item) {
  std::array<std::size_t, shard_count> count{};
  for (const Item& item : items) ++count[shard_of_item(item)];
  std::map<shard_no, shard_input> out;
  for (Item& item : items) {
    const shard_no shard = shard_of_item(item);
    std::vector<Item>& to = out[shard].*of_kind;
    if (to.empty()) to.reserve(count[shard]);
    to.push_back(std::move(item));
  }
  return out;
}

}  // namespace

void shell::submit(std::vector<submission>&& submissions) {
  auto split =
      by_shard(std::move(submissions), &shard_input::submissions, [](const submission& s) { return shard_of(s.account); });
  for (auto& [shard, in] : split) give(shard, std::move(in));
}

void shell::arrived(std::vector<letter>&& letters) {
  auto split = by_shard(std::move(letters), &shard_input::letters, [](const letter& l) { return l.destination().shard; });
  for (auto& [shard, in] : split) give(shard, std::move(in));
}

void shell::arrived(std::vector<receipt_note>&& notes) {
  auto split = by_shard(std::move(notes), &shard_input::notes, [](const receipt_note& n) { return n.source.shard; });
  for (auto& [shard, in] : split) give(shard, std::move(in));
}

void shell::send(std::vector<letter>&& letters) {
  if (settings_.elsewhere == nullptr) return arrived(std::move(letters));
  std::vector<letter> away;
  std::vector<letter> here;
  for (letter& l : letters) (hosts(l.destination()) ? here : away).push_back(std::move(l));
  if (!here.empty()) arrived(std::move(here));
  if (!away.empty()) settings_.elsewhere->send(std::move(away));
}

void shell::tell(std::vector<receipt_note>&& notes) {
  if (settings_.elsewhere == nullptr) return arrived(std::move(notes));
  std::vector<receipt_note> away;
  std::vector<receipt_note> here;
  for (const receipt_note& n : notes) (hosts(n.source) ? here : away).push_back(n);
  if (!here.empty()) arrived(std::move(here));
  if (!away.empty()) settings_.elsewhere->tell(std::move(away));
}

void shell::control(type_no type, bytes_view body) {
  for (const shard_no shard : settings_.shards) {
    shard_input in;
    in.controls.push_back({type, {body.begin(), body.end()}});
    give(shard, std::move(in));
  }
}

void shell::resend_all() {
  for (const shard_no shard : settings_.shards) {
    shard_input in;
    in.resend = true;
    give(shard, std::move(in));
  }
}

void shell::each_shard(const std::function<void(shard_host&)>& look) {
  std::vector<std::future<void>> done;
  for (const shard_no shard : settings_.shards) {
    auto looked = std::make_shared<std::promise<void>>();
    done.push_back(looked->get_future());
    shard_input in;
    in.look = [&look, looked](shard_host& host) {
      look(host);
      looked->set_value();
    };
    give(shard, std::move(in));
  }
  for (auto& d : done) d.wait();
}

bool shell::drain(std::chrono::milliseconds limit, std::chrono::milliseconds for_letters) {
  const auto begin = std::chrono::steady_clock::now();
  // No more than the limit also because the largest number of milliseconds is none of nanoseconds.
  const auto letters_limit = std::min(limit, for_letters);
  // A quiet shard may be woken by another's letter: twice in a row all must be quiet.
  for (unsigned quiet_rounds = 0; quiet_rounds < 2;) {
    std::atomic<bool> quiet{true}, acknowledged{true};
    each_shard([&](shard_host& host) {
      if (host.next_timer() <= settings_.clock->now()) host.tick(settings_.clock->now(), false);
      host.each([&](const partition_host& p) {
        if (!p.engine().unacknowledged_streams().empty()) acknowledged = false;
      });
      if (!host.quiet()) quiet = false;
    });
    const bool done = quiet && acknowledged;
    quiet_rounds = done ? quiet_rounds + 1 : 0;
    const auto took = std::chrono::steady_clock::now() - begin;
    if (took > limit || (quiet && !done && took > letters_limit)) return false;
    if (!done) std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

shell_counters shell::read() {
  shell_counters all;
  std::mutex guard;
  each_shard([&](shard_host& host) {
    std::lock_guard lock(guard);
    host.each([&](const partition_host& p) {
      const host_counters& c = p.counters();
      all.hosts.submissions += c.submissions;
      all.hosts.repeated += c.repeated;
      all.hosts.busy += c.busy;
      all.hosts.letters_in += c.letters_in;
      all.hosts.put_off += c.put_off;
      all.hosts.letters_out += c.letters_out;
      all.hosts.resent += c.resent;
      all.hosts.gaps += c.gaps;
      all.hosts.unknown_here += c.unknown_here;
      all.hosts.sent_again += c.sent_again;
      all.hosts.batches += c.batches;
      all.hosts.bytes += c.bytes;
      const partition::engine& e = p.engine();
      all.decisions += e.decisions();
      all.commands += e.commands();
      all.subjects += e.state().subjects();
      all.refused_inside += e.refused_inside();
      all.compared += e.compared();
      all.gaps.forgotten += e.gaps().forgotten;
      all.gaps.missed += e.gaps().missed;
      for (std::size_t k = 0; k < all.books.size(); ++k) {
        all.books[k].submitted += e.books()[k].submitted;
        all.books[k].decided += e.books()[k].decided;
        all.books[k].waiting += e.books()[k].waiting;
        all.books[k].refused += e.books()[k].refused;
      }
      for (const auto& day : e.counts().days()) {
        for (const auto& by_verdict : day.by_verdict) {
          for (std::size_t v = 0; v < by_verdict.size(); ++v) {
            if (by_verdict[v] != 0) all.verdicts[{p.id().workflow, static_cast<verdict>(v)}] += by_verdict[v];
          }
        }
      }
    });
  });
  all.commits = room_->commits->read();
  return all;
}

}  // namespace zhili::shell
