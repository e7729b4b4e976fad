// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/copy_read.hpp"
#include "node/progress.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr usage about{
    "partition", "export|import|list",
    "Copies partitions out of a node and into another's folder: backup, restore and move.\n\n"
    "`export` writes a file a partition with its texts, and the packs and registry snapshots that the logs name. A running\n"
    "node gives them through its door (--to) and is not held up; the folder of a stopped one is read with --data-dir.\n"
    "`import` puts them into the folder of a node that does not run, as\n"
    "  restore   others may have heard more of the partition than the copy knows: it begins a new life, and what is\n"
    "            missing on either side is found, reported and where possible sent again\n"
    "  move      the copy is all that there is, and whoever wrote it has stopped for good\n"
    "Everything is looked through before anything is written. `list` says what a node, a folder or a backup holds; of a\n"
    "backup (--in) it reads every byte.\n\n"
    "examples\n"
    "  zhili partition export --to tcp://127.0.0.1:7600 --all --out backup      while the node works\n"
    "  zhili partition list --in backup                                         is it whole?\n"
    "  zhili partition import --in backup --all --data-dir DIR --as restore     the node of DIR is stopped\n"
    "  zhili partition export --data-dir DIR --workflow desk --shard 5 --out moved\n"
    "  zhili partition import --in moved --workflow desk --shard 5 --data-dir OTHER --as move\n"};

struct request {
  const po::variables_map& values;
  bool zh;
  bool json;

  const char* say(const char* in_zh, const char* in_en) const { return zh ? in_zh : in_en; }
  bool all() const { return values["all"].as<bool>(); }
  bool has(const char* name) const { return values.count(name) != 0; }
  std::string text(const char* name) const { return has(name) ? values[name].as<std::string>() : std::string{}; }
};

/// The one that --workflow and --shard name; nothing: --all.
result<std::optional<partition_id>> chosen(const request& r) {
  if (r.all() == (r.has("workflow") || r.has("shard")))
    return fail(errc::bad_argument, "give either --all or --workflow and --shard: which partitions?");
  if (r.all()) return std::nullopt;
  if (!r.has("workflow") || !r.has("shard")) return fail(errc::bad_argument, "--workflow and --shard go together");
  const unsigned shard = r.values["shard"].as<unsigned>();
  if (shard >= shard_count)
    return fail(errc::bad_argument, fmt::format("--shard: {}; shards are 0 to {}", shard, shard_count - 1));
  std::string names;
  for (const auto* w : partition::workflows()) {
    if (w->name == r.text("workflow")) return partition_id{w->number, static_cast<shard_no>(shard)};
    names += (names.empty() ? "" : ", ") + std::string(w->name);
  }
  return fail(errc::bad_argument, fmt::format("--workflow: there is no '{}'; workflows: {}", r.text("workflow"), names));
}

std::string when(instant at) { return at.ms == 0 ? "-" : to_string(at).substr(0, 19); }

struct row {
  std::string partition;
  std::uint64_t first = 0, last = 0;
  std::uint64_t life = 0;
  /// 0 each where nobody looked.
  std::uint64_t bytes = 0, texts = 0, texts_missing = 0;
  instant last_at{0};
};

row row_of(const storage::transferred& t, std::uint64_t texts, std::uint64_t missing, instant last_at) {
  return {scenarios::partition_name(t.partition), t.extent.archived.value, t.extent.last.value, t.extent.incarnation.value,
          t.bytes, texts, missing, last_at};
}

void print_json(const std::vector<row>& rows) {
  ordered_json out = ordered_json::array();
  for (const row& x : rows) {
    out.push_back({{"partition", x.partition}, {"first", x.first}, {"last", x.last}, {"life", x.life}, {"bytes", x.bytes},
                   {"texts", x.texts}, {"texts_missing", x.texts_missing}, {"last_at", x.last_at.ms}});
  }
  std::printf("%s\n", out.dump(2).c_str());
}

