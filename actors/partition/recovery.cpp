// SPDX-License-Identifier: Apache-2.0
// From the log back to a partition: `restore` applies what happened, `verify` lets it happen again and compares.
#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "actors/partition/record.hpp"

namespace zhili::partition {
namespace {

command command_of(const entry_view& entry) {
  return {entry.header<wire::command_header>(), entry.type, entry.body<wire::command_header>(), {}};
}

}  // namespace

/// While it lives, the engine acts as in the life that the batch is of.
class engine::life_of_batch {
 public:
  life_of_batch(engine& of, const batch_reader& batch) : of_(of) { of_.life_ = batch.head().incarnation(); }
  ~life_of_batch() { of_.life_ = of_.incarnation_; }
  life_of_batch(const life_of_batch&) = delete;
  life_of_batch& operator=(const life_of_batch&) = delete;

 private:
  engine& of_;
};

/// A command's entry and those of all that it brought about.
struct engine::command_span {
  batch_reader::iterator first;
  batch_reader::iterator last;
  bytes_view bytes() const { return {first.position(), last.position()}; }
};

engine::command_span engine::next_command(const batch_reader& batch, batch_reader::iterator from) const {
  auto last = from;
  do ++last;
  while (last != batch.end() && (*last).kind != entry_kind::command && (*last).kind != entry_kind::acked);
  return {from, last};
}

std::string engine::where(const batch_reader& batch) const {
  return fmt::format("{} shard {}: batch {}", workflow_->name, id_.shard, batch.head().seq());
}

// ---- restore ----

/// What a reader of batches does not look at: that each entry means something here.
status engine::check_entry(const entry_view& entry) const {
  switch (entry.kind) {
    case entry_kind::command: {
      const auto& head = entry.header<wire::command_header>();
      if (instant{head.at()} < last_at_) return fail(errc::corrupt, "time goes back");
      if (head.origin() > wire::origin::MAX) return fail(errc::unknown_type, "a command of unknown origin");
      if (head.origin() == wire::origin::message && !valid(source_of(head))) {
        return fail(errc::corrupt, "a message of a stream that cannot be");
      }
      return {};
    }
    case entry_kind::event:
      if (!hosted_->knows(entry.type, entry.content)) {
        return fail(errc::unknown_type, fmt::format("event {} is not known to this program", entry.type));
      }
      if (entry.type == 1 && view_body<wire::decided>(entry.content).head() == nullptr) {
        return fail(errc::corrupt, "a decision without its head");
      }
      return {};
    case entry_kind::send: {
      const auto& head = entry.header<wire::send_header>();
      const stream_key to = stream_of(head.destination(), head.stream());
      if (!valid(to)) return fail(errc::corrupt, "a send to a stream that cannot be");
      const out_stream* s = out_.find(to);
      if (head.number() != (s == nullptr ? 1 : s->box.next_number())) return fail(errc::corrupt, "a gap in a stream");
      if (head.marks() > life_begins || (head.marks() != 0) != (life_of(to, head.number()) != life_)) {
        return fail(errc::corrupt, "a life that begins where it cannot, or does not where it must");
      }
      return {};
    }
    case entry_kind::timer:
      if (entry.body<wire::timer_header>().size() > timer_body_bytes) return fail(errc::corrupt, "a timer too large");
      if (entry.header<wire::timer_header>().ordinal() <= timer_ordinal_) return fail(errc::corrupt, "a timer twice");
      return {};
    case entry_kind::acked: {
      const auto& a = entry.header<wire::acked>();
      if (!valid(stream_of(a.destination(), a.stream()))) return fail(errc::corrupt, "an acknowledgement of no stream");
      return {};
    }
    case entry_kind::outcome:
    case entry_kind::effect:
    case entry_kind::none: break;
  }
  return {};
}

status engine::restore_command(const entry_view& entry) {
  const command c = command_of(entry);
  last_at_ = at_ = {c.head.at()};
  ++commands_;
  restoring_ = c.head;
  restoring_body_ = 0;
  switch (c.head.origin()) {
    case wire::origin::submission: restoring_body_ = hash_of_body(c); break;
    case wire::origin::message: learn_marks(c.head); break;
    case wire::origin::control: return control(c.type, c.body);
    case wire::origin::timer:
      if (timers_.empty() || timers_.front().ordinal != c.head.number()) {
        return fail(errc::corrupt, fmt::format("timer {} fires out of turn", c.head.number()));
      }
      pop_timer();
      break;
  }
  return {};
}

status engine::restore_entry(const entry_view& entry) {
  if (status good = check_entry(entry); !good) return good;
  switch (entry.kind) {
    case entry_kind::command: return restore_command(entry);
    case entry_kind::event:
      hosted_->apply(entry.type, entry.content);
      if (entry.type == 1) note_decided(entry.content);
      break;
    case entry_kind::send: {
      const auto& head = entry.header<wire::send_header>();
      const stream_key to = stream_of(head.destination(), head.stream());
      if (head.marks() != 0) lives_[to].push_back({head.number(), life_});
      out_.at(to).box.push(head, entry.type, entry.body<wire::send_header>());
      break;
    }
    case entry_kind::timer: {
      const auto& head = entry.header<wire::timer_header>();
      const bytes_view body = entry.body<wire::timer_header>();
      timer t{{head.due()}, head.ordinal(), from_wire(head.account()), entry.type,
              static_cast<std::uint16_t>(body.size()), {}};
      std::memcpy(t.body.data(), body.data(), body.size());
      push_timer(t);
      timer_ordinal_ = head.ordinal();
      break;
    }
    case entry_kind::outcome: note_answer(restoring_, restoring_body_, outcome_of(entry.header<wire::outcome>())); break;
    case entry_kind::acked: {
      const auto& a = entry.header<wire::acked>();
      out_.at(stream_of(a.destination(), a.stream())).box.acknowledge(a.through());
      break;
    }
    case entry_kind::effect:
    case entry_kind::none: break;
  }
  return {};
}

status engine::restore(const batch_reader& batch) {
  const life_of_batch life(*this, batch);
  const auto bad = [&](const error& e) { return fail(e.code, fmt::format("{}: {}", where(batch), e.detail)); };
  if (batch.head().partition() != id_.packed()) {
    return bad({errc::corrupt, fmt::format("belongs to partition {:04x}", batch.head().partition())});
  }
  for (auto at = batch.begin(); at != batch.end();) {
    const command_span span = next_command(batch, at);
    const entry_kind kind = (*at).kind;
    if (kind != entry_kind::command && kind != entry_kind::acked) return bad({errc::corrupt, "begins without a command"});
    for (; at != span.last; ++at) {
      if (status done = restore_entry(*at); !done) return bad(done.error());
    }
    if (kind == entry_kind::command) chain_ = chain(chain_, span.bytes());
  }
  if (chain_ != digest128{batch.head().chain_hi(), batch.head().chain_lo()}) {
    return bad({errc::corrupt, "its chain hash does not go on from the batch before"});
  }
  return {};
}

// ---- verify ----

/// Runs a command of the log again, where `take` or `fire` would have run it then.
status engine::repeat(const command& c) {
  const instant at{c.head.at()};
  const kept_key* kept = nullptr;
  switch (c.head.origin()) {
    case wire::origin::submission:
      kept = keys_.find(from_wire(c.head.key()));
      if (kept != nullptr && kept->body == hash_of_body(c)) return fail(errc::diverged, "was taken before");
      break;
    case wire::origin::message:
      if (order_of(c.head) != taken::yes) return fail(errc::diverged, "is not the next of its stream");
      break;
    case wire::origin::control:
      if (status known = control(c.type, c.body); !known) return known;
      break;
    case wire::origin::timer:
      if (next_timer() > at || timers_.front().ordinal != c.head.number()) {
        return fail(errc::diverged, "fires out of turn");
      }
      fire(at);
      return {};
  }
  if (c.head.origin() == wire::origin::message && pack() == nullptr) return fail(errc::corrupt, "comes before the first pack");
  run(c, at, kept);
  return {};
}

status engine::verify_command(const command_span& span) {
  if (status good = check_entry(*span.first); !good) return good;
  const command c = command_of(*span.first);
  const auto name = [&] {
    return fmt::format("{} {} stamped {}", wire::EnumNameorigin(c.head.origin()), workflow_->command_name(c.type),
                       to_string(instant{c.head.at()}));
  };
  batch_.clear();
  const std::size_t begin = batch_.position();
  if (status done = repeat(c); !done) return fail(done.error().code, name() + " " + done.error().detail);
  const bytes_view now = batch_.since(begin);
  const bytes_view then = span.bytes();
  const bool same = now.size() == then.size() && std::memcmp(now.data(), then.data(), now.size()) == 0;
  batch_.clear();
  if (!same) return fail(errc::diverged, name() + " gives another result today");
  return {};
}

status engine::verify(const batch_reader& batch) {
  const life_of_batch life(*this, batch);
  const auto bad = [&](const error& e) { return fail(e.code, fmt::format("{}, {}", where(batch), e.detail)); };
  if (batch.head().partition() != id_.packed()) {
    return bad({errc::corrupt, fmt::format("belongs to partition {:04x}", batch.head().partition())});
  }
  for (auto at = batch.begin(); at != batch.end();) {
    const command_span span = next_command(batch, at);
    status done;
    if ((*at).kind == entry_kind::acked) {
      done = restore_entry(*at);
    } else if ((*at).kind == entry_kind::command) {
      done = verify_command(span);
    } else {
      done = fail(errc::corrupt, "begins without a command");
    }
    if (!done) return bad(done.error());
    at = span.last;
  }
  if (chain_ != digest128{batch.head().chain_hi(), batch.head().chain_lo()}) {
    return bad({errc::diverged, "its chain hash is another one"});
  }
  return {};
}

// ---- what must hold ----

std::string engine::check() const {
  std::uint64_t waiting = 0;
  for (std::size_t k = 0; k < kinds; ++k) {
    const account_books& b = books_[k];
    waiting += b.waiting;
    // A kind that settles more than it had waiting has wrapped around.
    if (b.submitted != b.decided + b.waiting + b.refused || b.waiting > b.submitted) {
      return fmt::format("{} shard {}: of {} {} submitted, but {} decided + {} waiting + {} refused", workflow_->name,
                         id_.shard, wire::EnumNamesubject_kind(static_cast<subject_kind>(k)), b.submitted, b.decided,
                         static_cast<std::int64_t>(b.waiting), b.refused);
    }
  }
  if (waiting != hosted_->waiting()) {
    return fmt::format("{} shard {}: the books say {} wait, the rows say {}", workflow_->name, id_.shard, waiting,
                       hosted_->waiting());
  }
  return {};
}

digest128 engine::state_digest() const {
  hasher h;
  hosted_->digest(h);
  std::vector<timer> sorted = timers_;
  std::sort(sorted.begin(), sorted.end(), [](const timer& a, const timer& b) { return b > a; });
  for (const timer& t : sorted) {
    h.value(t.due.ms);
    h.value(t.ordinal);
    h.value(t.account);
    h.value(t.type);
    h.values(std::span<const std::byte>{t.body.data(), t.length});
  }
  const auto stream = [&](stream_key key, std::uint64_t number) {
    h.value(key.partition.packed());
    h.value(key.kind);
    h.value(number);
  };
  in_.each([&](stream_key key, const inbox_mark& m) {
    if (m.number != 0) stream(key, m.number);
  });
  out_.each([&](stream_key key, const out_stream& s) {
    if (s.box.next_number() != 1) stream(key, s.box.next_number());
  });
  keys_.digest(h);
  for (const account_books& b : books_) h.value(b);
  return h.digest();
}

}  // namespace zhili::partition
