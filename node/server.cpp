// SPDX-License-Identifier: Apache-2.0
#include "node/server.hpp"

#include <fmt/format.h>

#include "node/files.hpp"
#include "node/say.hpp"
#include "scenarios/simulate.hpp"
#include "scenarios/trace/feed.hpp"

namespace zhili::node {
namespace {

/// How late a registry snapshot may be loaded.
constexpr std::chrono::seconds look_every{1};
constexpr std::chrono::milliseconds rehearsal_resend_after{200};

}  // namespace

server::~server() = default;

status server::open_folder() {
  auto folder = scenarios::data_folder::serve(config_.data_dir);
  if (!folder) return tl::unexpected(folder.error());
  folder_ = std::move(*folder);
  const auto path = find_pack(config_.pack);
  if (!path) return tl::unexpected(path.error());
  scenarios::judges by;
  if (status read = by.add(*path); !read) return read;
  pack_ = by.packs[0];
  if (status kept = folder_->keep_packs(by); !kept) return kept;
  if (status read = read_registry(); !read) return read;
  scenarios::shelf fresh;
  for (const auto& [at, snapshot] : snapshots_) fresh.put(snapshot);
  if (status kept = folder_->keep_snapshots(fresh); !kept) return kept;
  auto shelves = folder_->read_shelf();
  if (!shelves) return tl::unexpected(shelves.error());
  shelves_ = std::move(*shelves);
  if (folder_->read_manifest()) return {};
  scenarios::manifest m;
  m.how = "serve";
  m.head.scenario = config_.name;
  // Of no use for a node, whose logs go on; a head has them.
  m.head.end = instant{1};
  m.head.hop = std::chrono::minutes{1};
  m.head.pack = pack_->name();
  m.head.pack_digest = hex(pack_->digest());
  m.head.behaviour = scenarios::behaviour_now();
  return folder_->begin(m, by, fresh);
}

status server::read_registry() {
  if (config_.registry.empty()) return {};
  auto feed = scenarios::trace_feed::open(config_.registry, true);
  if (!feed) return tl::unexpected(feed.error());
  snapshots_ = (*feed)->snapshots();
  return {};
}

result<std::unique_ptr<server>> server::start(const node_config& config, shell::post_office* elsewhere) {
  std::unique_ptr<server> made(new server(config));
  if (status opened = made->open_folder(); !opened) return tl::unexpected(opened.error());
  shell::shell_settings settings;
  settings.workflows = config.workflows;
  settings.shards = config.shards;
  settings.threads = config.threads;
  settings.shelves = &made->shelves_;
  settings.texts = &made->folder_->texts();
  settings.log = &made->folder_->log();
  settings.clock = &made->clock_;
  settings.elsewhere = elsewhere;
  if (config.clock == shell::node_clock::kind::trace) {
    auto mark = commit_mark::make(commit_mark::file_in(config.data_dir));
    if (!mark) return tl::unexpected(mark.error());
    made->mark_ = std::move(*mark);
    settings.watch = made->mark_.get();
    // A trace is fed in steps that wait for every letter: what is lost on purpose must not cost seconds each time.
    if (config.faults.any()) settings.resend_after = rehearsal_resend_after;
  }
  settings.notice = [name = config.name](std::string what) { say("warn", name, what); };
  settings.broken = [node = made.get()](std::string why) { node->broken(std::move(why)); };
  auto shell = shell::shell::start(settings);
  if (!shell) return tl::unexpected(shell.error());
  made->shell_ = std::move(*shell);
  // A node that goes by a trace has its time from it, or from where its logs end.
  made->shell_->each_shard([&](shell::shard_host& shard) {
    shard.each([&](const shell::partition_host& p) { made->clock_.reached(p.engine().last_stamp()); });
  });
  auto releases = node::releases::open({config.releases, made->folder_.get(), &made->shelves_, made->shell_.get(),
                                        &made->clock_, [name = config.name](std::string what) { say("info", name, what); }});
  if (!releases) return tl::unexpected(releases.error());
  made->releases_ = std::move(*releases);
  made->give_pack();
  made->releases_->tick();
  made->load_due_snapshots();
  return made;
}

void server::give_pack() {
  const digest128 tag = partition::pack_tag(*pack_);
  const wire::pack_changed change(tag.hi, tag.lo, pack_->version(), 0);
  shell_->each_shard([&](shell::shard_host& shard) {
    shard.each([&](shell::partition_host& p) {
      const policy::pack* has = p.engine().pack();
      // What was released goes before the file.
      if (has != nullptr && (has->digest() == pack_->digest() || p.engine().release().number != 0)) return;
      p.control(shared_type<wire::pack_changed>(), body_of(change), clock_.now());
    });
    shard.flush();
  });
}

void server::give_snapshot(const scenarios::registry_snapshot& s) {
  const scenarios::control c = scenarios::registry_control(clock_.now(), s);
  shell_->each_shard([&](shell::shard_host& shard) {
    shard.each([&](shell::partition_host& p) {
      const partition::registry* has = p.engine().licensed();
      if (has != nullptr && has->version() >= s.version()) return;
      p.control(c.type, c.body, clock_.now());
    });
    shard.flush();
  });
}

void server::load_due_snapshots() {
  std::lock_guard lock(loading_);
  for (; next_snapshot_ < snapshots_.size() && snapshots_[next_snapshot_].first <= clock_.now(); ++next_snapshot_) {
    give_snapshot(*snapshots_[next_snapshot_].second);
  }
}

std::string server::wait() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, look_every, [this] { return stops_ || !trouble_.empty(); })) return trouble_;
    }
    load_due_snapshots();
    releases_->tick();
  }
}

void server::stop() {
  std::lock_guard lock(mutex_);
  stops_ = true;
  changed_.notify_all();
}

void server::broken(std::string why) {
  std::lock_guard lock(mutex_);
  if (trouble_.empty()) trouble_ = std::move(why);
  changed_.notify_all();
}

bool server::is_broken() const {
  std::lock_guard lock(mutex_);
  return !trouble_.empty();
}

}  // namespace zhili::node