void print(const request& r, const std::vector<row>& rows) {
  if (r.json) return print_json(rows);
  row sum;
  for (const row& x : rows) {
    std::printf(
        "%s\n", fmt::format(
                    "  {:<16} {} {}..{}  {} {}  {} {}  {} {}  {} {}", x.partition, r.say("批次", "batches"), x.first, x.last,
                    r.say("世代", "life"), x.life, r.say("字节", "bytes"), x.bytes, r.say("文本", "texts"), x.texts,
                    r.say("最后命令", "last command"), when(x.last_at))
                    .c_str());
    sum.bytes += x.bytes;
    sum.texts += x.texts;
    sum.texts_missing += x.texts_missing;
    sum.last_at = std::max(sum.last_at, x.last_at);
  }
  std::printf(
      "%s\n", fmt::format(
                  "  {} {}  {} {}  {} {}{}", r.say("分区", "partitions"), rows.size(), r.say("字节", "bytes"), sum.bytes,
                  r.say("文本", "texts"), sum.texts,
                  sum.texts_missing == 0 ? std::string{}
                                         : fmt::format("  {} {}", r.say("从未收到的文本", "texts that never came"), sum.texts_missing))
                  .c_str());
}

/// Nodes and folders that the command line names.
struct sources {
  std::vector<std::unique_ptr<client>> nodes;
  std::vector<std::unique_ptr<copy_source>> all;
};

result<sources> open_sources(const request& r) {
  sources out;
  if (r.has("to") == r.has("data-dir"))
    return fail(errc::bad_argument, "give either --to, for a running node, or --data-dir, for the folder of a stopped one");
  if (r.has("data-dir")) {
    auto folder = copy_from_folder(r.text("data-dir"));
    if (!folder) return tl::unexpected(folder.error());
    out.all.push_back(std::move(*folder));
    return out;
  }
  const auto to = clients_options_of(r.values);
  if (!to) return tl::unexpected(to.error());
  auto nodes = connect_all(*to);
  if (!nodes) return tl::unexpected(nodes.error());
  out.nodes = std::move(*nodes);
  for (std::size_t n = 0; n < out.nodes.size(); ++n) out.all.push_back(copy_from_node(*out.nodes[n], (*to)[n].endpoint));
  return out;
}

struct work_item {
  copy_source* from = nullptr;
  partition_facts what;
};

/// What is to be copied, and from whom.
result<std::vector<work_item>> plan(const request& r, const sources& from) {
  const auto one = chosen(r);
  if (!one) return tl::unexpected(one.error());
  std::vector<work_item> out;
  std::map<partition_id, const copy_source*> whose;
  for (const auto& source : from.all) {
    const auto facts = source->list();
    if (!facts) return fail(facts.error().code, fmt::format("{}: {}", source->name(), facts.error().detail));
    for (const partition_facts& f : *facts) {
      if (*one && f.id != **one) continue;
      const auto [other, fresh] = whose.emplace(f.id, source.get());
      if (!fresh) {
        return fail(
            errc::bad_argument, fmt::format(
                                    "{} lies at {} and at {}: where it was moved from, it is an old one; name one of them",
                                    scenarios::partition_name(f.id), other->second->name(), source->name()));
      }
      out.push_back({source.get(), f});
    }
  }
  if (out.empty() && *one)
    return fail(errc::not_found, fmt::format("{} has no batch there", scenarios::partition_name(**one)));
  return out;
}

int export_them(const request& r) {
  if (!r.has("out")) return complain({errc::bad_argument, "--out is missing: the folder that the copies go to"});
  const fs::path dir = r.text("out");
  const std::uint64_t through = r.has("through") ? r.values["through"].as<std::uint64_t>() : ~std::uint64_t{0};
  if (r.all() && r.has("through")) return complain({errc::bad_argument, "--through is of one partition: name it with --workflow and --shard"});
  auto from = open_sources(r);
  if (!from) return complain(from.error());
  const auto items = plan(r, *from);
  if (!items) return complain(items.error());
  std::uint64_t all = 0;
  for (const work_item& i : *items) all += std::min(through, i.what.extent.last.value) + 1 - i.what.extent.archived.value;
  std::vector<row> rows;
  {
    progress_bar bar("export", "batches");
    std::uint64_t done = 0;
    const std::function<void()> step = [&] { bar.show(static_cast<double>(++done), static_cast<double>(std::max(all, done))); };
    for (const work_item& i : *items) {
      const auto copied = write_copy(*i.from, i.what.id, storage::seq{through}, dir, step);
      if (!copied) return complain(copied.error());
      rows.push_back(row_of(copied->whole, copied->texts, copied->texts_missing, copied->last_at));
    }
    for (const auto& source : from->all) {
      if (const status done_too = write_belongings(*source, dir); !done_too) return complain(done_too.error());
    }
  }
  print(r, rows);
  return exit_ok;
}

