// SPDX-License-Identifier: Apache-2.0
#include "node/http/metrics.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace zhili::node {
namespace {

using labels = std::vector<std::pair<std::string_view, std::string_view>>;

/// Backslash, quote and line end as the format wants them.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

/// Writes families one after the other; the head of one goes before its first sample.
class writer {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    head_ = fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  template <class Number>
  void sample(Number value, const labels& with = {}) {
    text_ += std::exchange(head_, {});
    text_ += name_;
    for (std::size_t i = 0; i < with.size(); ++i) {
      text_ += fmt::format("{}{}=\"{}\"", i == 0 ? '{' : ',', with[i].first, escaped(with[i].second));
    }
    text_ += fmt::format("{} {}\n", with.empty() ? "" : "}", value);
  }
  template <class Number>
  void counter(std::string_view name, std::string_view help, Number value) {
    family(name, "counter", help);
    sample(value);
  }
  template <class Number>
  void gauge(std::string_view name, std::string_view help, Number value) {
    family(name, "gauge", help);
    sample(value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string head_;
  std::string text_;
};

void write_books(writer& w, const shell::shell_counters& c) {
  w.family("zhili_release_judgements_total", "counter", "Judgements that both packs of a release made, since its last step or the start.");
  w.sample(c.compared.judged);
  w.family("zhili_release_changed_total", "counter", "Of those, the ones with another verdict by the other pack.");
  w.sample(c.compared.changed);
  w.family("zhili_decisions_total", "counter", "Decisions in the logs, by workflow and verdict.");
  for (const auto& [of, n] : c.verdicts) {
    w.sample(n, {{"workflow", partition::find_workflow(of.first)->name}, {"verdict", wire::EnumNameverdict(of.second)}});
  }
  std::uint64_t waiting = 0;
  w.family("zhili_accounted", "gauge", "Subjects by kind and state; submitted is the sum of the others.");
  for (std::size_t k = 0; k < c.books.size(); ++k) {
    const auto& b = c.books[k];
    waiting += b.waiting;
    if (b.submitted == 0) continue;
    const std::string_view kind = wire::EnumNamesubject_kind(static_cast<subject_kind>(k));
    w.sample(b.submitted, {{"kind", kind}, {"state", "submitted"}});
    w.sample(b.decided, {{"kind", kind}, {"state", "decided"}});
    w.sample(b.waiting, {{"kind", kind}, {"state", "waiting"}});
    w.sample(b.refused, {{"kind", kind}, {"state", "refused"}});
  }
  w.gauge("zhili_waiting", "Accepted subjects that have no decision yet.", waiting);
}

void write_shell(writer& w, const shell::shell_counters& c) {
  w.counter("zhili_submissions_total", "Submissions that reached a partition here.", c.hosts.submissions);
  w.counter("zhili_repeated_total", "Submissions that came again under a known key.", c.hosts.repeated);
  w.counter("zhili_busy_total", "Submissions that a partition told to come again.", c.hosts.busy);
  write_books(w, c);
  w.counter("zhili_letters_in_total", "Letters that partitions received.", c.hosts.letters_in);
  w.counter("zhili_letters_out_total", "Letters that partitions sent.", c.hosts.letters_out);
  w.counter("zhili_letters_resent_total", "Letters sent again for want of a receipt.", c.hosts.resent);
  w.counter("zhili_gaps_total", "Gaps seen in streams of letters.", c.hosts.gaps);
  w.family("zhili_restore_gap_letters_total", "counter", "Letters that lost their other half when a partition was restored from an older copy.");
  w.sample(c.hosts.unknown_here, {{"what", "sent_and_forgotten_here"}});
  w.sample(c.gaps.forgotten, {{"what", "taken_and_forgotten_by_their_source"}});
  w.sample(c.hosts.sent_again, {{"what", "sent_again_from_the_log"}});
  w.sample(c.gaps.missed, {{"what", "missed_for_good"}});
  w.counter("zhili_log_syncs_total", "Times the log was synced.", c.commits.syncs);
  w.counter("zhili_log_batches_total", "Batches appended to the log.", c.commits.batches);
  w.counter("zhili_log_bytes_total", "Bytes appended to the log.", c.commits.bytes);
  w.counter("zhili_log_failed_total", "Appends that failed; the node ends at the first.", c.commits.failed);
  w.counter("zhili_log_sync_seconds_total", "Seconds spent in appends.", c.commits.busy_s);
}

}  // namespace

std::string metrics_text(const metrics_facts& facts) {
  writer w;
  write_shell(w, facts.shell);
  w.family("zhili_link_total", "counter", "What the link has done and refused, by cause.");
  for (std::size_t i = 0; i < link_counts_n; ++i) {
    const auto cause = static_cast<link_count>(i);
    w.sample(facts.link[cause], {{"cause", name(cause)}});
  }
  for (const auto& [what, n] : facts.gateway) {
    w.counter(fmt::format("zhili_gateway_{}_total", what), fmt::format("Of the gateway's submissions: {}.", what), n);
  }
  w.gauge("zhili_up_seconds", "Seconds since the process began to serve.", facts.up_s);
  w.gauge("zhili_ready", "1 while /readyz says yes.", facts.ready ? 1 : 0);
  w.gauge("zhili_insecure", "1 where the configuration lets anybody speak to the doors.", facts.insecure ? 1 : 0);
  w.family("zhili_build_info", "gauge", "What runs here and by which pack it judges; always 1.");
  w.sample(1, labels(facts.build.begin(), facts.build.end()));
  return w.take();
}

}  // namespace zhili::node
