// SPDX-License-Identifier: Apache-2.0
#include "actors/shell/partition_host.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace zhili::shell {

using partition::stream_key;
using partition::stream_kind;
using partition::taken;

namespace {

std::string name_of(partition_id id) {
  const auto* workflow = partition::find_workflow(id.workflow);
  return fmt::format("{} shard {}", workflow == nullptr ? "?" : workflow->name, id.shard);
}

std::string_view kind_of(stream_kind kind) {
  return kind == stream_kind::inside_account ? "inside accounts" : "across accounts";
}

}  // namespace

std::string partition_host::name() const { return name_of(id()); }

void partition_host::notice(const std::string& what) const {
  if (around_.notice) around_.notice(what);
}

result<std::unique_ptr<partition_host>> partition_host::open(
    partition_id id, const host_surroundings& around, partition::bench& work) {
  const auto* workflow = partition::find_workflow(id.workflow);
  if (workflow == nullptr) return fail(errc::unknown_type, fmt::format("there is no workflow {}", id.workflow));
  const auto lease = around.log->acquire(id);
  if (!lease) return tl::unexpected(lease.error());
  auto engine = std::make_unique<partition::engine>(
      id, *workflow, partition::surroundings{around.shelves, around.texts, &work}, lease->incarnation.value);
  status restored;
  std::uint32_t written_in = 0;
  const status read = around.log->read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
    const auto batch = batch_reader::open(bytes);
    restored = batch ? engine->restore(*batch) : tl::unexpected(batch.error());
    if (!restored) return false;
    written_in = batch->head().incarnation();
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  if (!restored) return tl::unexpected(restored.error());
  auto host = std::unique_ptr<partition_host>(new partition_host(std::move(engine), around, *lease));
  host->new_life_ = lease->incarnation.value > std::max(written_in, 1u);
  // All that a log holds is kept.
  for (const stream_key key : host->engine_->unacknowledged_streams()) {
    host->engine_->each_unacknowledged(
        key, [&](const partition::message_view& m) { host->kept_numbers_.at(key) = m.head.number(); });
  }
  return host;
}

// ---- inputs ----

void partition_host::take(submission&& s, instant now) {
  ++counted_.submissions;
  if (waiting_.size() >= waiting_max) {
    ++counted_.busy;
    s.from->busy(s.token, retry_after);
    return;
  }
  if (full() || !waiting_.empty()) {
    waiting_.push_back({std::make_unique<submission>(std::move(s)), nullptr});
    return;
  }
  run(s, now);
}

void partition_host::take(letter&& l, instant now) {
  ++counted_.letters_in;
  // Left lying, it is sent again: its source keeps it until a receipt comes.
  if (waiting_.size() >= 2 * waiting_max) {
    ++counted_.put_off;
    return;
  }
  if (full() || !waiting_.empty()) {
    waiting_.push_back({nullptr, std::make_unique<letter>(std::move(l))});
    return;
  }
  run(l, now);
}

void partition_host::run(submission& s, instant now) {
  if (!s.text.empty()) {
    if (const status put = around_.texts->put(s.text_hash, s.text); !put) return around_.broken(put.error().detail);
  }
  const partition::receipt r = engine_->take(s.as_command(), now);
  const bool repeated = r.taken == taken::again;
  if (repeated) ++counted_.repeated;
  const submission_answer a{s.token, r.outcome, repeated};
  // A repeat may ask for an outcome that is not kept yet.
  if (uncommitted()) {
    open_leaves_.add(s.from, a);
  } else {
    s.from->answered({&a, 1});
  }
}

void partition_host::run(const letter& l, instant now) {
  // A partition that was never given its pack cannot judge: its source keeps the letter and sends it again.
  if (engine_->pack() == nullptr) {
    ++counted_.put_off;
    return;
  }
  const stream_key from{l.source, l.kind()};
  const partition::inbox_mark before = engine_->mark(from);
  const taken how = engine_->take(l.as_command(), now).taken;
  const partition::inbox_mark mark = engine_->mark(from);
  if (how == taken::gap) {
    ++counted_.gaps;
    around_.post->tell({{l.source, {id(), l.kind()}, mark.number, true, std::max(mark.incarnation, 1u)}});
    return;
  }
  if (how == taken::yes && l.head.number() <= before.number) {
    notice(fmt::format(
        "{} was restored from an older copy: {} has messages {} to {} of it ({}) that its present life does not know",
        name_of(l.source), name(), l.head.number(), before.number, kind_of(l.kind())));
  } else if (how == taken::yes && l.head.number() > before.number + 1) {
    notice(fmt::format(
        "{} was restored from an older copy: messages {} to {} of {} ({}) are missing here, and there they are gone",
        name(), before.number + 1, l.head.number() - 1, name_of(l.source), kind_of(l.kind())));
  }
  open_leaves_.add(from, mark);
  if (!uncommitted()) leave(open_leaves_);
}

