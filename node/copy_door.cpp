// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "node/copy_questions.hpp"
#include "node/copy_source.hpp"
#include "node/requests.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::seconds reply_max{5};
/// A node that is started again meanwhile is waited for.
constexpr unsigned asks_max = 12;
/// Hashes in one question.
constexpr std::size_t hashes_at_once = 4096;

tl::unexpected<error> strange(const char* what) {
  return fail(errc::malformed, fmt::format("the node's reply {}: is it of another version?", what));
}

/// Asks again where no reply came: every question may be asked any number of times.
result<std::string> ask(client& node, request_verb verb, std::string_view body) {
  for (unsigned n = 1;; ++n) {
    auto reply = node.ask(static_cast<std::uint16_t>(verb), body, reply_max);
    if (reply || reply.error().code != errc::io || n == asks_max) return reply;
  }
}

/// A node's partitions, read page by page.
class remote_partitions final : public storage::partition_source {
 public:
  explicit remote_partitions(client& node) : node_(node) {}

  result<std::optional<storage::snapshot>> get_snapshot(partition_id id) override {
    storage::snapshot out;
    for (;;) {
      const ordered_json q{{"partition", id.packed()}, {"offset", out.bytes.size()}};
      const auto page = ask(node_, request_verb::copy_snapshot, q.dump());
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return std::nullopt;
      snapshot_piece head;
      if (page->size() < sizeof head) return strange("has no head");
      std::memcpy(&head, page->data(), sizeof head);
      // Another one was published meanwhile: from its beginning.
      if (out.at.value != head.at) out.bytes.clear();
      const bool begun = out.at.value == head.at || q["offset"] == 0;
      out.at = storage::seq{head.at};
      if (!begun) continue;
      const bytes_view piece = as_bytes_view(std::string_view{*page}.substr(sizeof head));
      out.bytes.insert(out.bytes.end(), piece.begin(), piece.end());
      if (out.bytes.size() >= head.total) return out;
      if (piece.empty()) return strange("ends before the snapshot does");
    }
  }

  result<storage::extent> extent(partition_id id) override {
    const auto reply = ask(node_, request_verb::copy_list, ordered_json{{"partition", id.packed()}}.dump());
    if (!reply) return tl::unexpected(reply.error());
    const auto all = facts_of(*reply);
    if (!all) return tl::unexpected(all.error());
    if (all->size() != 1) return strange("is not of one partition");
    return (*all)[0].extent;
  }

  status read_records(
      partition_id id, storage::seq from, storage::seq through, const storage::record_visitor& visit) override {
    std::vector<std::byte> batch;
    while (from <= through) {
      const ordered_json q{
          {"partition", id.packed()}, {"from", from.value}, {"through", through.value}, {"offset", batch.size()}};
      const auto page = ask(node_, request_verb::copy_records, q.dump());
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return fail(errc::corrupt, fmt::format("the node has no batch {}", from.value));
      for (std::string_view rest = *page; !rest.empty();) {
        record_piece head;
        if (rest.size() < sizeof head) return strange("has a piece without its head");
        std::memcpy(&head, rest.data(), sizeof head);
        rest.remove_prefix(sizeof head);
        if (head.seq != from.value || head.offset != batch.size() || head.length > rest.size() || head.total > limits::batch_bytes_max)
          return strange("has a piece that was not asked for");
        const bytes_view piece = as_bytes_view(rest.substr(0, head.length));
        batch.insert(batch.end(), piece.begin(), piece.end());
        rest.remove_prefix(head.length);
        if (batch.size() < head.total) continue;
        if (!visit({from, {head.id_hi, head.id_lo}, batch})) return {};
        batch.clear();
        ++from.value;
      }
    }
    return {};
  }

