// SPDX-License-Identifier: Apache-2.0
#include "node/link/link.hpp"

#include <cerrno>
#include <cstring>

#include <sys/eventfd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "node/link/shared.hpp"

namespace zhili::node {
namespace {

posted counted(link_shared& shared, posted how) {
  switch (how) {
    case posted::yes: shared.wake(); break;
    case posted::full: shared.counters.add(link_count::queue_full); break;
    case posted::unknown: shared.counters.add(link_count::unknown_destination); break;
    case posted::bad_entry: shared.counters.add(link_count::bad_entry); break;
  }
  return how;
}

}  // namespace

void link_shared::wake() {
  if (woken.exchange(true)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_fd, &one, sizeof one);
}

zmq_link::zmq_link(std::unique_ptr<link_shared> shared) : shared_(std::move(shared)) {}

zmq_link::~zmq_link() {
  stop();
  ::close(shared_->wake_fd);
}

result<std::unique_ptr<zmq_link>> zmq_link::start(link_options options, link_events events) {
  auto keys = check_doors(options);
  if (!keys) return tl::unexpected(keys.error());
  auto shared = std::make_unique<link_shared>();
  shared->options = std::move(options);
  shared->events = std::move(events);
  shared->keys = std::move(*keys);
  for (const link_peer& p : shared->options.peers) {
    if (!p.endpoint.empty()) shared->peers.try_emplace(p.name, shared->options.peer_queue);
  }
  shared->wake_fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (shared->wake_fd < 0) return fail(errc::io, fmt::format("eventfd: {}", std::strerror(errno)));

  std::promise<status> opened;
  std::future<status> open = opened.get_future();
  shared->thread = std::thread(run_link, std::ref(*shared), std::move(opened));
  std::unique_ptr<zmq_link> link(new zmq_link(std::move(shared)));
  if (status s = open.get(); !s) return tl::unexpected(s.error());
  return link;
}

posted zmq_link::post(std::string_view peer, const frame_entry& entry) {
  const auto found = shared_->peers.find(peer);
  return counted(*shared_, found == shared_->peers.end() ? posted::unknown : found->second.push(entry));
}

std::size_t zmq_link::post(std::string_view peer, std::span<const frame_entry> entries) {
  const auto found = shared_->peers.find(peer);
  std::size_t taken = 0;
  for (const frame_entry& e : entries) {
    const posted how = found == shared_->peers.end() ? posted::unknown : found->second.push(e);
    if (how == posted::yes) {
      ++taken;
      continue;
    }
    counted(*shared_, how);
    if (how != posted::bad_entry) break;
  }
  if (taken != 0) shared_->wake();
  return taken;
}

posted zmq_link::reply(const client_origin& client, const frame_entry& entry) { return reply(client, {&entry, 1}); }

posted zmq_link::reply(const client_origin& client, std::span<const frame_entry> entries) {
  posted worst = posted::yes;
  const auto push = [&] {
    const std::lock_guard lock(shared_->clients_mutex);
    if (shared_->clients_endpoint.empty() || client.id.empty()) return posted::unknown;
    if (shared_->clients_bytes >= shared_->options.clients_bytes_max) return posted::full;
    auto& clients = shared_->clients;
    auto found = clients.find(client.id);
    if (found == clients.end()) {
      if (clients.size() >= shared_->options.clients_max) return posted::full;
      found = clients.try_emplace(client.id, shared_->options.client_queue).first;
    }
    outbox& queue = found->second.queue;
    const std::size_t before = queue.bytes();
    for (std::size_t n = 0; n < entries.size() && worst != posted::full; ++n) {
      if (const posted how = queue.push(entries[n]); how != posted::yes) counted(*shared_, worst = how);
    }
    shared_->clients_bytes += queue.bytes() - before;
    return posted::yes;
  };
  const posted reached = counted(*shared_, push());
  return reached == posted::yes ? worst : reached;
}

const std::string& zmq_link::peers_endpoint() const { return shared_->peers_endpoint; }
const std::string& zmq_link::clients_endpoint() const { return shared_->clients_endpoint; }
link_counts zmq_link::counts() const { return shared_->counters.read(); }

std::size_t zmq_link::waiting(std::string_view peer) const {
  const auto found = shared_->peers.find(peer);
  return found == shared_->peers.end() ? 0 : found->second.entries();
}

void zmq_link::stop() {
  if (!shared_->thread.joinable()) return;
  shared_->stopping = true;
  shared_->woken = false;
  shared_->wake();
  shared_->thread.join();
}

}  // namespace zhili::node
