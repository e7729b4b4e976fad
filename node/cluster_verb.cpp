// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/cluster_processes.hpp"
#include "node/feed.hpp"
#include "node/files.hpp"
#include "node/options.hpp"
#include "node/progress.hpp"
#include "node/requests.hpp"
#include "scenarios/trace/recorder.hpp"
#include "scenarios/trace/replay.hpp"
#include "storage/memory_content.hpp"
#include "storage/memory_log.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "cluster", "",
    "Starts gateway, the six groups and desk, risk and signal as processes of their own on this machine, feeds them a\n"
    "trace by its own time, and prints what they decided beside what `zhili replay` decides of the same file. Then every\n"
    "process is stopped and what differs is listed. With --kills, processes are killed while they work and started again.\n\n"
    "examples\n"
    "  zhili cluster                                one day of summer-2021\n"
    "  zhili cluster --scenario smoke --kills 50    three small days, fifty times kill -9\n"
    "  zhili cluster --trace day.ndjson.zst --dir /tmp/cluster\n"};

namespace fs = std::filesystem;

/// The first days of a scenario as a trace.
status record(const std::string& name, unsigned days, std::uint64_t seed, const fs::path& file) {
  const auto path = find_scenario(name);
  if (!path) return tl::unexpected(path.error());
  auto s = scenarios::scenario::load(*path);
  if (!s) return tl::unexpected(s.error());
  s->end = std::min(s->end, s->begin + std::chrono::days{days});
  const auto folder = find_pack(s->pack);
  if (!folder) return tl::unexpected(folder.error());
  const auto pack = policy::pack::load(*folder);
  if (!pack) return tl::unexpected(pack.error());
  auto to = scenarios::recorder::create(file, scenarios::trace_head::of(*s, {}, seed, **pack));
  if (!to) return tl::unexpected(to.error());
  scenarios::simulation_settings settings;
  settings.seed = seed;
  settings.pack = *pack;
  settings.listener = to->get();
  settings.prepared = [&](const std::vector<scenarios::control>& schedule, const scenarios::shelf& shelves) {
    (*to)->controls(schedule, shelves);
    return status{};
  };
  const auto ran = scenarios::simulate(*s, settings);
  if (!ran) return tl::unexpected(ran.error());
  return (*to)->finish();
}

/// A subject as its last decision left it.
struct last_decision {
  std::int64_t at = 0;
  std::uint32_t number = 0;
  subject_kind kind{};
  verdict decided{};
  wire::cause cause{};
};
/// By subject and workflow: an appeal is a decision of takedown on somebody else's subject.
using decided_subjects = std::map<std::pair<subject_id, workflow_no>, last_decision>;

status read_decisions(storage::partition_log& log, decided_subjects& into) {
  const auto partitions = log.partitions();
  if (!partitions) return tl::unexpected(partitions.error());
  for (const partition_id id : *partitions) {
    const status read = log.read(id, storage::seq{1}, [&](storage::seq, bytes_view bytes) {
      std::int64_t at = 0;
      for (const entry_view entry : trusted_batch(bytes)) {
        if (entry.kind == entry_kind::command) at = entry.header<wire::command_header>().at();
        if (entry.kind != entry_kind::event || entry.type != 1) continue;
        const wire::decision_head& h = *view_body<wire::decided>(entry.content).head();
        into[{from_wire(h.subject()), id.workflow}] = {at, h.number(), h.kind(), h.verdict(), h.cause()};
      }
      return true;
    });
    if (!read) return read;
  }
  return {};
}

struct side {
  /// By kind.
  std::map<std::string, std::array<std::uint64_t, 4>> books;
  std::map<std::string, std::uint64_t> verdicts;
  decided_subjects decided;
};

void count_verdicts(side& s) {
  for (const auto& [of, d] : s.decided) ++s.verdicts[fmt::format("{} {}", wire::EnumNamesubject_kind(d.kind), wire::EnumNameverdict(d.decided))];
}

