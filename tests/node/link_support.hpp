// SPDX-License-Identifier: Apache-2.0
// Links on loopback and what their threads heard; key files in a folder that goes away; raw ZeroMQ sockets.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "node/keygen.hpp"
#include "node/link/link.hpp"

namespace zhili::node {

using namespace std::chrono_literals;

/// Whether it became true within 10 seconds (a sanitizer on a busy machine is slow).
inline bool soon(const std::function<bool()>& holds, std::chrono::milliseconds at_most = 10s) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

/// A folder with the key pairs that were asked for.
class key_folder {
 public:
  key_folder() {
    static int n = 0;
    path_ = std::filesystem::temp_directory_path() / ("zhili-link-" + std::to_string(::getpid()) + "-" + std::to_string(++n));
    std::filesystem::create_directories(path_);
  }
  ~key_folder() { std::filesystem::remove_all(path_); }
  key_folder(const key_folder&) = delete;
  key_folder& operator=(const key_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path shared(const std::string& name) { return files(name).public_file; }
  std::filesystem::path secret(const std::string& name) { return files(name).secret_file; }

 private:
  const key_files& files(const std::string& name) {
    auto found = made_.find(name);
    if (found == made_.end()) found = made_.emplace(name, write_key_files(path_, name).value()).first;
    return found->second;
  }
  std::filesystem::path path_;
  std::map<std::string, key_files> made_;
};

/// What a link's events told, and the link.
struct station {
  std::mutex mutex;
  std::map<std::string, std::vector<std::uint64_t>> numbers;
  std::vector<std::string> ups, downs;
  std::vector<client_origin> clients;
  std::size_t submissions = 0;
  std::size_t answers = 0;
  peer_facts last_up;
  /// Called for a client's frame, if set.
  std::function<void(zmq_link&, const client_origin&, const opened_frame&)> serve;
  std::unique_ptr<zmq_link> link;

  link_events events() {
    link_events e;
    e.from_peer = [this](const std::string& peer, opened_frame frame) {
      const std::lock_guard lock(mutex);
      for (const frame_entry& one : frame) {
        if (const auto* m = std::get_if<message_entry>(&one)) numbers[peer].push_back(m->head.number());
        if (std::holds_alternative<answer_entry>(one)) ++answers;
      }
    };
    e.from_client = [this](const client_origin& client, opened_frame frame) {
      const std::lock_guard lock(mutex);
      clients.push_back(client);
      submissions += frame.count();
      if (serve) serve(*link, client, frame);
    };
    e.peer_up = [this](const peer_facts& f) {
      const std::lock_guard lock(mutex);
      ups.push_back(f.name);
      last_up = f;
    };
    e.peer_down = [this](const std::string& peer) {
      const std::lock_guard lock(mutex);
      downs.push_back(peer);
    };
    return e;
  }

  void start(link_options o) {
    auto started = zmq_link::start(std::move(o), events());
    REQUIRE_MESSAGE(started.has_value(), started.error().detail);
    const std::lock_guard lock(mutex);
    link = std::move(*started);
  }
  ~station() {
    // Its thread uses what is declared above it, and the pointer.
    if (link) link->stop();
  }

  /// A copy of a member while no callback changes it.
  template <class T>
  T now(T station::*member) {
    const std::lock_guard lock(mutex);
    return this->*member;
  }
  std::size_t up_count() { return now(&station::ups).size(); }
  std::size_t down_count() { return now(&station::downs).size(); }
  std::vector<std::uint64_t> heard_from(const std::string& peer) {
    const std::lock_guard lock(mutex);
    return numbers[peer];
  }
  std::size_t heard_count(const std::string& peer) {
    const std::lock_guard lock(mutex);
    return numbers[peer].size();
  }
  std::uint64_t count(link_count c) const { return link->counts()[c]; }
};

inline link_options named(const std::string& name) {
  link_options o;
  o.name = name;
  o.call_again_after = 20ms;
  o.hello_max = 500ms;
  return o;
}

/// A port that was free a moment ago: two links have to know of each other before either is there.
std::string free_endpoint();

inline message_entry message_no(std::uint64_t number) {
  static const auto account = to_wire(make_subject_id("cn", subject_kind::institution, "clinic-1"));
  static const std::byte body[8] = {};
  return {{1, 7}, 1, wire::send_header(account, 1'626'570'000'000, number, partition_id{5, 7}.packed(), 0, 0, 0), 257, body};
}

}  // namespace zhili::node
