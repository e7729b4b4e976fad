// SPDX-License-Identifier: Apache-2.0
#include "node/commit_mark.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>

#include "storage/memory_log.hpp"

namespace zhili::node {
namespace {

using stage = shell::commit_watch::stage;

struct folder {
  std::filesystem::path path;
  folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "zhili-mark-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~folder() { std::filesystem::remove_all(path); }
};

/// Keeps every stage that it is told.
struct noted final : shell::commit_watch {
  std::vector<stage> stages;
  void reached(stage s) override { stages.push_back(s); }
};

}  // namespace

TEST_SUITE("node/commit_mark") {
  TEST_CASE("tells of a process that was killed where its commit stood") {
    const folder dir;
    const auto file = commit_mark::file_in(dir.path);
    CHECK(commit_mark::look(file).error().code == errc::not_found);
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
      auto mark = commit_mark::make(file);
      if (mark) (*mark)->reached(stage::writing);
      const char one = mark ? 1 : 0;
      if (write(ready[1], &one, 1) == 1) pause();
      _exit(1);
    }
    char made = 0;
    CHECK(read(ready[0], &made, 1) == 1);
    CHECK(made == 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto seen = commit_mark::look(file);
    REQUIRE(seen);
    CHECK((*seen)->now() == stage::writing);
    // The next life begins anew.
    REQUIRE(commit_mark::make(file));
    CHECK((*seen)->now() == stage::idle);
    close(ready[0]);
    close(ready[1]);
  }

  TEST_CASE("a commit is writing until it is on disk, and kept until everybody has been told") {
    storage::memory_log log;
    const auto lease = log.acquire({1, 0});
    REQUIRE(lease);
    noted watch;
    std::promise<std::vector<stage>> told;
    {
      shell::committing_thread commits(log, &watch);
      batch_writer batch;
      shell::commit_request r{*lease, 1, std::move(batch), {}};
      r.done = [&](storage::append_outcome, batch_writer&&) { told.set_value(watch.stages); };
      commits.give(std::move(r));
      CHECK(told.get_future().get() == std::vector{stage::writing, stage::kept});
    }
    CHECK(watch.stages == std::vector{stage::writing, stage::kept, stage::idle});
  }
}

}  // namespace zhili::node
