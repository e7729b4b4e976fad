// SPDX-License-Identifier: Apache-2.0
// A hop between two nodes: a message is built, goes through the mail and the link of one node over tcp to the other, is
// opened and checked there and handed to the actor of its shard; against raw ZeroMQ with the same payload.
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/benchmark.hpp"
#include "bench/node_here.hpp"
#include "bench/raw_pipe.hpp"
#include "bench/scratch.hpp"
#include "node/keygen.hpp"
#include "protocols/schema/content_generated.h"

namespace zhili::bench {
namespace {

using std::chrono::microseconds;

constexpr std::size_t letters_a_commit = 64;
/// Letters that wait for the link before the sender holds back: less than its queue takes.
constexpr std::size_t waiting_max = 16 * 1024;
constexpr const char* near_name = "near";
constexpr const char* far_name = "far";

/// A message of the length asked for, as a workflow would build it: a table with ids, numbers and a string.
class letter_builder {
 public:
  explicit letter_builder(std::size_t bytes) {
    // What the table takes without its string, found by building one.
    filler_.assign(1, 'x');
    build(1);
    filler_.assign(bytes - builder_.GetSize() + 1, 'x');
    // Strings end at a multiple of four.
    build(1);
    while (builder_.GetSize() > bytes) filler_.pop_back(), build(1);
  }
  std::size_t bytes() { return build(1).size(); }

  shell::letter next(std::uint64_t n) {
    shell::letter l;
    l.source = {workflow_numbers::content, static_cast<shard_no>(n / letters_a_commit % shard_count)};
    const partition_id to{workflow_numbers::takedown, static_cast<shard_no>(n % shard_count)};
    const wire::id account(static_cast<std::uint64_t>(subject_kind::institution) << 56 | n, n);
    l.head = wire::send_header(account, 1'626'537'600'000, n + 1, to.packed(), 1, 0, 0);
    l.incarnation = 1;
    l.type = 1;
    l.fill(build(n));
    return l;
  }

 private:
  bytes_view build(std::uint64_t n) {
    const wire::id institution(static_cast<std::uint64_t>(subject_kind::institution) << 56 | n, n);
    const wire::hash256 hash(n, n, n, n);
    builder_.Clear();
    const auto text = builder_.CreateString(filler_);
    builder_.Finish(
        wire::content::Createsubmit_content(builder_, n + 1, subject_kind::diary, &institution, &hash, 300, 1, 5, text));
    return body_of(builder_);
  }

  flatbuffers::FlatBufferBuilder builder_{512};
  std::string filler_;
};

/// Two nodes on loopback. The far one hosts another workflow than the letters are for: they come into the hands of their
/// shard's actor and are laid aside there, so that no decision is in the figures.
struct two_nodes {
  std::unique_ptr<node_here> far;
  std::unique_ptr<node::homes> where;
  std::unique_ptr<node::mail> mail;
  std::unique_ptr<node::zmq_link> near;

