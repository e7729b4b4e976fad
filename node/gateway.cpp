// SPDX-License-Identifier: Apache-2.0
#include "node/gateway.hpp"

#include <fmt/format.h>

namespace zhili::node {
namespace {

/// Of another node whose queue is full.
constexpr std::uint32_t retry_after_ms = 500;
/// Of a node that drains, whose place is taken soon; and of a client that has its share under way.
constexpr std::uint32_t drained_after_ms = 200;
/// Submissions that are with other nodes at once; a client that hears nothing asks again.
constexpr std::size_t sent_on_max = 1'000'000;

shell::submission submission_of(const opened_envelope& e) {
  shell::submission s;
  s.workflow = e->workflow;
  s.type = e->type;
  s.account = e->account;
  s.subject = e->subject;
  s.key = e->key;
  s.event_time = e->event_time;
  s.sent_at = e->sent_at;
  s.body = e->body;
  s.text = e->text;
  s.text_hash = e.text_hash();
  return s;
}

}  // namespace

/// Holds the bytes of one frame's submissions and answers them, from whatever threads decide them.
class gateway::frame_asker final : public shell::asker {
 public:
  frame_asker(gateway& door, origin who, opened_frame&& frame)
      : door_(door), who_(std::move(who)), frame_(std::move(frame)) {
    keys_.reserve(frame_.count());
  }
  const opened_frame& frame() const { return frame_; }

  std::uint64_t token_of(subject_id key) {
    if (who_.share) ++who_.share->under_way;
    keys_.push_back(key);
    return keys_.size() - 1;
  }
  void answered(std::span<const shell::submission_answer> answers) override {
    door_.counted_.answers.fetch_add(answers.size(), std::memory_order_relaxed);
    std::vector<frame_entry> out;
    out.reserve(answers.size());
    for (const shell::submission_answer& given : answers) {
      const partition::outcome& o = given.outcome;
      answer_entry a;
      a.key = keys_[given.token];
      a.what = answer_kind::outcome;
      a.outcome = wire::outcome(o.status, o.verdict, o.why, o.field, o.kind, 0);
      out.push_back(a);
    }
    done(static_cast<std::uint32_t>(answers.size()));
    door_.reply(who_, out);
  }
  void busy(std::uint64_t token, duration retry_after) override {
    door_.counted_.busy.fetch_add(1, std::memory_order_relaxed);
    answer_entry a;
    a.key = keys_[token];
    a.what = answer_kind::busy;
    a.retry_after_ms = static_cast<std::uint32_t>(retry_after.count());
    done(1);
    const frame_entry entry = a;
    door_.reply(who_, {&entry, 1});
  }

 private:
  void done(std::uint32_t n) {
    if (who_.share) who_.share->under_way -= n;
  }

  gateway& door_;
  origin who_;
  opened_frame frame_;
  /// Complete before the first answer can come.
  std::vector<subject_id> keys_;
};

void gateway::from_client(const client_origin& client, opened_frame&& frame) {
  take({{}, client, shares_.of(client.id, client_shares::steady::now())}, std::move(frame));
}

void gateway::from_peer(const std::string& peer, opened_frame&& frame) { take({peer, {}, nullptr}, std::move(frame)); }

void gateway::take(const origin& who, opened_frame&& frame) {
  const auto asker = std::make_shared<frame_asker>(*this, who, std::move(frame));
  std::vector<shell::submission> here;
  here.reserve(asker->frame().count());
  instant newest;
  const std::uint32_t most = shares_.most(client_shares::steady::now());
  counted_.submissions.fetch_add(asker->frame().count(), std::memory_order_relaxed);
  for (const frame_entry entry : asker->frame()) {
    const bytes_view bytes = std::get<submission_entry>(entry).envelope;
    const auto open = open_envelope_in_place(bytes);
    if (!open) {
      refuse(who, {}, open.error());
      continue;
    }
    const workflow_no workflow = (*open)->workflow;
    if (!homes::known(workflow)) {
      refuse(who, (*open)->key, {errc::unknown_type, fmt::format("field `workflow`: there is no workflow {}", workflow)});
      continue;
    }
    if (draining_.load(std::memory_order_relaxed)) {
      tell_busy(who, (*open)->key, drained_after_ms);
      continue;
    }
    if (who.share && who.share->under_way >= most) {
      counted_.over_share.fetch_add(1, std::memory_order_relaxed);
      tell_busy(who, (*open)->key, drained_after_ms);
      continue;
    }
    newest = std::max(newest, (*open)->sent_at);
    const partition_id home{workflow, shard_of((*open)->account)};
    if (!where_.here(home)) {
      send_on(who, *open, bytes, where_.of(home));
      continue;
    }
    shell::submission s = submission_of(*open);
    s.token = asker->token_of(s.key);
    s.from = asker;
    here.push_back(std::move(s));
  }
  if (node_.clock().runs_by() == shell::node_clock::kind::trace) {
    node_.clock().reached(newest);
    node_.load_due_snapshots();
  }
  if (!here.empty()) node_.partitions().submit(std::move(here));
}

void gateway::send_on(const origin& who, const opened_envelope& open, bytes_view envelope, const std::string& home) {
  // A neighbour that thinks a partition lives here would have its submission sent round in circles.
  if (!who.peer.empty()) {
    return refuse(who, open->key, {errc::out_of_range, "this partition lives on another node: the configurations differ"});
  }
  bool room;
  {
    std::lock_guard lock(mutex_);
    room = sent_on_.size() < sent_on_max || sent_on_.contains(open->key);
    if (room) sent_on_[open->key] = who;
  }
  if (room && link_->post(home, submission_entry{envelope}) == posted::yes) {
    counted_.forwarded.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    sent_on_.erase(open->key);
  }
  tell_busy(who, open->key, retry_after_ms);
}

void gateway::tell_busy(const origin& who, subject_id key, std::uint32_t after_ms) {
  counted_.busy.fetch_add(1, std::memory_order_relaxed);
  answer_entry a;
  a.key = key;
  a.what = answer_kind::busy;
  a.retry_after_ms = after_ms;
  const frame_entry entry = a;
  reply(who, {&entry, 1});
}

void gateway::answered(const answer_entry& answer) {
  origin who;
  {
    std::lock_guard lock(mutex_);
    const auto found = sent_on_.find(answer.key);
    if (found == sent_on_.end()) return;
    who = std::move(found->second);
    sent_on_.erase(found);
  }
  counted_.answers.fetch_add(1, std::memory_order_relaxed);
  const frame_entry entry = answer;
  reply(who, {&entry, 1});
}

void gateway::refuse(const origin& who, subject_id key, const error& why) {
  counted_.bad.fetch_add(1, std::memory_order_relaxed);
  const std::string text = answer_text(why.detail);
  answer_entry a;
  a.key = key;
  a.what = answer_kind::error;
  a.code = why.code;
  a.text = text;
  const frame_entry entry = a;
  reply(who, {&entry, 1});
}

void gateway::reply(const origin& who, std::span<const frame_entry> answers) {
  // Who is gone, or reads too slowly, asks again under the same key; the link counts it.
  if (who.peer.empty()) {
    link_->reply(who.client, answers);
  } else {
    link_->post(who.peer, answers);
  }
}

}  // namespace zhili::node
