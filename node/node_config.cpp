// SPDX-License-Identifier: Apache-2.0
#include "node/node_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <limits>

#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

using policy::yaml_map;
using policy::yaml_node;

std::vector<workflow_no> read_workflows(const yaml_node& node) {
  std::vector<std::string_view> names;
  for (const auto* w : partition::workflows()) names.push_back(w->name);
  std::vector<workflow_no> out;
  if (!node.present() || (!node.is_list() && node.text() == "all")) {
    for (const auto* w : partition::workflows()) out.push_back(w->number);
    return out;
  }
  // A gateway alone.
  if (!node.is_list() && node.text() == "none") return out;
  for (const yaml_node& item : node.items_or_one()) {
    out.push_back(partition::workflows()[item.choice(names)]->number);
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end())
    node.error({"同一个流程写了两次", "a workflow stands here twice"});
  return out;
}

/// `5` or `0-31`.
bool read_range(std::string_view text, std::vector<shard_no>& out) {
  unsigned from = 0, to = 0;
  const std::size_t dash = text.find('-');
  const std::string_view first = text.substr(0, dash);
  const std::string_view last = dash == std::string_view::npos ? first : text.substr(dash + 1);
  const auto whole = [](std::string_view t, unsigned& v) {
    const auto r = std::from_chars(t.data(), t.data() + t.size(), v);
    return r.ec == std::errc{} && r.ptr == t.data() + t.size();
  };
  if (!whole(first, from) || !whole(last, to) || from > to || to >= shard_count) return false;
  for (unsigned s = from; s <= to; ++s) out.push_back(static_cast<shard_no>(s));
  return true;
}

std::vector<shard_no> read_shards(const yaml_node& node) {
  std::vector<shard_no> out;
  if (!node.present() || (!node.is_list() && node.text() == "all")) {
    read_range("0-63", out);
    return out;
  }
  for (const yaml_node& item : node.items_or_one()) {
    if (!read_range(item.text(), out))
      item.error(
          {"分片是 0 到 63 的数、0-31 这样的范围，或 all",
           "shards are numbers from 0 to 63, ranges as 0-31, or `all`"});
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end())
    node.error({"同一个分片写了两次", "a shard stands here twice"});
  return out;
}

std::string read_endpoint(const yaml_node& node) {
  const std::string text(node.text());
  const std::size_t port = text.rfind(':');
  if (node.present() && (!text.starts_with("tcp://") || port <= 5 || port + 1 == text.size())) {
    node.error({"地址写成 tcp://127.0.0.1:7600 这样", "an endpoint looks like tcp://127.0.0.1:7600"});
  }
  return text;
}

void read_peers(const yaml_node& node, node_config& c) {
  if (!node.present()) return;
  for (const auto& [key, value] : node.entries()) {
    yaml_map map(value);
    node_config::peer p;
    p.endpoint = read_endpoint(map.required("endpoint"));
    p.workflows = read_workflows(map.optional("workflows"));
    p.shards = read_shards(map.optional("shards"));
    p.public_key_file = map.optional("public_key_file").text();
    if (key.text() == c.name) key.error({"节点不能是自己的同伴", "a node is not its own peer"});
    c.peers[std::string(key.text())] = std::move(p);
  }
}

void read_releases(const yaml_node& node, node_config& c) {
  if (!node.present()) return;
  yaml_map map(node);
  c.releases.approval = map.optional("approval").boolean();
  const yaml_node keys = map.optional("keys");
  if (!keys.present()) return;
  for (const yaml_node& key : keys.items_or_one()) c.releases.keys.emplace_back(key.text());
}

void read_faults(const yaml_node& node, node_config& c) {
  if (!node.present()) return;
  yaml_map map(node);
  c.faults.seed = static_cast<std::uint64_t>(map.optional("seed").integer(0, std::numeric_limits<std::int64_t>::max(), 1));
  const auto mille = [&](const char* field) { return static_cast<std::uint32_t>(map.optional(field).integer(0, 500, 0)); };
  c.faults.drop = mille("drop");
  c.faults.doubled = mille("double");
  c.faults.reorder = mille("reorder");
  if (c.faults.drop + c.faults.doubled + c.faults.reorder > 1000)
    node.error(
        {"drop、double、reorder 加起来超过千分之 1000",
         "drop, double and reorder are more than 1000 of a thousand"});
  if (c.clock != shell::node_clock::kind::trace)
    node.error(
        {"故意丢帧只许在演练时用，同时写 `clock: trace`",
         "loses frames on purpose: only a rehearsal may, with `clock: trace`"});
}

