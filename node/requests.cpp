// SPDX-License-Identifier: Apache-2.0
#include "node/requests.hpp"

#include <nlohmann/json.hpp>

#include "node/copy_questions.hpp"
#include "node/desk_questions.hpp"

namespace zhili::node {
namespace {

using nlohmann::ordered_json;

/// A reply stays well below a frame.
constexpr std::size_t tail_bytes_max = 256 * 1024;
constexpr std::chrono::seconds settle_max{30};

}  // namespace

std::string counts_json(const shell::shell_counters& c, const policy::pack& pack, const link_counts& link) {
  ordered_json j;
  j["pack"] = {{"name", pack.name()}, {"version", pack.version()}, {"digest", hex(pack.digest())}};
  j["submissions"] = c.hosts.submissions;
  j["repeated"] = c.hosts.repeated;
  j["busy"] = c.hosts.busy;
  partition::account_books sum;
  for (std::size_t k = 0; k < c.books.size(); ++k) {
    const auto& b = c.books[k];
    sum.submitted += b.submitted;
    sum.decided += b.decided;
    sum.waiting += b.waiting;
    sum.refused += b.refused;
    if (b.submitted == 0) continue;
    j["accounted_by_kind"][wire::EnumNamesubject_kind(static_cast<subject_kind>(k))] = {
        {"submitted", b.submitted}, {"decided", b.decided}, {"waiting", b.waiting}, {"refused", b.refused}};
  }
  j["accounted"] = {{"submitted", sum.submitted}, {"decided", sum.decided}, {"waiting", sum.waiting}, {"refused", sum.refused}};
  for (const auto& [of, n] : c.verdicts) {
    j["verdicts"][std::string(partition::find_workflow(of.first)->name)][wire::EnumNameverdict(of.second)] = n;
  }
  j["decisions"] = c.decisions;
  j["commands"] = c.commands;
  j["subjects"] = c.subjects;
  j["refused_inside"] = c.refused_inside;
  j["letters"] = {{"in", c.hosts.letters_in}, {"out", c.hosts.letters_out}, {"put_off", c.hosts.put_off}, {"resent", c.hosts.resent}, {"gaps", c.hosts.gaps}};
  j["restore_gaps"] = {{"sent_and_forgotten_here", c.hosts.unknown_here},
                       {"taken_and_forgotten_by_their_source", c.gaps.forgotten},
                       {"sent_again_from_the_log", c.hosts.sent_again},
                       {"missed_for_good", c.gaps.missed}};
  j["log"] = {{"syncs", c.commits.syncs}, {"batches", c.commits.batches}, {"bytes", c.commits.bytes},
              {"failed", c.commits.failed}, {"busy_s", c.commits.busy_s}};
  for (std::size_t i = 0; i < link_counts_n; ++i) j["link"][std::string(name(static_cast<link_count>(i)))] = link.value[i];
  return j.dump();
}

requests::requests(server& node, const scenarios::shelf& packs)
    : node_(node), tail_(node.folder().log(), packs, [&node](partition_id id) { return node.partitions().hosts(id); }), thread_([this] { run(); }) {}

void requests::end() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  given_.notify_one();
  thread_.join();
}

void requests::from_client(const client_origin& client, const opened_frame& frame) {
  for (const frame_entry entry : frame) {
    const auto& r = std::get<request_entry>(entry);
    errand e{client, r.correlation, r.verb, std::string(reinterpret_cast<const char*>(r.body.data()), r.body.size())};
    {
      std::lock_guard lock(mutex_);
      if (waiting_.size() < waiting_max) {
        waiting_.push_back(std::move(e));
        given_.notify_one();
        continue;
      }
    }
    reply(e, fail(errc::out_of_range, "too many questions wait here; ask again in a moment"));
  }
}

void requests::run() {
  for (;;) {
    errand e;
    {
      std::unique_lock lock(mutex_);
      given_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (ends_) return;
      e = std::move(waiting_.front());
      waiting_.pop_front();
    }
    // A body of another shape than its verb's must not end the thread.
    try {
      reply(e, answer(e));
    } catch (const nlohmann::json::exception&) {
      reply(e, fail(errc::malformed, "the question has a field of another type than it should"));
    }
  }
}

result<std::string> requests::answer(const errand& e) {
  switch (static_cast<request_verb>(e.verb)) {
    case request_verb::settle: {
      const auto j = ordered_json::parse(e.body, nullptr, false);
      if (j.is_object()) node_.clock().reached({j.value("at", std::int64_t{0})});
      node_.load_due_snapshots();
      if (!node_.partitions().drain(settle_max)) return fail(errc::io, "messages are still on their way after 30 s");
      return ordered_json{{"commands", node_.partitions().read().commands}}.dump();
    }
    case request_verb::tail: {
      const auto j = ordered_json::parse(e.body, nullptr, false);
      if (!j.is_object() || !j.contains("position")) return fail(errc::malformed, "field `position` is missing");
      const auto from = read_position(j["position"].dump());
      if (!from) return tl::unexpected(from.error());
      const std::size_t asked = j.value("bytes_max", tail_bytes_max);
      auto piece = tail_.read(*from, std::min(asked, tail_bytes_max));
      if (!piece) return tl::unexpected(piece.error());
      ordered_json last;
      last["position"] = ordered_json::parse(to_json(piece->position));
      last["at_end"] = piece->at_end;
      return piece->lines + last.dump() + '\n';
    }
    case request_verb::counts: return counts_json(node_.partitions().read(), node_.pack(), link_->counts());
    case request_verb::desk: return desk_tasks(node_.partitions(), e.body);
    case request_verb::measure: return measure_of(node_.partitions(), e.body);
    case request_verb::copy_list: return copy_list(node_.folder(), [this](partition_id id) { return node_.partitions().hosts(id); }, e.body);
    case request_verb::copy_records: return copy_records(node_.folder(), e.body);
    case request_verb::copy_snapshot: return copy_snapshot(node_.folder(), e.body);
    case request_verb::copy_texts: return copy_texts(node_.folder(), e.body);
    case request_verb::copy_files: return copy_files(node_.folder(), e.body);
    case request_verb::release: return node_.releases().answer(e.body, e.client.name);
    case request_verb::time: return ordered_json{{"now", node_.clock().now().ms}}.dump();
  }
  return fail(errc::unknown_type, "there is no such question");
}

void requests::reply(const errand& e, const result<std::string>& body) {
  reply_entry r;
  r.correlation = e.correlation;
  r.verb = e.verb;
  const std::string text = body ? *body : answer_text(body.error().detail);
  r.code = body ? errc::none : body.error().code;
  r.body = as_bytes_view(text);
  link_->reply(e.client, r);
}

}  // namespace zhili::node