  static result<std::vector<partition_facts>> facts_of(const std::string& reply) {
    const auto j = ordered_json::parse(reply, nullptr, false);
    if (!j.is_object() || !j.contains("partitions") || !j["partitions"].is_array()) return strange("has no partitions");
    if (j.value("shards", 0u) != shard_count) {
      return fail(
          errc::unsupported_version,
          fmt::format("the node's deployment has {} shards and this program has {}", j.value("shards", 0u), shard_count));
    }
    std::vector<partition_facts> out;
    for (const auto& p : j["partitions"]) {
      partition_facts f;
      f.id = partition_id::unpack(p.value("partition", std::uint16_t{0}));
      f.extent.archived = storage::seq{p.value("archived", std::uint64_t{1})};
      f.extent.first = storage::seq{p.value("first", std::uint64_t{1})};
      f.extent.last = storage::seq{p.value("last", std::uint64_t{0})};
      f.extent.incarnation = storage::incarnation{p.value("incarnation", std::uint32_t{1})};
      out.push_back(f);
    }
    return out;
  }

 private:
  client& node_;
};

class door_source final : public copy_source {
 public:
  door_source(client& node, std::string name) : node_(node), name_(std::move(name)), partitions_(node) {}

  const std::string& name() const override { return name_; }
  bool stands_still() const override { return false; }
  storage::partition_source& partitions() override { return partitions_; }

  result<std::vector<partition_facts>> list() override {
    const auto reply = ask(node_, request_verb::copy_list, "{}");
    return reply ? remote_partitions::facts_of(*reply) : tl::unexpected(reply.error());
  }

  status texts(std::span<const digest256> hashes, const std::function<status(std::string_view)>& take) override {
    while (!hashes.empty()) {
      const auto some = hashes.first(std::min(hashes.size(), hashes_at_once));
      const auto page = ask(
          node_, request_verb::copy_texts, {reinterpret_cast<const char*>(some.data()), some.size_bytes()});
      if (!page) return tl::unexpected(page.error());
      std::size_t taken = 0;
      for (std::string_view rest = *page; !rest.empty(); ++taken) {
        std::uint32_t length = 0;
        if (rest.size() < sizeof length || taken == some.size()) return strange("has texts that were not asked for");
        std::memcpy(&length, rest.data(), sizeof length);
        rest.remove_prefix(sizeof length);
        if (length == no_text) continue;
        if (rest.size() < length) return strange("ends within a text");
        const std::string_view text = rest.substr(0, length);
        if (blake2b_256(as_bytes_view(text)) != some[taken]) return strange("has another text than was asked for");
        if (status done = take(text); !done) return done;
        rest.remove_prefix(length);
      }
      if (taken == 0) return strange("has no text");
      hashes = hashes.subspan(taken);
    }
    return {};
  }

  result<std::vector<std::string>> files() override {
    const auto reply = ask(node_, request_verb::copy_files, "{}");
    if (!reply) return tl::unexpected(reply.error());
    const auto j = ordered_json::parse(*reply, nullptr, false);
    if (!j.is_array()) return strange("is no list of files");
    return j.get<std::vector<std::string>>();
  }

  result<std::string> file(const std::string& name) override {
    std::string out;
    for (;;) {
      const auto page = ask(node_, request_verb::copy_files, ordered_json{{"name", name}, {"offset", out.size()}}.dump());
      if (!page) return tl::unexpected(page.error());
      out += *page;
      if (page->size() < page_bytes_max) return out;
    }
  }

  result<std::map<std::string, std::string>> records() override {
    const auto reply = ask(node_, request_verb::copy_list, "{}");
    if (!reply) return tl::unexpected(reply.error());
    const auto j = ordered_json::parse(*reply, nullptr, false);
    if (!j.is_object() || !j.contains("records")) return strange("has no manifest");
    return j["records"].get<std::map<std::string, std::string>>();
  }

 private:
  client& node_;
  std::string name_;
  remote_partitions partitions_;
};

}  // namespace

std::unique_ptr<copy_source> copy_from_node(client& node, const std::string& endpoint) {
  return std::make_unique<door_source>(node, endpoint);
}

}  // namespace zhili::node