result<side> replayed(const fs::path& trace, const std::string& pack_name) {
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
      s.books[wire::EnumNamesubject_kind(static_cast<subject_kind>(k))] = {b.submitted, b.decided, b.waiting, b.refused};
    }
  }
  if (const status read = read_decisions(log, s.decided); !read) return tl::unexpected(read.error());
  count_verdicts(s);
  return s;
}

status add_counts(client& node, side& s) {
  const auto reply = node.ask(static_cast<std::uint16_t>(request_verb::counts), {}, std::chrono::seconds{30});
  if (!reply) return tl::unexpected(reply.error());
  const auto j = nlohmann::json::parse(*reply, nullptr, false);
  if (!j.is_object()) return fail(errc::malformed, "a node's counts are no JSON object");
  const auto kinds = j.value("accounted_by_kind", nlohmann::json::object());
  for (const auto& [kind, b] : kinds.items()) {
    auto& sum = s.books[kind];
    std::size_t n = 0;
    for (const char* column : {"submitted", "decided", "waiting", "refused"}) sum[n++] += b.value(column, std::uint64_t{0});
  }
  return {};
}

std::string comparison(const side& here, const side& there, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  std::string out = fmt::format("  {:<24} {:>12} {:>12} {:>8}\n", "", w("集群", "cluster"), w("重放", "replay"), w("差", "off"));
  const auto line = [&](const std::string& what, std::uint64_t a, std::uint64_t b) {
    out += fmt::format("  {:<24} {:>12} {:>12} {:>+8}\n", what, a, b, static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b));
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
                        : fmt::format("{} ({}, {} {})", wire::EnumNameverdict(d->decided), wire::EnumNamecause(d->cause),
                                      zh ? "第" : "no.", d->number);
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

/// Kills nodes one after the other while `busy`; says how often each.
class killer {
 public:
  killer(cluster_processes& cluster, unsigned kills) : cluster_(cluster), kills_(kills), thread_([this] { run(); }) {}
  ~killer() { end(); }
  void end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  const std::map<std::string, unsigned>& killed() const { return killed_; }
  const std::string& trouble() const { return trouble_; }

 private:
  void run() {
    std::mt19937 chance(7);
    for (unsigned n = 0; n < kills_ && !over_; ++n) {
      std::this_thread::sleep_for(std::chrono::milliseconds{150 + chance() % 500});
      if (over_) return;
      const std::size_t node = n % cluster_.nodes().size();
      if (const status again = cluster_.kill_and_restart(node); !again) {
        trouble_ = again.error().detail;
        return;
      }
      ++killed_[cluster_.nodes()[node].name];
    }
  }

  cluster_processes& cluster_;
  unsigned kills_;
  std::map<std::string, unsigned> killed_;
  std::string trouble_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

struct plan {
  fs::path dir;
  fs::path trace;
  std::string pack;
  unsigned kills = 0;
  unsigned port = 0;
  std::size_t window = 4096;
  bool zh = false;
};

int run(const plan& p) {
  auto cluster = cluster_processes::start(p.dir / "nodes", p.pack, p.trace, p.port);
  if (!cluster) return complain(cluster.error());
  auto nodes = (*cluster)->connect(p.window);
  if (!nodes) return complain(nodes.error());
  feed_settings settings;
  settings.settle = std::chrono::seconds{60};
  killer kills(**cluster, p.kills);
  const auto f = [&] {
    progress_bar bar("cluster", "submissions");
    settings.progress = [&](std::uint64_t done, std::uint64_t all) { bar.show(static_cast<double>(done), static_cast<double>(all)); };
    return feed(p.trace, *nodes, settings);
  }();
  kills.end();
  if (!kills.trouble().empty()) return complain({errc::io, kills.trouble()});
  if (!f) return complain(f.error());
  std::printf("%s\n", fed_text(*f, p.zh).c_str());
  unsigned killed = 0;
  for (const auto& [name, n] : kills.killed()) killed += n;
  if (p.kills != 0) std::printf("  %s %u\n", p.zh ? "kill -9 次数" : "killed with -9", killed);
  side here;
  for (const auto& node : *nodes) {
    if (const status added = add_counts(*node, here); !added) return complain(added.error());
  }
  nodes->clear();
  if (const status ended = (*cluster)->stop(); !ended) return complain(ended.error());
  for (const cluster_node& n : (*cluster)->nodes()) {
    auto folder = scenarios::data_folder::open((*cluster)->data_of(n));
    if (!folder) return complain(folder.error());
    if (const status read = read_decisions((*folder)->log(), here.decided); !read) return complain(read.error());
  }
  count_verdicts(here);
  const auto there = replayed(p.trace, p.pack);
  if (!there) return complain(there.error());
  std::printf("%s", comparison(here, *there, p.zh).c_str());
  std::uint64_t other = 0;
  const std::string list = differing(here, *there, other, p.zh);
  const std::size_t all = std::max<std::size_t>(there->decided.size(), 1);
  std::printf("  %s %llu / %zu (%.3f %%)\n%s", p.zh ? "最后决定不同的对象（集群 / 重放）" : "subjects that ended otherwise (cluster / replay)",
              static_cast<unsigned long long>(other), all, 100.0 * static_cast<double>(other) / static_cast<double>(all), list.c_str());
  std::printf("  %s %s\n", p.zh ? "数据目录，可逐个 zhili verify：" : "folders, each for zhili verify:", (p.dir / "nodes").string().c_str());
  const bool lost = f->counts.sent != f->counts.accepted + f->counts.refused + f->counts.bad;
  return !lost && other * 100 <= all ? exit_ok : exit_failed;
}

}  // namespace

int run_cluster(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("scenario", po::value<std::string>()->default_value("summer-2021"), "record this one first, by name or file")(
      "days", po::value<unsigned>()->default_value(1), "its first days")("seed", po::value<std::uint64_t>()->default_value(1), "its seed")(
      "trace", po::value<std::string>(), "feed this trace instead")(
      "pack", po::value<std::string>()->default_value("baseline-2021"), "pack to judge with, by name or folder")(
      "dir", po::value<std::string>(), "where nodes keep their files; default: a new folder for temporary files")(
      "kills", po::value<unsigned>()->default_value(0), "kill -9 so many processes while they work, and start them again")(
      "port", po::value<unsigned>()->default_value(7610), "first of sixteen ports on 127.0.0.1");
  add_common(options);
  const parsed o = parse(about, options, arguments);
  if (o.exit) return *o.exit;
  plan p;
  p.zh = language_of(o.values) == scenarios::language::zh;
  p.pack = o.values["pack"].as<std::string>();
  p.kills = o.values["kills"].as<unsigned>();
  p.port = o.values["port"].as<unsigned>();
  std::error_code ec;
  if (o.values.count("dir")) {
    p.dir = o.values["dir"].as<std::string>();
    if (fs::exists(p.dir / "nodes", ec)) {
      return complain({errc::bad_argument, fmt::format("{}: holds a cluster already; name a folder that is not there yet", p.dir.string())});
    }
  } else {
    std::string pattern = (fs::temp_directory_path() / "zhili-cluster-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return complain({errc::io, "no folder for temporary files can be made"});
    p.dir = pattern;
  }
  fs::create_directories(p.dir, ec);
  p.dir = fs::absolute(p.dir);
  if (o.values.count("trace")) {
    p.trace = fs::absolute(o.values["trace"].as<std::string>());
  } else {
    p.trace = p.dir / "trace.ndjson.zst";
    std::fprintf(stderr, "%s\n", p.zh ? "正在录制…" : "recording ...");
    const status recorded = record(o.values["scenario"].as<std::string>(), o.values["days"].as<unsigned>(),
                                   o.values["seed"].as<std::uint64_t>(), p.trace);
    if (!recorded) return complain(recorded.error());
  }
  return run(p);
}

}  // namespace zhili::node
