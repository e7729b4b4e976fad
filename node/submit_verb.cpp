// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/client_options.hpp"
#include "node/progress.hpp"
#include "node/requests.hpp"
#include "protocols/envelope.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/product_generated.h"
#include "scenarios/trace/body_codec.hpp"
#include "scenarios/trace/format.hpp"
#include "scenarios/trace/lines.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "submit", "FILE",
    "Gives the submissions of a trace (docs/trace.md) to a running node and waits until each has its answer. What has no\n"
    "answer is asked again under its key, so a node may die and come back meanwhile; run the same command again, and\n"
    "what was accepted before is answered from its key and decided no second time.\n\n"
    "--settle waits at every step of the trace's own time, and before whatever people did, until the node has nothing on\n"
    "its way between partitions, so that decisions find their tasks: for nodes with `clock: trace`.\n\n"
    "examples\n"
    "  zhili simulate smoke --record smoke.ndjson.zst\n"
    "  zhili submit smoke.ndjson.zst --to tcp://127.0.0.1:7600 --settle 60s\n"};

constexpr std::chrono::seconds settle_reply_max{3};
constexpr unsigned settle_questions = 20;

struct told {
  client_counters counts;
  std::uint64_t bad_lines = 0;
  std::map<std::string, std::uint64_t> verdicts;
  std::map<std::string, std::uint64_t> refusals;
  double seconds = 0;
};

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
  submitter(client& to, std::optional<duration> settle) : to_(to), settle_(settle) {
    to_.on_answer([this](const answer_entry& a) {
      std::lock_guard lock(mutex_);
      if (a.what == answer_kind::error) {
        ++told_.refusals[std::string(name(a.code))];
      } else if (a.outcome.status() == wire::status::refused) {
        ++told_.refusals[wire::EnumNamerefusal(a.outcome.why())];
      } else {
        ++told_.verdicts[a.outcome.status() == wire::status::waiting ? "waiting" : wire::EnumNameverdict(a.outcome.verdict())];
      }
    });
  }

  status give(const scenarios::trace_submission& s, std::uint64_t line) {
    auto envelope = envelope_of(s);
    if (!envelope) {
      ++told_.bad_lines;
      std::fprintf(stderr, "line %llu: %s\n", static_cast<unsigned long long>(line), envelope.error().detail.c_str());
      return {};
    }
    if (settle_ && until_ && (s.at >= *until_ || is_reaction(s))) {
      if (status settled = settle(); !settled) return settled;
      until_.reset();
    }
    if (settle_ && !until_) until_ = s.at + *settle_;
    return to_.submit(s.key, std::move(*envelope));
  }

  status settle() {
    if (status done = to_.finish(); !done) return done;
    if (!settle_) return {};
    // A node that dies meanwhile takes the question with it.
    for (unsigned n = 1;; ++n) {
      const auto reply = to_.ask(static_cast<std::uint16_t>(request_verb::settle), {}, settle_reply_max);
      if (reply) return {};
      if (n == settle_questions) return tl::unexpected(reply.error());
    }
  }

  told end() {
    told_.counts = to_.counters();
    return told_;
  }

 private:
  client& to_;
  std::optional<duration> settle_;
  std::optional<instant> until_;
  std::mutex mutex_;
  told told_;
};

std::string text_of(const told& t, bool zh) {
  const auto w = [zh](const char* in_zh, const char* in_en) { return zh ? in_zh : in_en; };
  std::string out = fmt::format("  {} {}  {} {}  {} {}  {:.1f} s\n", w("提交", "submitted"), t.counts.sent, w("接受", "accepted"),
                                t.counts.accepted, w("拒收", "refused"), t.counts.refused + t.counts.bad, t.seconds);
  for (const auto& [verdict, n] : t.verdicts) out += fmt::format("    {:<12} {}\n", verdict, n);
  for (const auto& [why, n] : t.refusals) out += fmt::format("    {} {:<22} {}\n", w("拒收", "refused"), why, n);
  out += fmt::format("  {} {}  {} {}", w("稍后再试", "told to come again"), t.counts.busy, w("重发", "asked again"), t.counts.asked_again);
  if (t.bad_lines != 0) out += fmt::format("  {} {}", w("坏行", "bad lines"), t.bad_lines);
  return out;
}

std::string json_of(const told& t) {
  return nlohmann::ordered_json{{"submitted", t.counts.sent},   {"accepted", t.counts.accepted},
                                {"refused", t.counts.refused},  {"bad", t.counts.bad},
                                {"busy", t.counts.busy},        {"asked_again", t.counts.asked_again},
                                {"bad_lines", t.bad_lines},     {"verdicts", t.verdicts},
                                {"refusals", t.refusals},       {"wall_s", t.seconds}}
      .dump(2);
}

result<told> submit(const std::filesystem::path& file, client& to, std::optional<duration> settle) {
  auto lines = scenarios::line_reader::open(file);
  if (!lines) return tl::unexpected(lines.error());
  scenarios::line_parser parser;
  submitter submits(to, settle);
  progress_bar bar("submit", "submissions");
  std::uint64_t bad = 0;
  bool head = true;
  std::error_code ec;
  std::uint64_t given = 0;
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
      ++bad;
      std::fprintf(stderr, "line %llu: %s\n", static_cast<unsigned long long>(lines->number()), parsed.error().detail.c_str());
      continue;
    }
    const auto* s = std::get_if<scenarios::trace_submission>(&*parsed);
    if (s == nullptr) continue;
    if (const status done = submits.give(*s, lines->number()); !done) return tl::unexpected(done.error());
    bar.show(static_cast<double>(++given), 0);
  }
  if (const status done = submits.settle(); !done) return tl::unexpected(done.error());
  told t = submits.end();
  t.bad_lines += bad;
  return t;
}

}  // namespace

int run_submit(const std::vector<std::string>& arguments) {
  po::options_description options("options");
  add_client(options);
  options.add_options()("window", po::value<std::size_t>()->default_value(4096), "submissions without answer at once")(
      "settle", po::value<std::string>(), "step of the trace's time after which all must have come to rest, as 60s");
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  auto to = client_options_of(p.values);
  if (!to) return complain(to.error());
  to->window = p.values["window"].as<std::size_t>();
  std::optional<duration> settle;
  if (p.values.count("settle")) {
    const auto step = parse_duration(p.values["settle"].as<std::string>());
    if (!step) return complain(step.error());
    settle = *step;
  }
  auto connected = client::connect(*to);
  if (!connected) return complain(connected.error());
  const auto begin = std::chrono::steady_clock::now();
  auto t = submit(p.values["positional"].as<std::vector<std::string>>()[0], **connected, settle);
  if (!t) return complain(t.error());
  t->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const std::string text = wants_json(p.values) ? json_of(*t) : text_of(*t, language_of(p.values) == scenarios::language::zh);
  std::printf("%s\n", text.c_str());
  return t->bad_lines == 0 && t->counts.bad == 0 ? exit_ok : exit_bad_input;
}

}  // namespace zhili::node