  ~two_nodes() {
    if (near) near->stop();
  }
  /// `keys`: a folder for key files; empty: without CURVE.
  status start(const settings& s, const std::filesystem::path& data, const std::filesystem::path& keys);
};

status two_nodes::start(const settings& s, const std::filesystem::path& data, const std::filesystem::path& keys) {
  node::node_config config = node_here::alone(data, s.root / "bench/packs/constant");
  config.name = far_name;
  config.gateway.clear();
  config.listen = "tcp://127.0.0.1:*";
  config.workflows = {workflow_numbers::signal};
  config.peers[near_name] = {};
  node::link_options mine;
  mine.name = near_name;
  if (!keys.empty()) {
    const auto here = node::write_key_files(keys, near_name);
    if (!here) return tl::unexpected(here.error());
    const auto there = node::write_key_files(keys, far_name);
    if (!there) return tl::unexpected(there.error());
    config.secret_key_file = there->secret_file;
    config.peers[near_name].public_key_file = here->public_file;
    mine.secret_key = here->secret_file;
    mine.public_key = here->public_file;
    mine.peers.push_back({far_name, {}, there->public_file, false});
  } else {
    mine.peers.push_back({far_name, {}, {}, false});
  }
  auto started = node_here::start(config);
  if (!started) return tl::unexpected(started.error());
  far = std::move(*started);
  mine.peers[0].endpoint = far->link().peers_endpoint();
  std::promise<void> up;
  std::future<void> is_up = up.get_future();
  node::link_events events;
  events.peer_up = [&up](const node::peer_facts&) { up.set_value(); };
  auto link = node::zmq_link::start(std::move(mine), std::move(events));
  if (!link) return tl::unexpected(link.error());
  near = std::move(*link);
  if (is_up.wait_for(std::chrono::seconds{10}) != std::future_status::ready) return fail(errc::io, "the nodes do not find each other");
  node::node_config homes;
  homes.peers[far_name].workflows = {workflow_numbers::takedown};
  for (shard_no n = 0; n < shard_count; ++n) homes.peers[far_name].shards.push_back(n);
  where = std::make_unique<node::homes>(homes);
  mail = std::make_unique<node::mail>(*where);
  mail->use(*near);
  return {};
}

/// Until every letter has been in the hands of its shard's actor.
result<elapsed> drive(two_nodes& nodes, letter_builder& from, std::uint64_t letters) {
  const auto arrived = [&] { return nodes.far->link().counts()[node::link_count::entries_in]; };
  const std::uint64_t before = arrived();
  const stopwatch clock;
  for (std::uint64_t n = 0; n < letters;) {
    std::vector<shell::letter> some;
    some.reserve(letters_a_commit);
    for (std::size_t i = 0; i < letters_a_commit; ++i) some.push_back(from.next(n++));
    while (nodes.near->waiting(far_name) > waiting_max) std::this_thread::sleep_for(microseconds{100});
    nodes.mail->send(std::move(some));
  }
  while (nodes.mail->put_off() == 0 && arrived() - before < letters) std::this_thread::sleep_for(microseconds{100});
  // What was given to the actors before this comes before it.
  nodes.far->partitions().each_shard([](shell::shard_host&) {});
  if (nodes.mail->put_off() != 0) return fail(errc::io, "the link's queue did not take a letter");
  return clock.since();
}

result<std::vector<double>> hop(const settings& s, std::size_t payload, std::uint64_t letters, bool curve) {
  const scratch_folder folder(s);
  two_nodes nodes;
  if (status up = nodes.start(s, folder.path() / "data", curve ? folder.path() : ""); !up) return tl::unexpected(up.error());
  letter_builder from(payload);
  const auto took = drive(nodes, from, letters);
  if (!took) return tl::unexpected(took.error());
  return per_item(letters, *took);
}

result<std::vector<double>> raw(std::size_t payload, std::uint64_t payloads, bool curve) {
  const auto took = drive_raw_pipe({payloads, payload, letters_a_commit, curve});
  if (!took) return tl::unexpected(took.error());
  return per_item(payloads, *took);
}

/// Median over the rounds of one row's letters a second by another's, in per cent.
double share(const table& t, std::size_t of, std::size_t by) {
  std::vector<double> ratios;
  for (unsigned n = 0; n < t.rounds; ++n) ratios.push_back(t.rows[of].samples[2][n] / t.rows[by].samples[2][n] * 100);
  return spread_of(ratios).median;
}

result<table> race(const settings& s, std::size_t payload, bool with_goals) {
  const std::uint64_t many = s.of<std::uint64_t>(2'000'000, 6400);
  const std::size_t bytes = letter_builder(payload).bytes();
  table t;
  t.name = "hop";
  t.title = fmt::format("a letter of {} bytes from one node to another, over tcp", bytes);
  t.says = fmt::format(
      "{} letters a round. In: building the message, the mail, the link's queue and frames, tcp on loopback, opening and "
      "checking frame and entries, dealing by shard, the mailbox of the shard's actor. Out: the decision. A letter has 56 bytes "
      "of heads besides, and is copied into the letter, the frame, the aligned frame at the other end and the letter there; no "
      "syncs. Raw ZeroMQ has the same payload of {} bytes, 64 to a message, copied once into the message, DEALER to ROUTER, and "
      "looks at nothing. Both ends in one process on {} cores.",
      many, bytes, std::thread::hardware_concurrency());
  t.metrics = item_metrics("letter");
  const status ran = interleave(s.rounds,
                                {{"zhili", [&] { return hop(s, payload, many, false); }},
                                 {"raw ZeroMQ (floor)", [&] { return raw(bytes, many, false); }},
                                 {"zhili, CURVE", [&] { return hop(s, payload, many, true); }},
                                 {"raw ZeroMQ, CURVE (floor)", [&] { return raw(bytes, many, true); }}},
                                t);
  if (!ran) return tl::unexpected(ran.error());
  if (!with_goals) return t;
  t.goals = {{"letters a second, of raw ZeroMQ's", share(t, 0, 1), 50, true, 0, " %"},
             {"the same with CURVE", share(t, 2, 3), 60, true, 0, " %"}};
  return t;
}

}  // namespace

result<std::vector<table>> run_hop(const settings& s) {
  std::vector<table> out;
  // As long as a small submission, which the goals were set for; then as most letters are.
  for (const std::size_t payload : {std::size_t{300}, std::size_t{128}}) {
    auto t = race(s, payload, payload == 300);
    if (!t) return tl::unexpected(t.error());
    out.push_back(std::move(*t));
  }
  return out;
}

}  // namespace zhili::bench
