// SPDX-License-Identifier: Apache-2.0
#include "node/cluster_processes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace zhili::node {
namespace {

constexpr std::pair<const char*, const char*> groups[] = {
    {"gateway", "none"},           {"onboarding", "[onboarding]"}, {"product", "[product]"},
    {"content", "[content]"},      {"quality", "[quality]"},       {"inspection", "[inspection]"},
    {"takedown", "[takedown]"},    {"support", "[desk, risk, signal]"}};

struct third {
  const char* name;
  const char* workflows;
  const char* shards;
};
constexpr third thirds[] = {
    {"gateway", "none", "all"}, {"node-1", "all", "[0-20]"}, {"node-2", "all", "[21-41]"}, {"node-3", "all", "[42-63]"}};

/// On one machine an answer that is not there by then is lost.
constexpr std::chrono::milliseconds ask_again{250};

}  // namespace

result<std::unique_ptr<cluster_processes>> cluster_processes::start(const cluster_plan& plan) {
  std::unique_ptr<cluster_processes> made(new cluster_processes(plan.dir));
  if (status written = made->write_files(plan); !written) return tl::unexpected(written.error());
  for (cluster_node& n : made->nodes_) {
    if (status spawned = made->spawn(n); !spawned) return tl::unexpected(spawned.error());
  }
  return made;
}

cluster_processes::~cluster_processes() {
  for (const cluster_node& n : nodes_) {
    if (n.pid == 0) continue;
    kill(n.pid, SIGKILL);
    waitpid(n.pid, nullptr, 0);
  }
}

status cluster_processes::write_files(const cluster_plan& plan) {
  unsigned port = plan.port;
  const auto add = [&](const char* name, const char* workflows, const char* shards) {
    nodes_.push_back({name, workflows, shards, fmt::format("tcp://127.0.0.1:{}", port), fmt::format("tcp://127.0.0.1:{}", port + 1), 0});
    port += 2;
  };
  if (plan.by_shards) {
    for (const auto& [name, workflows, shards] : thirds) add(name, workflows, shards);
  } else {
    for (const auto& [name, workflows] : groups) add(name, workflows, "all");
  }
  for (const cluster_node& n : nodes_) {
    std::error_code ec;
    std::filesystem::create_directories(dir_ / n.name, ec);
    std::ofstream out(dir_ / n.name / "node.yaml");
    out << fmt::format("name: {}\ndata_dir: {}\npack: {}\nthreads: 1\ngateway: {}\nlisten: {}\nhost: {{workflows: {}, shards: {}}}\n",
                       n.name, data_of(n).string(), plan.pack, n.client_endpoint, n.peer_endpoint, n.workflows, n.shards);
    if (!plan.trace.empty()) out << fmt::format("clock: trace\nregistry: {}\n", plan.trace.string());
    if (const fault_rates& f = plan.faults; f.any()) {
      out << fmt::format("faults: {{seed: {}, drop: {}, double: {}, reorder: {}}}\n", f.seed, f.drop, f.doubled, f.reorder);
    }
    out << "peers:\n";
    for (const cluster_node& other : nodes_) {
      if (other.name == n.name) continue;
      out << fmt::format("  {}: {{endpoint: {}, workflows: {}, shards: {}}}\n", other.name, other.peer_endpoint, other.workflows, other.shards);
    }
    if (!out.flush()) return fail(errc::io, fmt::format("{}: cannot be written", (dir_ / n.name).string()));
  }
  return {};
}

status cluster_processes::spawn(cluster_node& n) {
  const std::string config = (dir_ / n.name / "node.yaml").string();
  const std::string log = (dir_ / n.name / "log.ndjson").string();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  std::string words[] = {"zhili", "node", "--config", config};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  const int failed = posix_spawn(&n.pid, "/proc/self/exe", &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return fail(errc::io, fmt::format("{}: cannot be started", n.name));
  return {};
}

result<std::vector<std::unique_ptr<client>>> cluster_processes::connect(std::size_t window) const {
  std::vector<std::unique_ptr<client>> out;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    auto c = connect_to(n, window);
    if (!c) return tl::unexpected(c.error());
    out.push_back(std::move(*c));
  }
  return out;
}

result<std::unique_ptr<client>> cluster_processes::connect_to(std::size_t node, std::size_t window) const {
  const cluster_node& n = nodes_[node];
  client_options o;
  o.endpoint = n.client_endpoint;
  o.window = window;
  o.ask_again = ask_again;
  auto c = client::connect(o);
  if (!c) return fail(c.error().code, fmt::format("{}: {}; see {}", n.name, c.error().detail, (dir_ / n.name / "log.ndjson").string()));
  return c;
}

void cluster_processes::freeze(std::size_t node) {
  kill(nodes_[node].pid, SIGSTOP);
  waitpid(nodes_[node].pid, nullptr, WUNTRACED);
}

void cluster_processes::thaw(std::size_t node) { kill(nodes_[node].pid, SIGCONT); }

void cluster_processes::kill_hard(std::size_t node) {
  cluster_node& n = nodes_[node];
  kill(n.pid, SIGKILL);
  waitpid(n.pid, nullptr, 0);
  n.pid = 0;
}

status cluster_processes::ended_well(cluster_node& n) {
  int how = 0;
  waitpid(n.pid, &how, 0);
  n.pid = 0;
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return {};
  return fail(errc::io, fmt::format("{} did not end well; see {}", n.name, (dir_ / n.name / "log.ndjson").string()));
}

status cluster_processes::stop_one(std::size_t node) {
  kill(nodes_[node].pid, SIGTERM);
  return ended_well(nodes_[node]);
}

status cluster_processes::stop() {
  status ended;
  for (const cluster_node& n : nodes_) kill(n.pid, SIGTERM);
  for (cluster_node& n : nodes_) {
    if (const status one = ended_well(n); ended && !one) ended = one;
  }
  return ended;
}

}  // namespace zhili::node