void partition_host::take(const receipt_note& n) {
  const std::uint64_t known = engine_->last_sent(n.stream, n.incarnation);
  if (n.through > known || n.incarnation > lease_.incarnation.value) {
    std::uint64_t& told = unknown_through_[n.stream];
    if (n.through > std::max(told, known)) {
      counted_.unknown_here += n.through - std::max(told, known);
      told = n.through;
      const bool another = n.incarnation < lease_.incarnation.value;
      notice(fmt::format(
          "{}: {} has heard messages {} to {} of it ({}), which {} does not know{}", name(), name_of(n.stream.partition),
          known + 1, n.through, kind_of(n.stream.kind), another ? "the copy that it was restored from" : "this folder",
          another ? "" : ": it is older than what left it; stop this node and import a copy as a restore (docs/operations.md)"));
    }
  }
  if (n.incarnation > lease_.incarnation.value) return;
  const std::uint64_t through = std::min(n.through, known);
  if (!n.again) {
    engine_->acknowledged(n.stream, through);
    return;
  }
  if (through < engine_->acknowledged_through(n.stream)) put_back(n.stream, through);
  send_again(n.stream, through);
  // Who asks may have been restored: it learns how much more of it was heard than it knows.
  const partition::inbox_mark heard = engine_->mark({n.stream.partition, n.stream.kind});
  if (heard.number == 0) return;
  open_leaves_.add(n.stream, heard);
  if (!uncommitted()) leave(open_leaves_);
}

void partition_host::control(type_no type, bytes_view body, instant now) {
  partition::command c;
  c.head = wire::command_header({}, 0, now.ms, {}, {}, 0, 0, 0, 0, wire::origin::control);
  c.type = type;
  c.body = body;
  engine_->take(c, now);
}

void partition_host::tick(instant now) {
  while (engine_->next_timer() <= now && !full()) engine_->fire(now);
}

// ---- commits ----

void partition_host::flush() {
  if (in_flight_ || !engine_->open()) return;
  in_flight_ = true;
  flying_leaves_ = std::exchange(open_leaves_, {});
  commit_request r{lease_, seq_ + 1, engine_->close(seq_ + 1, lease_.epoch.value), {}};
  r.done = [kept = &around_.kept, id = id()](storage::append_outcome outcome, batch_writer&& batch) {
    (*kept)(id, outcome, std::move(batch));
  };
  around_.commits->give(std::move(r));
}

std::string partition_host::why_not(storage::append_outcome outcome) const {
  if (outcome == storage::append_outcome::fenced) return "somebody else writes this partition now";
  // A store that has stopped says why to whoever wants to write next.
  const auto next = around_.log->acquire(id());
  return next ? "the write failed half-way" : next.error().detail;
}

void partition_host::committed(storage::append_outcome outcome, batch_writer&& batch, instant now) {
  if (outcome != storage::append_outcome::ok) {
    // Stays in flight for ever: nothing that comes behind a hole is kept or answered.
    around_.broken(fmt::format("the log of {} shard {} did not keep batch {}: {}", engine_->workflow().name, id().shard,
                               seq_ + 1, why_not(outcome)));
    return;
  }
  in_flight_ = false;
  ++seq_;
  ++counted_.batches;
  counted_.bytes += batch.bytes();
  dispatch(trusted_batch(batch.sealed()));
  leave(flying_leaves_);
  while (!waiting_.empty() && !full()) {
    input next = std::move(waiting_.front());
    waiting_.pop_front();
    if (next.asked) {
      run(*next.asked, now);
    } else {
      run(*next.told, now);
    }
  }
  flush();
  // Repeats that came meanwhile have opened nothing that their answers could leave with.
  if (!uncommitted()) leave(open_leaves_);
}

void partition_host::leaving::add(const std::shared_ptr<asker>& to, const submission_answer& a) {
  if (askers.empty() || askers.back().to != to) askers.push_back({to, 0});
  ++askers.back().count;
  answers.push_back(a);
}

void partition_host::leaving::add(stream_key from, partition::inbox_mark mark) {
  // Letters come many of one stream together; the streams of one batch are few.
  const auto found = std::find_if(receipts.rbegin(), receipts.rend(), [&](const taken_through& t) { return t.from == from; });
  if (found == receipts.rend()) {
    receipts.push_back({from, mark});
  } else {
    found->mark = mark;
  }
}

void partition_host::leave(leaving& what) {
  std::span<const submission_answer> answers = what.answers;
  for (const answers_to& a : what.askers) {
    a.to->answered(answers.first(a.count));
    answers = answers.subspan(a.count);
  }
  std::vector<receipt_note> notes;
  for (const taken_through& t : what.receipts) {
    notes.push_back({t.from.partition, {id(), t.from.kind}, t.mark.number, false, t.mark.incarnation});
  }
  if (!notes.empty()) around_.post->tell(std::move(notes));
  what = {};
}

letter partition_host::letter_of(const partition::message_view& m) const {
  letter l;
  l.head = m.head;
  l.source = id();
  l.incarnation = engine_->life_of({l.destination(), l.kind()}, m.head.number());
  l.type = m.type;
  l.fill(m.body);
  return l;
}

