// SPDX-License-Identifier: Apache-2.0
#include "node/cluster_books.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/requests.hpp"
#include "scenarios/trace/replay.hpp"
#include "storage/memory_content.hpp"
#include "storage/memory_log.hpp"

namespace zhili::node {
namespace {

/// What went out under an effect's id: said again by a timer it is the same order, by anything else it is a
/// second one.
void take_effect(const entry_view& entry, bool by_timer, side& into) {
  const auto body = entry.body<wire::effect_header>();
  std::string said(reinterpret_cast<const char*>(body.data()), body.size());
  const auto [first, fresh] =
      into.effects.try_emplace(from_wire(entry.header<wire::effect_header>().effect()), std::move(said));
  if (fresh) return;
  const std::string_view now(reinterpret_cast<const char*>(body.data()), body.size());
  if (!by_timer || first->second != now) ++into.effects_twice;
}

}  // namespace

status read_decisions(storage::partition_log& log, side& into) {
  const auto partitions = log.partitions();
  if (!partitions) return tl::unexpected(partitions.error());
  for (const partition_id id : *partitions) {
    const status read = log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
      std::int64_t at = 0;
      bool by_timer = false;
      for (const entry_view entry : trusted_batch(bytes)) {
        if (entry.kind == entry_kind::command) {
          const auto& head = entry.header<wire::command_header>();
          at = head.at();
          by_timer = head.origin() == wire::origin::timer;
          if (head.origin() == wire::origin::submission &&
              !into.keys.insert({id.workflow, from_wire(head.key())}).second) {
            ++into.kept_twice;
          }
        }
        if (entry.kind == entry_kind::effect) take_effect(entry, by_timer, into);
        if (entry.kind != entry_kind::event || entry.type != 1) continue;
        const wire::decision_head& h = *view_body<wire::decided>(entry.content).head();
        into.decided[{from_wire(h.subject()), id.workflow}] = {
            at, h.number(), h.kind(), h.verdict(), h.cause()};
      }
      return true;
    });
    if (!read) return read;
  }
  return {};
}

void count_verdicts(side& s) {
  for (const auto& [of, d] : s.decided)
    ++s.verdicts[fmt::format("{} {}", wire::EnumNamesubject_kind(d.kind), wire::EnumNameverdict(d.decided))];
}

result<side> replayed(const std::filesystem::path& trace, const std::string& pack_name) {
  auto feed = scenarios::trace_feed::open(trace, false);
  if (!feed) return tl::unexpected(feed.error());
  const auto folder = find_pack(pack_name);
  if (!folder) return tl::unexpected(folder.error());
  const auto pack = policy::pack::load(*folder);
  if (!pack) return tl::unexpected(pack.error());
  storage::memory_log log;
  storage::memory_content texts;
  scenarios::replay_settings settings;
  settings.packs = {*pack};
  settings.log = &log;
  settings.texts = &texts;
  const auto r = scenarios::replay(**feed, settings);
  if (!r) return tl::unexpected(r.error());
  side s;
  for (std::size_t k = 0; k < r->run.totals.books.size(); ++k) {
    const auto& b = r->run.totals.books[k];
    if (b.submitted != 0) {
      s.books[wire::EnumNamesubject_kind(static_cast<subject_kind>(k))] = {
          b.submitted, b.decided, b.waiting, b.refused};
    }
  }
  if (const status read = read_decisions(log, s); !read) return tl::unexpected(read.error());
  count_verdicts(s);
  return s;
}