result<std::vector<read_copy>> read_copies(const request& r, const fs::path& dir, const std::optional<partition_id>& one) {
  std::vector<partition_id> ids;
  if (one) {
    ids.push_back(*one);
  } else {
    auto there = copies_in(dir);
    if (!there) return tl::unexpected(there.error());
    ids = std::move(*there);
  }
  progress_bar bar(r.say("检查", "checking"), "partitions");
  std::vector<read_copy> out;
  for (const partition_id id : ids) {
    auto copy = check_copy(dir, id);
    if (!copy) return tl::unexpected(copy.error());
    out.push_back(std::move(*copy));
    bar.show(static_cast<double>(out.size()), static_cast<double>(ids.size()));
  }
  return out;
}

/// Later than any life that an earlier restore began, on whatever machine.
storage::incarnation life_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return storage::incarnation{static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count())};
}

int import_them(const request& r) {
  if (!r.has("in")) return complain({errc::bad_argument, "--in is missing: the folder that the copies lie in"});
  if (!r.has("data-dir")) return complain({errc::bad_argument, "--data-dir is missing: the folder of the node that is to have them"});
  const std::string as = r.text("as");
  if (as != "restore" && as != "move") return complain({errc::bad_argument, fmt::format("--as is restore or move, not '{}'", as)});
  const storage::life how = as == "move" ? storage::life::goes_on : storage::life::begins_anew;
  const auto one = chosen(r);
  if (!one) return complain(one.error());
  const fs::path dir = r.text("in");
  const auto copies = read_copies(r, dir, *one);
  if (!copies) return complain(copies.error());
  const auto into = scenarios::data_folder::serve(r.text("data-dir"));
  if (!into) return complain(into.error());
  for (const read_copy& c : *copies) {
    if (const status fits = check_fit(dir, c, **into, how); !fits) return complain(fits.error());
  }
  if (const status done = import_belongings(dir, **into); !done) return complain(done.error());
  std::vector<row> rows;
  progress_bar bar("import", "partitions");
  for (const read_copy& c : *copies) {
    const auto put = import_copy(dir, c, **into, how, how == storage::life::goes_on ? storage::incarnation{} : life_now());
    if (!put) return complain(put.error());
    rows.push_back(row_of(*put, c.texts, c.texts_missing.size(), c.last_at));
    bar.show(static_cast<double>(rows.size()), static_cast<double>(copies->size()));
  }
  if (const status done = (*into)->flush(); !done) return complain(done.error());
  print(r, rows);
  if (how == storage::life::begins_anew && !r.json) {
    std::printf(
        "  %s\n", r.say("最后命令之后已受理的提交不在副本中：请按原键重新提交", "what was accepted after the last command is not in "
                        "the copy: submit it again under its keys"));
  }
  return exit_ok;
}

int list_them(const request& r) {
  std::vector<row> rows;
  if (r.has("in")) {
    const auto copies = read_copies(r, r.text("in"), std::nullopt);
    if (!copies) return complain(copies.error());
    for (const read_copy& c : *copies) rows.push_back(row_of(c.whole, c.texts, c.texts_missing.size(), c.last_at));
    print(r, rows);
    return exit_ok;
  }
  const auto from = open_sources(r);
  if (!from) return complain(from.error());
  for (const auto& source : from->all) {
    const auto facts = source->list();
    if (!facts) return complain(facts.error());
    for (const partition_facts& f : *facts) {
      rows.push_back({scenarios::partition_name(f.id), f.extent.archived.value, f.extent.last.value, f.extent.incarnation.value,
                      0, 0, 0, instant{0}});
    }
  }
  print(r, rows);
  return exit_ok;
}

}  // namespace

int run_partition(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_clients(options);
  options.add_options()("data-dir", po::value<std::string>(), "the folder of a node that does not run")(
      "all", po::bool_switch(), "every partition that is there")("workflow", po::value<std::string>(), "one partition: its workflow, as content")(
      "shard", po::value<unsigned>(), "and its shard, 0 to 63")(
      "through", po::value<std::uint64_t>(), "export: as of this batch; default: the last one when the export begins")(
      "out", po::value<std::string>(), "export: the folder that the copies go to")(
      "in", po::value<std::string>(), "import, list: the folder that the copies lie in")(
      "as", po::value<std::string>(), "import: restore or move");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const request r{p.values, language_of(p.values) == scenarios::language::zh, wants_json(p.values)};
  const std::string what = p.values["positional"].as<std::vector<std::string>>()[0];
  if (what == "export") return export_them(r);
  if (what == "import") return import_them(r);
  if (what == "list") return list_them(r);
  return complain({errc::bad_argument, fmt::format("partition: export, import or list, not '{}'", what)});
}

}  // namespace zhili::node
