// SPDX-License-Identifier: Apache-2.0
#include "node/reception.hpp"

#include <fmt/format.h>

namespace zhili::node {
namespace {

link_options link_of(const node_config& c, const policy::pack& pack) {
  link_options o;
  o.name = c.name;
  o.pack = pack.digest();
  o.listen_peers = c.listen;
  o.listen_clients = c.gateway;
  o.secret_key = c.secret_key_file;
  if (!c.secret_key_file.empty()) o.public_key = std::filesystem::path(c.secret_key_file).replace_extension(".public");
  o.insecure = c.insecure;
  o.faults = c.faults;
  for (const auto& [name, p] : c.peers) o.peers.push_back({name, p.endpoint, p.public_key_file, false});
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(c.client_keys_dir, ec)) {
    if (entry.path().extension() == ".public") o.clients.push_back({entry.path().stem().string(), entry.path()});
  }
  return o;
}

}  // namespace

reception::reception(server& node, const homes& where, mail& away)
    : node_(node), where_(where), away_(away), door_(node, where), clerk_(node, node.shelves()) {}

status reception::open() {
  const std::string& name = node_.config().name;
  link_events events;
  events.from_client = [this](const client_origin& client, opened_frame frame) {
    all_set_.wait();
    from_client(client, std::move(frame));
  };
  events.from_peer = [this](const std::string& peer, opened_frame frame) {
    all_set_.wait();
    from_peer(peer, std::move(frame));
  };
  events.peer_up = [this, name](const peer_facts& peer) {
    say("info", name, fmt::format("{} is there", peer.name));
    node_.partitions().resend_all();
  };
  events.peer_down = [name](const std::string& peer) { say("warn", name, fmt::format("{} is gone", peer)); };
  auto bound = zmq_link::start(link_of(node_.config(), node_.pack()), std::move(events));
  if (!bound) return tl::unexpected(bound.error());
  link_ = std::move(*bound);
  door_.use(*link_);
  clerk_.use(*link_);
  away_.use(*link_);
  set_.set_value();
  return {};
}

void reception::from_client(const client_origin& client, opened_frame&& frame) {
  if (frame.kind() == frame_kind::submissions) {
    door_.from_client(client, std::move(frame));
  } else {
    clerk_.from_client(client, frame);
  }
}

void reception::from_peer(const std::string& peer, opened_frame&& frame) {
  if (frame.kind() == frame_kind::submissions) return door_.from_peer(peer, std::move(frame));
  std::vector<shell::letter> letters;
  std::vector<shell::receipt_note> notes;
  std::uint64_t astray = 0;
  for (const frame_entry entry : frame) {
    if (const auto* m = std::get_if<message_entry>(&entry)) {
      letters.push_back(letter_of(*m));
      if (where_.here(letters.back().destination())) continue;
      letters.pop_back();
      ++astray;
    } else if (const auto* r = std::get_if<receipt_entry>(&entry)) {
      if (where_.here(r->source)) {
        notes.push_back(note_of(*r));
      } else {
        ++astray;
      }
    } else if (const auto* a = std::get_if<answer_entry>(&entry)) {
      door_.answered(*a);
    }
  }
  if (astray != 0 && away_.astray(astray)) {
    say("error", node_.config().name,
        fmt::format("{} sends letters for partitions that do not live here: the configurations differ", peer));
  }
  // A node that goes by a trace is as late as the latest that it has heard of.
  if (node_.clock().runs_by() == shell::node_clock::kind::trace) {
    for (const shell::letter& l : letters) node_.clock().reached({l.head.at()});
  }
  if (!letters.empty() && !draining_.load(std::memory_order_relaxed)) node_.partitions().arrived(std::move(letters));
  if (!notes.empty()) node_.partitions().arrived(std::move(notes));
}

}  // namespace zhili::node