status add_counts(client& node, side& s) {
  const auto reply = node.ask(static_cast<std::uint16_t>(request_verb::counts), {}, std::chrono::seconds{30});
  if (!reply) return tl::unexpected(reply.error());
  const auto j = nlohmann::json::parse(*reply, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a node's counts are no JSON object");
  const auto link = j.value("link", nlohmann::json::object());
  s.faults.dropped += link.value("fault_dropped", std::uint64_t{0});
  s.faults.doubled += link.value("fault_doubled", std::uint64_t{0});
  s.faults.reordered += link.value("fault_reordered", std::uint64_t{0});
  const auto kinds = j.value("accounted_by_kind", nlohmann::json::object());
  for (const auto& [kind, b] : kinds.items()) {
    auto& sum = s.books[kind];
    std::size_t n = 0;
    for (const char* column : {"submitted", "decided", "waiting", "refused"})
      sum[n++] += b.value(column, std::uint64_t{0});
  }
  return {};
}

std::string comparison(const side& here, const side& there, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  std::string out = fmt::format(
      "  {:<24} {:>12} {:>12} {:>8}\n", "", w("集群", "cluster"), w("重放", "replay"), w("差", "off"));
  const auto line = [&](const std::string& what, std::uint64_t a, std::uint64_t b) {
    out += fmt::format(
        "  {:<24} {:>12} {:>12} {:>+8}\n", what, a, b,
        static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b));
  };
  std::array<std::uint64_t, 4> a{}, b{};
  for (const auto& [kind, books] : there.books) {
    const auto mine = here.books.contains(kind) ? here.books.at(kind) : std::array<std::uint64_t, 4>{};
    line(kind, mine[0], books[0]);
    for (std::size_t n = 0; n < 4; ++n) {
      a[n] += mine[n];
      b[n] += books[n];
    }
  }
  line(w("提交合计", "submitted"), a[0], b[0]);
  line(w("已决", "decided"), a[1], b[1]);
  line(w("待决", "waiting"), a[2], b[2]);
  line(w("拒收", "refused"), a[3], b[3]);
  std::map<std::string, std::array<std::uint64_t, 2>> verdicts;
  for (const auto& [what, n] : here.verdicts) verdicts[what][0] = n;
  for (const auto& [what, n] : there.verdicts) verdicts[what][1] = n;
  out += fmt::format("  {}\n", w("每个对象的最后决定", "each subject by its last decision"));
  for (const auto& [what, n] : verdicts) line(what, n[0], n[1]);
  return out;
}

/// Subjects whose last decision is another one; the first of them in words.
std::string differing(const side& here, const side& there, std::uint64_t& count, bool zh) {
  constexpr std::uint64_t listed = 20;
  std::string out;
  const auto say = [&](const last_decision* d) {
    return d == nullptr ? std::string(zh ? "无" : "none")
                        : fmt::format(
                              "{} ({}, {} {})", wire::EnumNameverdict(d->decided),
                              wire::EnumNamecause(d->cause), zh ? "第" : "no.", d->number);
  };
  const auto note = [&](const subject_id& subject, const last_decision* a, const last_decision* b) {
    if (a != nullptr && b != nullptr && a->decided == b->decided) return;
    if (++count <= listed) out += fmt::format("    {}: {} / {}\n", to_string(subject), say(a), say(b));
  };
  for (const auto& [of, d] : there.decided) {
    const auto mine = here.decided.find(of);
    note(of.first, mine == here.decided.end() ? nullptr : &mine->second, &d);
  }
  for (const auto& [of, d] : here.decided) {
    if (!there.decided.contains(of)) note(of.first, &d, nullptr);
  }
  return out;
}

std::string broken_promises(const side& here, const side& there, const client_counters& heard, bool zh) {
  std::string out;
  const auto must = [&](bool holds, const char* in_zh, const char* in_en, std::uint64_t a, std::uint64_t b) {
    if (!holds) out += fmt::format("  {}: {} / {}\n", zh ? in_zh : in_en, a, b);
  };
  must(
      heard.sent == heard.accepted + heard.refused + heard.bad, "提交 ≠ 接受 + 拒收",
      "submitted is not accepted + refused", heard.sent, heard.accepted + heard.refused + heard.bad);
  std::set<std::string> kinds;
  for (const auto& [kind, b] : here.books) kinds.insert(kind);
  for (const auto& [kind, b] : there.books) kinds.insert(kind);
  const auto books_of = [](const side& s, const std::string& kind) {
    const auto found = s.books.find(kind);
    return found == s.books.end() ? std::array<std::uint64_t, 4>{} : found->second;
  };
  for (const std::string& kind : kinds) {
    const auto a = books_of(here, kind), b = books_of(there, kind);
    must(
        a[0] == a[1] + a[2] + a[3], "账目不平：提交 ≠ 已决 + 待决 + 拒收",
        "books: submitted is not decided + waiting + refused", a[0], a[1] + a[2] + a[3]);
    must(a[0] == b[0], "账户内计数与重放不同", "counts inside the account differ from replay", a[0], b[0]);
  }
  must(
      here.kept_twice == 0, "日志里有两次的提交", "submissions that stand in a log twice", here.kept_twice,
      0);
  must(here.effects_twice == 0, "发出两次的指令", "effects that went out twice", here.effects_twice, 0);
  return out;
}

}  // namespace zhili::node
