// SPDX-License-Identifier: Apache-2.0
#include "tests/testkit/given.hpp"

#include <fmt/format.h>

namespace zhili::testkit {

using partition::engine;
using partition::taken;

namespace {

std::vector<std::byte> copy(bytes_view b) { return {b.begin(), b.end()}; }

std::string words(const partition::outcome& o) {
  switch (o.status) {
    case wire::status::refused: return fmt::format("refused: {}, field {}", wire::EnumNamerefusal(o.why), o.field);
    case wire::status::waiting: return "waiting";
    case wire::status::decided:
    case wire::status::none: break;
  }
  return fmt::format("decided: {}", wire::EnumNameverdict(o.verdict));
}

}  // namespace

stage_base::stage_base(const partition::workflow_descriptor& workflow, account_id home, const stage_options& options)
    : clock_(options.begin), home_(home), workflow_(&workflow) {
  engine_ = fresh();
  if (!options.pack.empty()) use_pack(options.pack);
}

stage_base::~stage_base() {
  if (!given_) {
    const std::string broken = books_balance();
    if (!broken.empty()) complain(broken);
    const status same = verified();
    if (!same) complain(same.error().detail);
  }
  const auto again = restored();
  if (again && again->state_digest() != engine_->state_digest()) complain("the state rebuilt from the log is another one");
}

std::unique_ptr<engine> stage_base::fresh() {
  const partition_id id{workflow_->number, shard_of(home_)};
  return std::make_unique<engine>(id, *workflow_, partition::surroundings{&shelf_, &texts_, &bench_}, 1);
}

// ---- what goes in ----

void stage_base::begin_verb(std::source_location where) {
  where_ = where;
  receipt_ = {};
  events_.clear();
  sent_.clear();
  effects_.clear();
}

void stage_base::put(partition::command c, std::optional<std::uint64_t> key_number, std::string_view text) {
  if (c.head.origin() == wire::origin::submission) {
    c.head.mutable_key() = to_wire(derive_id(subject_kind::none, home_, 7, key_number.value_or(1'000'000 + ++keys_)));
    if (!text.empty()) {
      const status kept = texts_.put(blake2b_256(as_bytes_view(text)), text);
      ZHILI_ASSERT(kept.has_value(), "a content store in memory keeps everything");
      c.text = text;
    }
  }
  receipt_ = engine_->take(c, clock_);
  commit();
}

void stage_base::put_events(const std::vector<seen_event>& events) {
  given_ = true;
  batch_writer w;
  const std::size_t begin = w.position();
  const wire::command_header head(to_wire(home_), clock_.ms, clock_.ms, {}, {}, 0, 0, 0, 0, wire::origin::control);
  w.add(entry_kind::command, 0, body_of(head), {});
  for (const seen_event& e : events) w.add(entry_kind::event, e.type, {}, e.body);
  const digest128 after = chain(engine_->chain_digest(), w.since(begin));
  batches_.push_back(copy(w.seal(engine_->id(), batches_.size() + 1, 1, 1, workflow_->behaviour, after)));
  const auto batch = batch_reader::open(batches_.back());
  const status put = batch ? engine_->restore(*batch) : tl::unexpected(batch.error());
  if (!put) complain(put.error().detail);
}

std::uint64_t stage_base::next_number(partition_id source, stream_kind stream, std::optional<std::uint64_t> asked) {
  std::uint64_t& last = numbers_[{source, stream}];
  if (!asked) return ++last;
  last = std::max(last, *asked);
  return *asked;
}

void stage_base::control(type_no type, bytes_view body) {
  partition::command c;
  c.head = wire::command_header({}, 0, clock_.ms, {}, {}, 0, 0, 0, 0, wire::origin::control);
  c.type = type;
  c.body = body;
  receipt_ = engine_->take(c, clock_);
  commit();
}

void stage_base::use_pack(const std::string& folder) {
  begin_verb(where_);
  const auto pack = shelf_.load(folder);
  const digest128 tag = partition::pack_tag(*pack);
  control(shared_type<wire::pack_changed>(),
          body_of(wire::pack_changed(tag.hi, tag.lo, pack->version(), workflow_->behaviour)));
}

void stage_base::use_registry(const written_registry::entries& by_licence_number) {
  begin_verb(where_);
  const auto snapshot = std::make_shared<written_registry>(++registries_, by_licence_number);
  shelf_.put(snapshot);
  const digest128 d = snapshot->digest();
  control(shared_type<wire::registry_changed>(), body_of(wire::registry_changed(d.hi, d.lo, registries_, 0)));
}

void stage_base::advance(duration by) {
  begin_verb(where_);
  const instant end = clock_ + by;
  while (engine_->next_timer() <= end) {
    clock_ = std::max(clock_, engine_->next_timer());
    engine_->fire(clock_);
    commit();
  }
  clock_ = end;
}

void stage_base::acknowledge_all() {
  for (const partition::stream_key& key : engine_->unacknowledged_streams()) {
    std::uint64_t last = 0;
    engine_->each_unacknowledged(key, [&](const partition::message_view& m) { last = m.head.number(); });
    engine_->acknowledged(key, last);
  }
}

// ---- the log ----

void stage_base::commit() {
  if (!engine_->open()) return;
  batches_.push_back(copy(engine_->seal(batches_.size() + 1, 1)));
  engine_->committed();
  const auto batch = batch_reader::open(batches_.back());
  if (!batch) return complain(batch.error().detail);
  for (const entry_view entry : *batch) {
    if (entry.kind == entry_kind::event) events_.push_back({entry.type, copy(entry.content)});
    if (entry.kind == entry_kind::send) {
      const auto& head = entry.header<wire::send_header>();
      sent_.push_back({partition_id::unpack(head.destination()), static_cast<stream_kind>(head.stream()),
                       from_wire(head.account()), head.number(), entry.type, copy(entry.body<wire::send_header>())});
    }
    if (entry.kind == entry_kind::effect) {
      const auto& head = entry.header<wire::effect_header>();
      effects_.push_back({from_wire(head.account()), from_wire(head.effect()), entry.type,
                          copy(entry.body<wire::effect_header>())});
    }
  }
}

std::unique_ptr<engine> stage_base::restored(std::size_t count) {
  auto e = fresh();
  for (std::size_t i = 0; i < std::min(count, batches_.size()); ++i) {
    const auto batch = batch_reader::open(batches_[i]);
    const status done = batch ? e->restore(*batch) : tl::unexpected(batch.error());
    if (!done) {
      complain(done.error().detail);
      return nullptr;
    }
  }
  return e;
}

status stage_base::verified() {
  auto e = fresh();
  for (const auto& bytes : batches_) {
    const auto batch = batch_reader::open(bytes);
    const status same = batch ? e->verify(*batch) : tl::unexpected(batch.error());
    if (!same) return same;
  }
  return {};
}

// ---- what must follow ----

bool stage_base::decided_anything() const {
  for (const seen_event& e : events_) {
    if (e.type == 1) return true;
  }
  return false;
}

const wire::decided& stage_base::decision_event() const {
  const seen_event* last = nullptr;
  for (const seen_event& e : events_) {
    if (e.type == 1) last = &e;
  }
  REQUIRE_MESSAGE(last != nullptr, "no decision; ", told());
  return view_body<wire::decided>(last->body);
}

std::vector<wire::gate> stage_base::gates() const {
  std::vector<wire::gate> list;
  const auto* findings = decision_event().findings();
  if (findings == nullptr) return list;
  for (const wire::finding* f : *findings) {
    if (f->source() == wire::finding_source::gate) list.push_back(static_cast<wire::gate>(f->code()));
  }
  return list;
}

void stage_base::complain(const std::string& what) const {
  ADD_FAIL_CHECK_AT(where_.file_name(), static_cast<int>(where_.line()), what);
}

std::string stage_base::told() const {
  std::string s = words(receipt_.outcome);
  if (receipt_.taken != taken::yes) s += receipt_.taken == taken::again ? " (seen before)" : " (gap)";
  s += "; events:";
  for (const seen_event& e : events_) s += fmt::format(" {}", workflow_->event_name(e.type));
  return events_.empty() ? s + " none" : s;
}

void stage_base::expect_refusal(wire::refusal why, std::optional<std::uint16_t> field) {
  const auto& o = receipt_.outcome;
  const bool good = o.status == wire::status::refused && o.why == why && o.field == field.value_or(o.field);
  if (!good) {
    complain(fmt::format("expected a refusal: {}{}\n  got {}", wire::EnumNamerefusal(why),
                         field ? fmt::format(", field {}", *field) : "", told()));
  }
  if (!events_.empty() || !sent_.empty() || !effects_.empty()) complain("a refusal left something behind: " + told());
}

void stage_base::expect_status(wire::status status, std::optional<verdict> v) {
  const auto& o = receipt_.outcome;
  if (o.status == status && o.verdict == v.value_or(o.verdict)) return;
  complain(fmt::format("expected {} {}\n  got {}", wire::EnumNamestatus(status),
                       v ? wire::EnumNameverdict(*v) : "", told()));
}

void stage_base::expect_events(const std::vector<expected_event>& expected) {
  std::string wanted;
  bool good = expected.size() == events_.size();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const expected_event& e = expected[i];
    wanted += fmt::format(" {}", workflow_->event_name(e.type));
    if (i >= events_.size()) continue;
    const bool same = events_[i].type == e.type && (!e.bytes || *e.bytes == events_[i].body) &&
                      (!e.holds || e.holds(events_[i].body));
    if (!same) wanted += "(!)";
    good = good && same;
  }
  if (!good) complain(fmt::format("expected events:{}\n  got {}", wanted.empty() ? " none" : wanted, told()));
}

flat<wire::decided> decided(const past_decision& d) {
  wire::decision_head head;
  head.mutable_subject() = to_wire(d.subject);
  head.mutate_row(d.row);
  head.mutate_number(d.number);
  head.mutate_kind(d.subject.kind());
  head.mutate_verdict(d.verdict);
  head.mutate_before(d.before);
  head.mutate_cause(d.cause);
  head.mutate_decided_by(d.decided_by);
  return build<wire::decided>([&](auto& b) { return wire::Createdecided(b, &head); });
}

}  // namespace zhili::testkit
