// SPDX-License-Identifier: Apache-2.0
#include "bench/drive.hpp"

#include <fmt/format.h>

#include "scenarios/world/registry.hpp"
#include "storage/memory_log.hpp"

namespace zhili::bench {
namespace {

namespace msg = wire::content;
namespace slot = fields::content::slot;

digest128 add_state(digest128 sum, const partition::hasher& of) {
  const digest128 d = of.digest();
  return chain(sum, std::as_bytes(std::span{&d, 1}));
}

class plain_loop {
 public:
  explicit plain_loop(const policy::pack& pack) : pack_(pack), pack_tag_(partition::pack_tag(pack).hi) {}

  void take(shard_no shard, const scenarios::submission& in) {
    const auto* c = read_body<msg::submit_content>(in.body);
    ZHILI_ASSERT(c != nullptr, "the diaries are well-formed");
    slots_.clear();
    slots_.set_int(slot::author_band, 0);
    slots_.set_bool(slot::institution_named, c->institution() != nullptr);
    pack_.judge(fields::content::stage::diary, slots_, in.text, in.event_time, in.account.lo, scratch_, judged_);

    content::state& state = states_[shard];
    const std::uint32_t row = state.contents.size();
    const msg::content_recorded recorded(
        to_wire(in.subject), to_wire(in.account), c->institution() == nullptr ? wire::id{} : *c->institution(),
        *c->text_hash(), c->ref(), row, 0, 0, 0, c->placement(), 0, 0);
    content::apply(state, recorded);
    content::apply(state, decided(in, *c, row));
  }

  const std::array<content::state, shard_count>& states() const { return states_; }

 private:
  const wire::decided& decided(const scenarios::submission& in, const msg::submit_content& c, std::uint32_t row) {
    findings_.clear();
    for (const policy::finding& f : judged_.findings) {
      findings_.push_back({f.rule, wire::finding_source::rule, f.severity, f.field, 0, f.begin, f.length});
    }
    wire::decision_head head;
    head.mutable_subject() = to_wire(in.subject);
    head.mutate_ref(c.ref());
    head.mutate_pack(pack_tag_);
    head.mutate_event_time(in.event_time.ms);
    head.mutate_kind(subject_kind::diary);
    head.mutate_verdict(judged_.verdict);
    head.mutate_cause(wire::cause::submission);
    head.mutate_points(judged_.points);
    head.mutate_row(row);
    head.mutate_number(1);
    builder_.Clear();
    const auto findings = findings_.empty() ? 0 : builder_.CreateVectorOfStructs(findings_);
    builder_.Finish(wire::Createdecided(builder_, &head, findings, 0));
    return view_body<wire::decided>(body_of(builder_));
  }

  const policy::pack& pack_;
  std::uint64_t pack_tag_;
  std::array<content::state, shard_count> states_;
  policy::slots slots_;
  policy::scratch scratch_;
  policy::judgement judged_;
  std::vector<wire::finding> findings_;
  flatbuffers::FlatBufferBuilder builder_{512};
};

}  // namespace

result<kernel_result> drive_kernel(
    const diary_load& load, std::shared_ptr<const policy::pack> pack, const kernel_way& how) {
  const digest128 tag = partition::pack_tag(*pack);
  const wire::pack_changed change(tag.hi, tag.lo, pack->version(), 0);
  const bytes_view body = body_of(change);
  scenarios::shelf shelf;
  shelf.put(std::move(pack));
  storage::digest_log totals_only;
  diary_world world(load);
  scenarios::run_settings run;
  run.begin = load.begin();
  run.end = load.end();
  run.lanes = how.lanes;
  run.log = how.log == nullptr ? &totals_only : how.log;
  run.shelves = &shelf;
  run.schedule.push_back({run.begin, shared_type<wire::pack_changed>(), {body.begin(), body.end()}});

  kernel_result r;
  const stopwatch clock;
  scenarios::kernel k(run, world);
  auto totals = k.run();
  r.took = clock.since();
  if (!totals) return tl::unexpected(totals.error());
  r.totals = std::move(*totals);
  r.decisions = r.totals.decisions;
  const auto& books = r.totals.books[static_cast<std::size_t>(subject_kind::diary)];
  if (books.decided != load.size() || r.decisions != load.size()) {
    return fail(errc::corrupt, fmt::format("{} diaries, {} decided, {} decisions", load.size(), books.decided, r.decisions));
  }
  for (shard_no n = 0; n < shard_count; ++n) {
    partition::hasher h;
    k.engine_at({workflow_numbers::content, n}).state().digest(h);
    r.state = add_state(r.state, h);
  }
  if (how.look) how.look(k);
  return r;
}

way_result drive_plain_loop(const diary_load& load, const policy::pack& pack) {
  way_result r;
  const stopwatch clock;
  const auto loop = std::make_unique<plain_loop>(pack);
  scenarios::submission in;
  for (const diary& d : load.diaries()) {
    load.fill(d, in);
    loop->take(d.shard, in);
  }
  r.took = clock.since();
  r.decisions = load.size();
  for (const content::state& state : loop->states()) {
    partition::hasher h;
    state.digest(h);
    r.state = add_state(r.state, h);
  }
  return r;
}

}  // namespace zhili::bench
