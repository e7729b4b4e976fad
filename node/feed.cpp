// SPDX-License-Identifier: Apache-2.0
#include "node/feed.hpp"

#include <fmt/format.h>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/requests.hpp"
#include "protocols/envelope.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/product_generated.h"
#include "scenarios/trace/body_codec.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::node {
namespace {

constexpr std::chrono::seconds settle_reply_max{3};
constexpr unsigned settle_questions = 100;
constexpr std::chrono::milliseconds settle_pause{50};

result<std::vector<std::byte>> envelope_of(const scenarios::trace_submission& s) {
  const auto body = scenarios::body_codec::of_thread().from_json(s.workflow, s.type, s.body);
  if (!body) return tl::unexpected(body.error());
  envelope_fields e;
  e.workflow = s.workflow;
  e.type = s.type;
  e.account = s.account;
  e.subject = s.subject;
  e.key = s.key;
  e.event_time = s.event_time;
  e.sent_at = s.at;
  e.body = *body;
  e.text = s.text;
  return encode_envelope(e);
}

/// What people and the platform do upon what the node did: it needs its task, order or question to be there.
bool is_reaction(const scenarios::trace_submission& s) {
  using wire::content::content_command;
  using wire::onboarding::onboarding_command;
  using wire::product::product_command;
  switch (s.workflow) {
    case workflow_numbers::desk:
    case workflow_numbers::takedown: return true;
    case workflow_numbers::content: return s.type == static_cast<type_no>(content_command::page_seen);
    case workflow_numbers::product: return s.type == static_cast<type_no>(product_command::page_seen);
    case workflow_numbers::onboarding: return s.type == static_cast<type_no>(onboarding_command::licence_seen);
    default: return false;
  }
}

class submitter {
 public:
  submitter(std::span<const std::unique_ptr<client>> nodes, const feed_settings& settings)
      : nodes_(nodes), gateway_(*nodes[0]), settings_(settings) {
    gateway_.on_answer([this](const answer_entry& a) {
      std::lock_guard lock(mutex_);
      if (a.what == answer_kind::error) {
        ++fed_.refusals[std::string(name(a.code))];
      } else if (a.outcome.status() == wire::status::refused) {
        ++fed_.refusals[wire::EnumNamerefusal(a.outcome.why())];
      } else {
        const bool waits = a.outcome.status() == wire::status::waiting;
        ++fed_.verdicts[waits ? "waiting" : wire::EnumNameverdict(a.outcome.verdict())];
      }
    });
  }
  ~submitter() { gateway_.on_answer({}); }

  status give(const scenarios::trace_submission& s, std::uint64_t line) {
    auto envelope = envelope_of(s);
    if (!envelope) {
      bad(line, envelope.error().detail);
      return {};
    }
    if (settings_.settle && until_ && (s.at >= *until_ || is_reaction(s))) {
      if (status settled = settle(s.at); !settled) return settled;
      until_.reset();
    }
    if (settings_.settle && !until_) until_ = s.at + *settings_.settle;
    return gateway_.submit(s.key, std::move(*envelope));
  }

  void bad(std::uint64_t line, const std::string& why) {
    ++fed_.bad_lines;
    if (settings_.bad_line) settings_.bad_line(line, why);
  }

  /// Nothing is under way within a node, and nothing came to any while the others were asked.
  status settle(instant at) {
    if (status done = gateway_.finish(); !done) return done;
    if (!settings_.settle) return {};
    std::uint64_t before = ~std::uint64_t{0};
    for (;;) {
      std::vector<std::future<result<std::uint64_t>>> asked;
      for (const auto& node : nodes_) asked.push_back(std::async(std::launch::async, [&node, at] { return ask(*node, at); }));
      std::uint64_t sum = 0;
      status good;
      for (auto& a : asked) {
        const auto commands = a.get();
        if (!commands) good = tl::unexpected(commands.error());
        sum += commands.value_or(0);
      }
      if (!good) return good;
      if (nodes_.size() == 1 || sum == before) return {};
      before = sum;
    }
  }

  fed end() {
    std::lock_guard lock(mutex_);
    fed_.counts = gateway_.counters();
    return fed_;
  }

 private:
  static result<std::uint64_t> ask(client& node, instant at) {
    const std::string body = nlohmann::json{{"at", at.ms}}.dump();
    // A node that dies meanwhile takes the question with it.
    for (unsigned n = 1;; ++n) {
      const auto reply = node.ask(static_cast<std::uint16_t>(request_verb::settle), body, settle_reply_max);
      if (reply) return nlohmann::json::parse(*reply, nullptr, false).value("commands", std::uint64_t{0});
      if (n == settle_questions) return tl::unexpected(reply.error());
      std::this_thread::sleep_for(settle_pause);
    }
  }

  std::span<const std::unique_ptr<client>> nodes_;
  client& gateway_;
  const feed_settings& settings_;
  std::optional<instant> until_;
  std::mutex mutex_;
  fed fed_;
};

}  // namespace

result<fed> feed(const std::filesystem::path& trace, std::span<const std::unique_ptr<client>> nodes, const feed_settings& settings) {
  auto lines = scenarios::line_reader::open(trace);
  if (!lines) return tl::unexpected(lines.error());
  const auto begin = std::chrono::steady_clock::now();
  scenarios::line_parser parser;
  submitter submits(nodes, settings);
  bool head = true;
  std::uint64_t given = 0;
  instant last;
  for (;;) {
    const auto line = lines->next();
    if (!line) return tl::unexpected(line.error());
    if (!*line) break;
    if (std::exchange(head, false)) {
      if (const auto h = parser.head(**line); !h) return tl::unexpected(h.error());
      continue;
    }
    auto parsed = parser.line(**line);
    if (!parsed) {
      submits.bad(lines->number(), parsed.error().detail);
      continue;
    }
    const auto* s = std::get_if<scenarios::trace_submission>(&*parsed);
    if (s == nullptr) continue;
    last = s->at;
    if (const status done = submits.give(*s, lines->number()); !done) return tl::unexpected(done.error());
    if (settings.progress) settings.progress(++given, 0);
  }
  if (const status done = submits.settle(last); !done) return tl::unexpected(done.error());
  fed f = submits.end();
  f.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return f;
}

std::string fed_text(const fed& t, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  std::string out = fmt::format("  {} {}  {} {}  {} {}  {:.1f} s\n", w("提交", "submitted"), t.counts.sent, w("接受", "accepted"),
                                t.counts.accepted, w("拒收", "refused"), t.counts.refused + t.counts.bad, t.seconds);
  for (const auto& [verdict, n] : t.verdicts) out += fmt::format("    {:<12} {}\n", verdict, n);
  for (const auto& [why, n] : t.refusals) out += fmt::format("    {} {:<22} {}\n", w("拒收", "refused"), why, n);
  out += fmt::format("  {} {}  {} {}", w("稍后再试", "told to come again"), t.counts.busy, w("重发", "asked again"), t.counts.asked_again);
  if (t.bad_lines != 0) out += fmt::format("  {} {}", w("坏行", "bad lines"), t.bad_lines);
  return out;
}

std::string fed_json(const fed& t) {
  return nlohmann::ordered_json{{"submitted", t.counts.sent},   {"accepted", t.counts.accepted},
                                {"refused", t.counts.refused},  {"bad", t.counts.bad},
                                {"busy", t.counts.busy},        {"asked_again", t.counts.asked_again},
                                {"bad_lines", t.bad_lines},     {"verdicts", t.verdicts},
                                {"refusals", t.refusals},       {"wall_s", t.seconds}}
      .dump(2);
}

}  // namespace zhili::node
