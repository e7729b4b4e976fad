// SPDX-License-Identifier: Apache-2.0
#include "bench/process.hpp"

#include <malloc.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

namespace zhili::bench {
namespace {

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

std::string read_to_end(int from) {
  std::string out;
  std::array<char, 65536> block;
  for (ssize_t n; (n = read(from, block.data(), block.size())) > 0;) out.append(block.data(), static_cast<std::size_t>(n));
  return out;
}

}  // namespace

result<child_run> run_child(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe(ends) != 0) return fail(errc::io, fmt::format("no pipe for {}: {}", command[0], std::strerror(errno)));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::vector<char*> arguments;
  for (const std::string& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);

  const stopwatch clock;
  pid_t pid = 0;
  const int started = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (started != 0) {
    close(ends[0]);
    return fail(errc::io, fmt::format("{} does not start: {}", command[0], std::strerror(started)));
  }
  child_run run;
  run.out = read_to_end(ends[0]);
  close(ends[0]);
  int ended = 0;
  rusage used{};
  wait4(pid, &ended, 0, &used);
  run.took = {clock.since().wall_s, seconds(used.ru_utime) + seconds(used.ru_stime)};
  run.rss_max_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
    return fail(errc::io, fmt::format("{} ended with {}", command[0], WIFEXITED(ended) ? WEXITSTATUS(ended) : -1));
  }
  return run;
}

std::string first_line_of(const std::string& shell_command) {
  std::FILE* pipe = popen((shell_command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 512> line{};
  const bool any = std::fgets(line.data(), static_cast<int>(line.size()), pipe) != nullptr;
  const bool good = pclose(pipe) == 0;
  if (!any || !good) return {};
  return {line.data(), std::strcspn(line.data(), "\n")};
}

std::uint64_t rss_bytes() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t in_ram = 0;
  statm >> all >> in_ram;
  return in_ram * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace zhili::bench
