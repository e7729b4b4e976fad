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

/// On one machine an answer that is not there by then is lost.
constexpr std::chrono::milliseconds ask_again{250};

}  // namespace

result<std::unique_ptr<cluster_processes>> cluster_processes::start(
    const std::filesystem::path& dir, const std::string& pack, const std::filesystem::path& registry, unsigned port,
    const fault_rates& faults) {
  std::unique_ptr<cluster_processes> made(new cluster_processes(dir));
  if (status written = made->write_files(pack, registry, port, faults); !written) return tl::unexpected(written.error());
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

status cluster_processes::write_files(const std::string& pack, const std::filesystem::path& registry, unsigned port,
                                      const fault_rates& faults) {
  for (const auto& [name, workflows] : groups) {
    nodes_.push_back({name, workflows, fmt::format("tcp://127.0.0.1:{}", port), fmt::format("tcp://127.0.0.1:{}", port + 1), 0});
    port += 2;
  }
  for (const cluster_node& n : nodes_) {
    std::error_code ec;
    std::filesystem::create_directories(dir_ / n.name, ec);
    std::ofstream out(dir_ / n.name / "node.yaml");
    out << fmt::format("name: {}\ndata_dir: {}\npack: {}\nclock: trace\nthreads: 1\nregistry: {}\ngateway: {}\nlisten: {}\n"
                       "host: {{workflows: {}}}\nfaults: {{seed: {}, drop: {}, double: {}, reorder: {}}}\npeers:\n",
                       n.name, data_of(n).string(), pack, registry.string(), n.client_endpoint, n.peer_endpoint, n.workflows,
                       faults.seed, faults.drop, faults.doubled, faults.reorder);
    for (const cluster_node& other : nodes_) {
      if (other.name != n.name) out << fmt::format("  {}: {{endpoint: {}, workflows: {}}}\n", other.name, other.peer_endpoint, other.workflows);
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
  for (const cluster_node& n : nodes_) {
    client_options o;
    o.endpoint = n.client_endpoint;
    o.window = window;
    o.ask_again = ask_again;
    auto c = client::connect(o);
    if (!c) return fail(c.error().code, fmt::format("{}: {}; see {}", n.name, c.error().detail, (dir_ / n.name / "log.ndjson").string()));
    out.push_back(std::move(*c));
  }
  return out;
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

status cluster_processes::stop() {
  status ended;
  for (const cluster_node& n : nodes_) kill(n.pid, SIGTERM);
  for (cluster_node& n : nodes_) {
    int how = 0;
    waitpid(n.pid, &how, 0);
    n.pid = 0;
    if (ended && (!WIFEXITED(how) || WEXITSTATUS(how) != 0)) {
      ended = fail(errc::io, fmt::format("{} did not end well; see {}", n.name, (dir_ / n.name / "log.ndjson").string()));
    }
  }
  return ended;
}

}  // namespace zhili::node
