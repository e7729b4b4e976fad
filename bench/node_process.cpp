// SPDX-License-Identifier: Apache-2.0
#include "bench/node_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>

namespace zhili::bench {
namespace {

constexpr std::chrono::minutes ready_max{2};
constexpr std::chrono::milliseconds look_every{1};

std::string read_from(const std::filesystem::path& file, std::uintmax_t from) {
  std::ifstream in(file);
  in.seekg(static_cast<std::streamoff>(from));
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

}  // namespace

unsigned free_port() {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof any;
  const bool bound = bind(s, reinterpret_cast<sockaddr*>(&any), length) == 0 &&
                     getsockname(s, reinterpret_cast<sockaddr*>(&any), &length) == 0;
  close(s);
  ZHILI_ASSERT(bound, "loopback has a free port");
  return ntohs(any.sin_port);
}

result<std::unique_ptr<node_process>> node_process::start(
    const settings& s, const std::filesystem::path& folder, const std::filesystem::path& pack, unsigned port) {
  std::unique_ptr<node_process> made(new node_process(port));
  {
    std::ofstream out(folder / "node.yaml");
    out << fmt::format("name: bench\ndata_dir: {}\npack: {}\ngateway: {}\nhost: {{workflows: all, shards: all}}\n",
                       (folder / "data").string(), pack.string(), made->endpoint());
    if (!out.flush()) return fail(errc::io, fmt::format("{}: cannot be written", folder.string()));
  }
  const auto log = folder / "log.ndjson";
  std::error_code ec;
  const std::uintmax_t from = std::filesystem::exists(log, ec) ? std::filesystem::file_size(log, ec) : 0;
  const stopwatch clock;
  if (status spawned = made->spawn(s, folder); !spawned) return tl::unexpected(spawned.error());
  if (status ready = made->wait_until_ready(log, from); !ready) return tl::unexpected(ready.error());
  made->until_ready_ = {clock.since().wall_s, made->cpu_s()};
  return made;
}

status node_process::spawn(const settings& s, const std::filesystem::path& folder) {
  const std::string log = (folder / "log.ndjson").string();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  std::string words[] = {(s.programs / "zhili").string(), "node", "--config", (folder / "node.yaml").string()};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  const int failed = posix_spawn(&pid_, words[0].c_str(), &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed == 0) return {};
  pid_ = 0;
  return fail(errc::io, fmt::format("{} does not start: {}", words[0], std::strerror(failed)));
}

status node_process::wait_until_ready(const std::filesystem::path& log, std::uintmax_t from) {
  const auto give_up_at = std::chrono::steady_clock::now() + ready_max;
  while (read_from(log, from).find("ready after") == std::string::npos) {
    int how = 0;
    if (waitpid(pid_, &how, WNOHANG) == pid_) {
      pid_ = 0;
      return fail(errc::io, fmt::format("the node ended: {}", read_from(log, from)));
    }
    if (std::chrono::steady_clock::now() > give_up_at) return fail(errc::io, "the node is not ready after two minutes");
    std::this_thread::sleep_for(look_every);
  }
  return {};
}

node_process::~node_process() { kill_it(); }

void node_process::kill_it() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string node_process::endpoint() const { return fmt::format("tcp://127.0.0.1:{}", port_); }

double node_process::rss_bytes() const {
  std::ifstream in(fmt::format("/proc/{}/statm", pid_));
  double all = 0;
  double in_ram = 0;
  in >> all >> in_ram;
  return in_ram * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double node_process::cpu_s() const {
  std::ifstream in(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(in, line);
  // Behind the name, which may hold anything: the 14th and 15th fields of all are user and system time.
  std::istringstream rest(line.substr(std::min(line.rfind(')') + 2, line.size())));
  std::string skipped;
  for (int n = 3; n < 14; ++n) rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace zhili::bench
