// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "node/gateway.hpp"
#include "node/http/http_door.hpp"
#include "node/mail.hpp"
#include "node/options.hpp"
#include "node/requests.hpp"

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
    "  zhili node --config node.yaml --check-config    says what is wrong with the file and with nothing else\n"
    "  zhili node --config node.yaml --print-config    the file with every default\n"
    "  zhili submit day.ndjson.zst --to tcp://127.0.0.1:7600\n"
    "  zhili tail --to tcp://127.0.0.1:7600\n"};

/// One line a happening, for whoever collects them; no personal data.
void say(const char* level, const std::string& node, const std::string& what) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  std::string text;
  for (const char c : what) {
    if (c == '"' || c == '\\') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  std::fprintf(stderr, "{\"at\":%lld,\"level\":\"%s\",\"node\":\"%s\",\"says\":\"%s\"}\n",
               static_cast<long long>(now.count()), level, node.c_str(), text.c_str());
}

link_options link_of(const node_config& c, const policy::pack& pack) {
  link_options o;
  o.name = c.name;
  o.pack = pack.digest();
  o.listen_peers = c.listen;
  o.listen_clients = c.gateway;
  o.secret_key = c.secret_key_file;
  if (!c.secret_key_file.empty()) o.public_key = std::filesystem::path(c.secret_key_file).replace_extension(".public");
  o.insecure = c.insecure;
  for (const auto& [name, p] : c.peers) o.peers.push_back({name, p.endpoint, p.public_key_file, false});
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(c.client_keys_dir, ec)) {
    if (entry.path().extension() == ".public") o.clients.push_back({entry.path().stem().string(), entry.path()});
  }
  return o;
}

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

int serve(const node_config& config) {
  signal_watch::block();
  // Outlives all that speaks through it.
  std::unique_ptr<zmq_link> link;
  const homes where(config);
  mail away(where);
  const auto begin = std::chrono::steady_clock::now();
  auto http = http_door::open(config);
  if (!http) return complain(http.error());
  auto started = server::start(config, config.peers.empty() ? nullptr : &away);
  if (!started) return complain(started.error());
  server& node = **started;
  gateway door(node, where);
  requests clerk(node, node.shelves());

  link_events events;
  events.from_client = [&](const client_origin& client, opened_frame frame) {
    if (frame.kind() == frame_kind::submissions) {
      door.from_client(client, frame);
    } else {
      clerk.from_client(client, frame);
    }
  };
  events.from_peer = [&](const std::string& peer, opened_frame frame) {
    std::vector<shell::letter> letters;
    std::vector<shell::receipt_note> notes;
    if (frame.kind() == frame_kind::submissions) return door.from_peer(peer, frame);
    for (const frame_entry entry : frame) {
      if (const auto* m = std::get_if<message_entry>(&entry)) letters.push_back(letter_of(*m));
      if (const auto* r = std::get_if<receipt_entry>(&entry)) notes.push_back(note_of(*r));
      if (const auto* a = std::get_if<answer_entry>(&entry)) door.answered(*a);
    }
    // A node that goes by a trace is as late as the latest that it has heard of.
    if (config.clock == shell::node_clock::kind::trace) {
      for (const shell::letter& l : letters) node.clock().reached({l.head.at()});
    }
    if (!letters.empty()) node.partitions().arrived(std::move(letters));
    if (!notes.empty()) node.partitions().arrived(std::move(notes));
  };
  events.peer_up = [&](const peer_facts& peer) {
    say("info", config.name, fmt::format("{} is there", peer.name));
    node.partitions().resend_all();
  };
  events.peer_down = [&](const std::string& peer) { say("warn", config.name, fmt::format("{} is gone", peer)); };
  // Frames may come before `start` returns: nothing looks at one before every part has its link.
  std::promise<void> all_set;
  const std::shared_future<void> set = all_set.get_future().share();
  const auto from_client = events.from_client;
  events.from_client = [&](const client_origin& client, opened_frame frame) {
    set.wait();
    from_client(client, std::move(frame));
  };
  const auto from_peer = events.from_peer;
  events.from_peer = [&](const std::string& peer, opened_frame frame) {
    set.wait();
    from_peer(peer, std::move(frame));
  };
  auto bound = zmq_link::start(link_of(config, node.pack()), events);
  if (!bound) return complain(bound.error());
  link = std::move(*bound);
  door.use(*link);
  clerk.use(*link);
  away.use(*link);
  all_set.set_value();
  (*http)->ready(node, door, *link);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  say("info", config.name, fmt::format("ready after {:.2f} s; clients at {}, nodes at {}", took.count(),
                                       link->clients_endpoint().empty() ? "-" : link->clients_endpoint(),
                                       link->peers_endpoint().empty() ? "-" : link->peers_endpoint()));
  if (config.insecure) say("warn", config.name, "insecure: anybody who reaches the doors may speak; write keys into the configuration");
  std::string trouble;
  {
    signal_watch watch(node);
    trouble = node.wait();
    (*http)->draining();
    if (trouble.empty()) say("info", config.name, "draining");
    if (trouble.empty() && !node.partitions().drain(std::chrono::seconds{10})) {
      say("warn", config.name, "something was still on its way; it is kept and will be sent again");
    }
    (*http)->close();
    link->stop();
  }
  if (trouble.empty()) {
    say("info", config.name, "stopped");
    return exit_ok;
  }
  say("error", config.name, trouble + "; nothing that was acknowledged is lost, what was not is not kept or kept whole");
  return exit_failed;
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
  if (p.values["print-config"].as<bool>()) std::fputs(print_node_config(*config).c_str(), stdout);
  if (p.values["print-config"].as<bool>() || p.values["check-config"].as<bool>()) return exit_ok;
  return serve(*config);
}

}  // namespace zhili::node