/// Every partition has one home.
void check_homes(const yaml_node& root, const node_config& c) {
  std::map<std::uint16_t, std::string> home;
  const auto claim = [&](const std::string& who, const std::vector<workflow_no>& workflows, const std::vector<shard_no>& shards) {
    for (const workflow_no w : workflows) {
      for (const shard_no s : shards) {
        const auto [at, fresh] = home.emplace(partition_id{w, s}.packed(), who);
        if (fresh) continue;
        root.error(tell(
            "{} 的分片 {} 同时由 {} 和 {} 承载", "{} shard {} is hosted by both {} and {}",
            partition::find_workflow(w)->name, s, at->second, who));
        return;
      }
    }
  };
  claim(c.name, c.workflows, c.shards);
  for (const auto& [name, p] : c.peers) claim(name, p.workflows, p.shards);
  const std::size_t all = partition::workflows().size() * shard_count;
  if (home.size() == all) return;
  for (const auto* w : partition::workflows()) {
    for (shard_no s = 0; s < shard_count; ++s) {
      if (home.contains(partition_id{w->number, s}.packed())) continue;
      root.error(tell(
          "没有人承载 {} 的分片 {}：写到本节点的 `host` 下，或交给某个 `peers`",
          "nobody hosts {} shard {}: give it to this node under `host` or to one of the `peers`", w->name,
          s));
      return;
    }
  }
}

std::string ranges_of(const std::vector<shard_no>& shards) {
  if (shards.size() == shard_count) return "all";
  std::vector<std::string> parts;
  for (std::size_t n = 0; n < shards.size();) {
    std::size_t end = n;
    while (end + 1 < shards.size() && shards[end + 1] == shards[end] + 1) ++end;
    parts.push_back(end == n ? fmt::format("{}", shards[n]) : fmt::format("{}-{}", shards[n], shards[end]));
    n = end + 1;
  }
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

std::string names_of(const std::vector<workflow_no>& workflows) {
  if (workflows.size() == partition::workflows().size()) return "all";
  if (workflows.empty()) return "none";
  std::vector<std::string_view> names;
  for (const workflow_no w : workflows) names.push_back(partition::find_workflow(w)->name);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

}  // namespace

result<node_config> read_node_config(const std::filesystem::path& file) {
  policy::diagnostics found;
  const auto document = policy::yaml_document::read(file, file.filename().string(), found);
  node_config c;
  if (document) {
    const yaml_node root = document->root();
    yaml_map map(root);
    c.name = map.required("name").text();
    c.data_dir = std::filesystem::path(std::string(map.required("data_dir").text()));
    c.pack = map.required("pack").text();
    c.registry = std::filesystem::path(std::string(map.optional("registry").text()));
    static constexpr std::string_view clocks[] = {"real", "trace"};
    c.clock = map.optional("clock").choice(clocks) == 0 ? shell::node_clock::kind::real : shell::node_clock::kind::trace;
    c.threads = static_cast<unsigned>(map.optional("threads").integer(1, 256, 2));
    const yaml_node host = map.optional("host");
    if (host.present()) {
      yaml_map hosted(host);
      c.workflows = read_workflows(hosted.optional("workflows"));
      c.shards = read_shards(hosted.optional("shards"));
    } else {
      c.workflows = read_workflows({});
      c.shards = read_shards({});
    }
    c.gateway = read_endpoint(map.optional("gateway"));
    c.listen = read_endpoint(map.optional("listen"));
    c.http = map.optional("http").text();
    c.secret_key_file = std::filesystem::path(std::string(map.optional("secret_key_file").text()));
    c.client_keys_dir = std::filesystem::path(std::string(map.optional("client_keys_dir").text()));
    c.insecure = map.optional("insecure").boolean();
    read_releases(map.optional("releases"), c);
    read_faults(map.optional("faults"), c);
    read_peers(map.optional("peers"), c);
    if (!c.peers.empty() && c.listen.empty())
      root.error(
          {"写了 `peers` 却没有 `listen`：它们到哪里找本节点？",
           "`peers` without `listen`: where do they reach this node?"});
    check_homes(root, c);
  }
  if (!found.empty()) return tl::unexpected(found.as_error());
  return c;
}

std::string print_node_config(const node_config& c) {
  std::string out = fmt::format("name: {}\ndata_dir: {}\npack: {}\nclock: {}\nthreads: {}\nhost: {{workflows: {}, shards: {}}}\n",
                                c.name, c.data_dir.string(), c.pack,
                                c.clock == shell::node_clock::kind::real ? "real" : "trace", c.threads,
                                names_of(c.workflows), ranges_of(c.shards));
  const auto line = [&](const char* key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{}: {}\n", key, value);
  };
  line("registry", c.registry.string());
  line("gateway", c.gateway);
  line("listen", c.listen);
  line("http", c.http);
  line("secret_key_file", c.secret_key_file.string());
  line("client_keys_dir", c.client_keys_dir.string());
  if (c.releases != release_rules{}) {
    out += fmt::format("releases: {{approval: {}, keys: [{}]}}\n", c.releases.approval, fmt::join(c.releases.keys, ", "));
  }
  if (c.insecure) out += "insecure: true\n";
  if (c.faults.any()) {
    out += fmt::format("faults: {{seed: {}, drop: {}, double: {}, reorder: {}}}\n", c.faults.seed, c.faults.drop, c.faults.doubled, c.faults.reorder);
  }
  if (c.peers.empty()) return out;
  out += "peers:\n";
  for (const auto& [name, p] : c.peers) {
    out += fmt::format("  {}: {{endpoint: {}, workflows: {}, shards: {}{}}}\n", name, p.endpoint, names_of(p.workflows),
                       ranges_of(p.shards), p.public_key_file.empty() ? "" : ", public_key_file: " + p.public_key_file);
  }
  return out;
}

}  // namespace zhili::node
