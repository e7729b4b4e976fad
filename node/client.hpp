// SPDX-License-Identifier: Apache-2.0
// The client's end of a gateway: submissions with a window and patience, questions with a time limit.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "node/link/link.hpp"

namespace zhili::node {

struct client_options {
  std::string endpoint;
  /// Key files; empty: no CURVE.
  std::filesystem::path secret_key;
  std::filesystem::path public_key;
  std::filesystem::path server_key;
  /// Submissions under way at once.
  std::size_t window = 4096;
  /// What has had no answer for so long is sent again under its key.
  std::chrono::milliseconds ask_again{5000};
  /// Without any answer for so long the client gives up.
  std::chrono::milliseconds patience{30000};
};

struct client_counters {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  /// Envelopes that the gateway could not open or place.
  std::uint64_t bad = 0;
  std::uint64_t busy = 0;
  std::uint64_t asked_again = 0;
};

class client {
 public:
  /// io: nobody answers at the endpoint.
  static result<std::unique_ptr<client>> connect(const client_options& options);
  ~client();

  using heard = std::function<void(const answer_entry&)>;
  /// Called for every final answer, on the link's thread, before `finish` counts it. Once this returns, what was set before
  /// is called no more. Not from within such a call.
  void on_answer(heard f) {
    std::lock_guard lock(hearing_);
    heard_ = std::move(f);
  }

  /// Waits while the window is full, and asks again what is due. io: no answer has come for too long.
  status submit(subject_id key, std::vector<std::byte> envelope);
  /// Waits until every submission has its answer.
  status finish();
  /// The reply's body.
  result<std::string> ask(std::uint16_t verb, std::string_view body, std::chrono::milliseconds limit);

  client_counters counters() const;

 private:
  using clock = std::chrono::steady_clock;
  struct pending {
    std::vector<std::byte> envelope;
    clock::time_point send_at;
  };
  explicit client(const client_options& options) : options_(options) {}
  void from_gateway(const opened_frame& frame);
  void answered(const answer_entry& a);
  /// Sends what is due. Returns false when patience is at its end. REQUIRES: the lock.
  bool pump(std::unique_lock<std::mutex>& lock);
  status wait_while(const std::function<bool()>& full);
  error out_of_patience() const;

  client_options options_;
  std::mutex hearing_;
  heard heard_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = false;
  std::map<subject_id, pending> pending_;
  clock::time_point last_heard_ = clock::now();
  clock::time_point pumped_ = clock::now();
  std::uint64_t questions_ = 0;
  std::map<std::uint64_t, std::optional<result<std::string>>> replies_;
  client_counters counted_;
  std::unique_ptr<zmq_link> link_;
};

}  // namespace zhili::node