void partition_host::dispatch(const batch_reader& batch) {
  std::vector<letter> letters;
  for (const entry_view entry : batch) {
    if (entry.kind != entry_kind::send) continue;
    const auto& head = entry.header<wire::send_header>();
    letters.push_back(letter_of({head, entry.type, entry.body<wire::send_header>()}));
    kept_numbers_.at({partition_id::unpack(head.destination()), static_cast<stream_kind>(head.stream())}) = head.number();
  }
  counted_.letters_out += letters.size();
  if (!letters.empty()) around_.post->send(std::move(letters));
}

// ---- again ----

void partition_host::send_again(stream_key stream, std::uint64_t beyond) {
  const std::uint64_t* const kept = kept_numbers_.find(stream);
  if (kept == nullptr) return;
  std::vector<letter> letters;
  engine_->each_unacknowledged(stream, [&](const partition::message_view& m) {
    if (m.head.number() > beyond && m.head.number() <= *kept) letters.push_back(letter_of(m));
  });
  counted_.resent += letters.size();
  if (letters.empty()) return;
  if (none_before_.contains(stream) && letters[0].head.number() == engine_->acknowledged_through(stream) + 1) {
    letters[0].head.mutate_marks(letters[0].head.marks() | partition::none_before);
  }
  around_.post->send(std::move(letters));
}

/// A partition that acknowledged more than it knows now was restored from an older copy: it gets again from the log what
/// it lacks. Only when it asks a second time: the first may be a question that an acknowledgement has overtaken.
void partition_host::put_back(stream_key stream, std::uint64_t beyond) {
  const auto [asked, first] = asked_back_.try_emplace(stream, beyond);
  if (first || std::exchange(asked->second, beyond) != beyond || none_before_.contains(stream)) return;
  asked_back_.erase(asked);
  const std::uint64_t acknowledged = engine_->acknowledged_through(stream);
  partition::outbox earlier(beyond);
  // What was trimmed cannot be read here; then the stream goes on behind it.
  const status read = around_.log->read(id(), storage::seq{1}, [&](storage::seq, bytes_view bytes) {
    for (const entry_view entry : trusted_batch(bytes)) {
      if (entry.kind != entry_kind::send) continue;
      const auto& head = entry.header<wire::send_header>();
      const stream_key to{partition_id::unpack(head.destination()), static_cast<stream_kind>(head.stream())};
      if (to == stream && head.number() == earlier.next_number() && head.number() <= acknowledged) {
        earlier.push(head, entry.type, entry.body<wire::send_header>());
      }
    }
    return earlier.next_number() <= acknowledged;
  });
  const bool whole = read && earlier.next_number() == acknowledged + 1;
  notice(fmt::format(
      "{} was restored from an older copy: it had acknowledged messages {} to {} of {} ({}) and lacks them; {}",
      name_of(stream.partition), beyond + 1, acknowledged, name(), kind_of(stream.kind),
      whole ? "they are sent again from the log" : "the log no longer has them"));
  if (!whole) {
    none_before_.insert(stream);
    return;
  }
  counted_.sent_again += acknowledged - beyond;
  engine_->take_back(stream, std::move(earlier));
  std::uint64_t& kept = kept_numbers_.at(stream);
  kept = std::max(kept, acknowledged);
}

/// What a new life does not know, its neighbours do: each is told how far it was heard, and answers with how far it has
/// heard this one.
void partition_host::ask_neighbours() {
  std::vector<receipt_note> notes;
  const auto ask = [&](partition_id source, stream_kind kind) {
    const partition::inbox_mark mark = engine_->mark({source, kind});
    if (source != id()) notes.push_back({source, {id(), kind}, mark.number, true, std::max(mark.incarnation, 1u)});
  };
  for (const auto* w : partition::workflows()) {
    ask({w->number, id().shard}, stream_kind::inside_account);
    for (shard_no s = 0; s < shard_count; ++s) ask({w->number, s}, stream_kind::across_accounts);
  }
  around_.post->tell(std::move(notes));
}

void partition_host::resend_stale() {
  if (asks_left_ != 0) {
    --asks_left_;
    ask_neighbours();
  }
  std::map<stream_key, std::uint64_t> now;
  for (const stream_key key : engine_->unacknowledged_streams()) {
    std::uint64_t oldest = 0;
    engine_->each_unacknowledged(key, [&](const partition::message_view& m) {
      if (oldest == 0) oldest = m.head.number();
    });
    now[key] = oldest;
    const auto before = stale_.find(key);
    if (before != stale_.end() && before->second == oldest) send_again(key, 0);
  }
  stale_ = std::move(now);
}

void partition_host::resend_all() {
  // Twice, as put_back wants it, and once more for what is lost on the way.
  if (new_life_) asks_left_ = 3;
  for (const stream_key key : engine_->unacknowledged_streams()) send_again(key, 0);
}

}  // namespace zhili::shell
