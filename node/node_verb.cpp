// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "node/files.hpp"
#include "node/http/http_door.hpp"
#include "node/options.hpp"
#include "node/reception.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "node", "",
    "Hosts partitions and serves production: takes submissions, decides them, keeps every decision on disk before it is\n"
    "acknowledged, and goes on where it stopped when it is started again, however it ended.\n\n"
    "The file says which workflows and shards live here, where they are kept and who may speak to this node:\n\n"
    "  name: node-1\n"
    "  data_dir: /var/lib/zhili\n"
    "  pack: baseline-2021\n"
    "  gateway: tcp://127.0.0.1:7600        # where clients speak to it\n"
    "  listen: tcp://127.0.0.1:7700         # where other nodes do; leave it out where there are none\n"
    "  http: 127.0.0.1:7680                 # /healthz /readyz /metrics\n"
    "  host: {workflows: all, shards: all}\n\n"
    "examples\n"
    "  zhili node --config node.yaml                   until SIGTERM, which drains\n"
    "  zhili node --config node.yaml --check-config    says what is wrong with the file or its pack\n"
    "  zhili node --config node.yaml --print-config    the file with every default\n"
    "  zhili submit day.ndjson.zst --to tcp://127.0.0.1:7600\n"
    "  zhili tail --to tcp://127.0.0.1:7600\n"};

constexpr std::chrono::seconds drain_max{10};
/// For receipts of letters: a neighbour that is away must not hold up the next process.
constexpr std::chrono::milliseconds receipts_max{500};

/// Waits for SIGTERM or SIGINT on a thread of its own; every other thread has them blocked.
class signal_watch {
 public:
  explicit signal_watch(server& node) {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    thread_ = std::thread([this, &node] {
      int which = 0;
      sigwait(&set_, &which);
      node.stop();
    });
  }
  static void block() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
  }
  ~signal_watch() {
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

 private:
  sigset_t set_{};
  std::thread thread_;
};

std::string or_none(const std::string& endpoint) { return endpoint.empty() ? "-" : endpoint; }

/// Until a signal, or until the node cannot go on: then why.
std::string serve_until_told(server& node, reception& front, http_door& http) {
  const std::string& name = node.config().name;
  signal_watch watch(node);
  std::string trouble = node.wait();
  http.draining();
  if (trouble.empty()) {
    say("info", name, "draining");
    front.drain();
    if (!node.partitions().drain(drain_max, receipts_max)) say("warn", name, "something was still on its way; it is kept and will be sent again");
  }
  http.close();
  front.close();
  return trouble;
}

int serve(const node_config& config) {
  signal_watch::block();
  const auto begin = std::chrono::steady_clock::now();
  const homes where(config);
  mail away(where);
  auto http = http_door::open(config);
  if (!http) return complain(http.error());
  const auto node = server::start(config, config.peers.empty() ? nullptr : &away);
  if (!node) return complain(node.error());
  reception front(**node, where, away);
  if (const status open = front.open(); !open) return complain(open.error());
  (*http)->ready(**node, front.door(), front.link());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  say("info", config.name, fmt::format("ready after {:.2f} s; clients at {}, nodes at {}", took.count(),
                                       or_none(front.link().clients_endpoint()), or_none(front.link().peers_endpoint())));
  if (config.insecure) say("warn", config.name, "insecure: anybody who reaches the doors may speak; write keys into the configuration");
  if (const fault_rates& f = config.faults; f.any()) {
    say("warn", config.name, fmt::format("faults: of a thousand frames to other nodes {} are lost, {} doubled, {} overtaken (seed {}); a rehearsal",
                                         f.drop, f.doubled, f.reorder, f.seed));
  }
  const std::string trouble = serve_until_told(**node, front, **http);
  // The partitions answer through the front as long as they run.
  (*node)->end();
  if (trouble.empty()) {
    say("info", config.name, "stopped");
    return exit_ok;
  }
  say("error", config.name, trouble + "; nothing that was acknowledged is lost, what was not is not kept or kept whole");
  return exit_failed;
}

/// What only the machine can tell: whether the pack is there and good.
status check_pack(const node_config& config) {
  const auto path = find_pack(config.pack);
  if (!path) return tl::unexpected(path.error());
  const auto pack = policy::pack::load(*path);
  return pack ? status{} : tl::unexpected(pack.error());
}

}  // namespace

int run_node(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  options.add_options()("config", po::value<std::string>(), "the node's file")(
      "check-config", po::bool_switch(), "say what is wrong with the file, and end")(
      "print-config", po::bool_switch(), "print the file with every default, and end");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  if (!p.values.count("config")) {
    std::fputs("zhili node: --config FILE is missing; `zhili node --help` shows one\n", stderr);
    return exit_usage;
  }
  const auto config = read_node_config(p.values["config"].as<std::string>());
  if (!config) return complain(config.error());
  if (status good = check_http(*config); !good) return complain(good.error());
  if (status good = check_pack(*config); !good) return complain(good.error());
  if (p.values["print-config"].as<bool>()) std::fputs(print_node_config(*config).c_str(), stdout);
  if (p.values["print-config"].as<bool>() || p.values["check-config"].as<bool>()) return exit_ok;
  return serve(*config);
}

}  // namespace zhili::node
