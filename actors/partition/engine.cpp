// SPDX-License-Identifier: Apache-2.0
#include "actors/partition/engine.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "actors/partition/record.hpp"
#include "protocols/types/limits.hpp"

namespace zhili::partition {
namespace {

std::size_t index_of(subject_kind kind) { return static_cast<std::size_t>(kind) % engine::kinds; }

}  // namespace

std::string_view context::text_of(text_name name, std::uint64_t ref) const {
  if (texts == nullptr) return {};
  const auto found = texts->get(name, ref, work->text);
  return found && *found ? std::string_view{work->text} : std::string_view{};
}

engine::engine(partition_id id, const workflow_descriptor& workflow, surroundings around, std::uint32_t incarnation)
    : id_(id), workflow_(&workflow), around_(around), incarnation_(incarnation), life_(incarnation), hosted_(workflow.make()) {}

// ---- commands ----

receipt engine::take(const command& c, instant clock) {
  const kept_key* kept = nullptr;
  if (c.head.origin() == wire::origin::submission) {
    // Four cold places at once instead of one after the other.
    keys_.expect(from_wire(c.head.key()));
    hosted_->expect(from_wire(c.head.account()), from_wire(c.head.subject()));
    kept = keys_.find(from_wire(c.head.key()));
    if (kept != nullptr && kept->body == hash_of_body(c)) return {taken::again, outcome_of(kept->outcome)};
  } else if (c.head.origin() == wire::origin::message) {
    if (const taken how = order_of(c.head); how != taken::yes) return {how, {}};
  }
  run(c, std::max(clock, last_at_), kept);
  return {taken::yes, answer_};
}

taken engine::order_of(const wire::command_header& head) const {
  const inbox_mark m = mark(source_of(head));
  const std::uint64_t marks = head.key().lo();
  if (head.incarnation() < m.incarnation) return taken::again;
  // Who was never heard begins at 1.
  if (head.incarnation() > m.incarnation && m.incarnation != 0) {
    // Another life of the source goes on from where its copy stood, but for what of the life before was not heard yet.
    if ((marks & life_begins) != 0 && head.number() <= m.number + 1) return taken::yes;
    return (marks & none_before) != 0 ? taken::yes : taken::gap;
  }
  if (head.number() <= m.number) return taken::again;
  return head.number() == m.number + 1 || (marks & none_before) != 0 ? taken::yes : taken::gap;
}

void engine::fire(instant clock) {
  const timer t = pop_timer();
  ZHILI_ASSERT(t.due <= clock, "a timer fires when it is due");
  alignas(8) std::array<std::byte, 24> body;
  std::memcpy(body.data(), t.body.data(), t.body.size());
  command c;
  c.head = wire::command_header(to_wire(t.account), 0, t.due.ms, {}, {}, t.ordinal, 0, 0, 0, wire::origin::timer);
  c.type = t.type;
  c.body = bytes_view{body}.first(t.length);
  run(c, std::max(clock, last_at_), nullptr);
}

context engine::make_context(const command& c, instant at) const {
  context cx;
  cx.now = at;
  cx.event_time = {c.head.event_time()};
  cx.subject = from_wire(c.head.subject());
  cx.origin = c.head.origin();
  cx.self = id_;
  cx.text = c.text;
  cx.release = &release_;
  cx.compared = &compared_;
  cx.judge_for(from_wire(c.head.account()));
  cx.licensed = registry_.get();
  cx.texts = around_.texts;
  cx.work = around_.work;
  return cx;
}

outcome engine::check_submission(const command& c, instant at, const kept_key* kept) const {
  const auto no = [](wire::refusal why) { return refused(subject_kind::none, why); };
  if (!from_wire(c.head.key())) return no(wire::refusal::malformed);
  // Before all else: the key's first outcome stands whatever a second submission under it claims.
  if (kept != nullptr) return no(wire::refusal::key_reused);
  if (shard_of(from_wire(c.head.account())) != id_.shard) return no(wire::refusal::wrong_account);
  const instant claimed{c.head.event_time()};
  if (claimed > at + limits::event_time_ahead_max) return no(wire::refusal::event_time_too_late);
  if (claimed < at - limits::event_time_behind_max) return no(wire::refusal::event_time_too_early);
  // Nothing is approved for want of rules.
  if (pack() == nullptr) return no(wire::refusal::not_in_this_state);
  return {};
}

void engine::run(const command& c, instant at, const kept_key* kept) {
  if (!open()) std::swap(batch_, around_.work->batch);
  const std::size_t begin = batch_.position();
  wire::command_header head = c.head;
  head.mutate_at(at.ms);
  batch_.add(entry_kind::command, c.type, body_of(head), c.body);
  last_at_ = at_ = at;
  account_ = from_wire(head.account());
  around_.work->events.clear();
  around_.work->event_bytes.clear();

  if (head.origin() == wire::origin::control) {
    const status known = control(c.type, c.body);
    ZHILI_ASSERT(known.has_value(), known.error().detail);
  } else {
    ZHILI_ASSERT(pack() != nullptr || head.origin() == wire::origin::submission, "a partition is given its pack first");
  }
  const context cx = make_context(c, at);
  const bool submission = head.origin() == wire::origin::submission;
  answer_ = submission ? check_submission(c, at, kept) : outcome{};
  if (answer_.status != wire::status::refused) {
    decide_sink out{*this};
    answer_ = hosted_->decide(c.type, c.body, cx, out);
  }
  // A control command that a workflow has no use for is no refusal.
  if (head.origin() == wire::origin::control && answer_.why == wire::refusal::unknown_type) answer_ = {};
  if (answer_.status == wire::status::refused) around_.work->events.clear();
  react_to_events(cx);

  if (submission || answer_.status == wire::status::refused) {
    const wire::outcome o = record_of(answer_);
    batch_.add(entry_kind::outcome, c.type, body_of(o), {});
  }
  chain_ = chain(chain_, batch_.since(begin));
  ++commands_;
  if (head.origin() == wire::origin::message) learn_marks(head);
  note_answer(head, submission ? hash_of_body(c) : 0, answer_);
}

void engine::react_to_events(const context& cx) {
  for (const bench::produced& e : around_.work->events) {
    const bytes_view body{around_.work->event_bytes.data() + e.at, e.length};
    batch_.add(entry_kind::event, e.type, {}, body);
    hosted_->apply(e.type, body);
    if (e.type == 1) note_decided(body);
    react_sink out{*this};
    account_ = cx.account;
    event_in_hand_ = body;
    hosted_->react(e.type, body, cx, out);
  }
}

status engine::control(type_no type, bytes_view body) {
  if (type == shared_type<wire::pack_changed>()) {
    const auto* change = read_body<wire::pack_changed>(body);
    if (change == nullptr) return fail(errc::malformed, "pack_changed has another size");
    const digest128 digest{change->digest_hi(), change->digest_lo()};
    auto found = around_.shelves->pack(digest);
    if (!found) return fail(errc::not_found, fmt::format("pack {} is named in a log but not on the shelf", hex(digest)));
    release_ = {{std::move(found), digest.hi}, {}, release_.number};
    compared_ = {};
  } else if (type == shared_type<wire::release_changed>()) {
    return change_release(body);
  } else if (type == shared_type<wire::registry_changed>()) {
    const auto* change = read_body<wire::registry_changed>(body);
    if (change == nullptr) return fail(errc::malformed, "registry_changed has another size");
    const digest128 digest{change->digest_hi(), change->digest_lo()};
    auto found = around_.shelves->snapshot(digest);
    if (!found) {
      return fail(errc::not_found, fmt::format("registry snapshot {} is named in a log but not on the shelf", hex(digest)));
    }
    registry_ = std::move(found);
  }
  return {};
}

status engine::change_release(bytes_view body) {
  const auto* change = read_body<wire::release_changed>(body);
  if (change == nullptr) return fail(errc::malformed, "release_changed is no such table");
  const digest128 names[] = {{change->base_hi(), change->base_lo()}, {change->next_hi(), change->next_lo()}};
  named_pack packs[2];
  for (int n = 0; n < 2; ++n) {
    if (n == 1 && change->stage() == wire::release_stage::off) break;
    packs[n] = {around_.shelves->pack(names[n]), names[n].hi};
    if (packs[n].pack == nullptr) {
      return fail(errc::not_found, fmt::format("pack {} is named in a log but not on the shelf", hex(names[n])));
    }
  }
  std::uint8_t percent = 0;
  if (change->stage() == wire::release_stage::canary) percent = change->percent();
  if (change->stage() == wire::release_stage::enforce) percent = 100;
  release_ = {std::move(packs[0]), std::move(packs[1]), change->number(), change->stage(), percent};
  compared_ = {};
  return {};
}

// ---- books ----

void engine::note_decided(bytes_view body) {
  const wire::decision_head& head = *view_body<wire::decided>(body).head();
  counts_.count(at_, head.kind(), head.verdict(), head.cause());
  ++decisions_;
  account_books& b = books_[index_of(head.kind())];
  b.waiting -= head.settles();
  b.decided += head.settles();
}

/// The books and keys of a submission, the count of all else that was refused.
void engine::note_answer(const wire::command_header& head, std::uint64_t body, const outcome& answer) {
  if (head.origin() != wire::origin::submission) {
    if (answer.status == wire::status::refused) ++refused_inside_;
    return;
  }
  account_books& b = books_[index_of(answer.kind)];
  ++b.submitted;
  switch (answer.status) {
    case wire::status::waiting: ++b.waiting; break;
    case wire::status::refused: ++b.refused; break;
    case wire::status::decided:
    case wire::status::none: ++b.decided; break;
  }
  const bool keyless = answer.why == wire::refusal::key_reused || !from_wire(head.key());
  if (!keyless) keys_.add({head.at()}, {from_wire(head.key()), body, record_of(answer)});
}

std::size_t engine::memory_bytes() const {
  return hosted_->memory_bytes() + keys_.memory_bytes() + timers_.capacity() * sizeof(timer);
}

// ---- the batch ----

bytes_view engine::seal(std::uint64_t seq, std::uint64_t epoch) {
  ZHILI_ASSERT(open(), "only an open batch is sealed");
  for (const stream_key& key : acks_unlogged_) {
    out_stream& s = out_.at(key);
    s.ack_unlogged = false;
    const wire::acked a(s.box.acknowledged(), key.partition.packed(), static_cast<std::uint8_t>(key.kind), 0, 0);
    batch_.add(entry_kind::acked, 0, body_of(a), {});
  }
  acks_unlogged_.clear();
  // Larger, and no reader would open it again: a workflow that touches this much at once must do it in parts.
  ZHILI_ASSERT(batch_.bytes() <= limits::batch_bytes_max, "a batch fits its limit");
  return batch_.seal(id_, seq, epoch, incarnation_, workflow_->behaviour, chain_);
}

batch_writer engine::close(std::uint64_t seq, std::uint64_t epoch) {
  seal(seq, epoch);
  return std::exchange(batch_, {});
}

// ---- streams ----

inbox_mark engine::mark(stream_key from) const {
  const inbox_mark* m = in_.find(from);
  return m == nullptr ? inbox_mark{} : *m;
}

void engine::learn_marks(const wire::command_header& head) {
  inbox_mark& m = in_.at(source_of(head));
  if (head.number() <= m.number) gaps_.forgotten += m.number - head.number() + 1;
  if (head.number() > m.number + 1) gaps_.missed += head.number() - m.number - 1;
  m = {head.number(), head.incarnation()};
}

void engine::acknowledged(stream_key to, std::uint64_t through) {
  out_stream& s = out_.at(to);
  if (!s.box.acknowledge(std::min(through, s.box.next_number() - 1))) return;
  if (!s.ack_unlogged) acks_unlogged_.push_back(to);
  s.ack_unlogged = true;
}

std::uint64_t engine::acknowledged_through(stream_key to) const {
  const out_stream* s = out_.find(to);
  return s == nullptr ? 0 : s->box.acknowledged();
}

std::uint64_t engine::last_sent(stream_key to, std::uint32_t incarnation) const {
  const out_stream* s = out_.find(to);
  if (s == nullptr) return 0;
  if (const auto lives = lives_.find(to); lives != lives_.end()) {
    for (const life_begin& l : lives->second) {
      if (l.incarnation > incarnation) return l.number - 1;
    }
  }
  return s->box.next_number() - 1;
}

std::uint32_t engine::life_of(stream_key to, std::uint64_t number) const {
  std::uint32_t out = 1;
  if (const auto lives = lives_.find(to); lives != lives_.end()) {
    for (const life_begin& l : lives->second) {
      if (l.number <= number) out = l.incarnation;
    }
  }
  return out;
}

void engine::each_unacknowledged(stream_key to, const std::function<void(const message_view&)>& visit) const {
  if (const out_stream* s = out_.find(to)) s->box.each(visit);
}

std::vector<stream_key> engine::unacknowledged_streams() const {
  std::vector<stream_key> keys;
  out_.each([&](stream_key key, const out_stream& s) {
    if (!s.box.empty()) keys.push_back(key);
  });
  return keys;
}

void engine::push_send(partition_id to, stream_kind kind, account_id account, type_no type, bytes_view body) {
  outbox& box = out_.at({to, kind}).box;
  const std::uint64_t number = box.next_number();
  const bool begins = life_ > 1 && life_of({to, kind}, number) != life_;
  if (begins) lives_[{to, kind}].push_back({number, life_});
  const wire::send_header head(
      to_wire(account), at_.ms, number, to.packed(), static_cast<std::uint8_t>(kind),
      begins ? std::uint8_t{life_begins} : std::uint8_t{0}, 0);
  batch_.add(entry_kind::send, type, body_of(head), body);
  box.push(head, type, body);
}

// ---- timers ----

void engine::push_timer(const timer& t) {
  timers_.push_back(t);
  std::push_heap(timers_.begin(), timers_.end(), std::greater<>{});
}

engine::timer engine::pop_timer() {
  std::pop_heap(timers_.begin(), timers_.end(), std::greater<>{});
  const timer t = timers_.back();
  timers_.pop_back();
  return t;
}

}  // namespace zhili::partition
