// SPDX-License-Identifier: Apache-2.0
#include "node/policy/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zhili::node {

void verdict_counts::add(verdict v) {
  const auto at = std::find(text_verdicts.begin(), text_verdicts.end(), v == verdict::suspend ? verdict::reject : v);
  ++by[at == text_verdicts.end() ? 0 : static_cast<std::size_t>(at - text_verdicts.begin())];
}

void verdict_counts::add(const verdict_counts& o) {
  for (std::size_t i = 0; i < by.size(); ++i) by[i] += o.by[i];
}

std::uint64_t verdict_counts::of(verdict v) const {
  const auto at = std::find(text_verdicts.begin(), text_verdicts.end(), v);
  return at == text_verdicts.end() ? 0 : by[static_cast<std::size_t>(at - text_verdicts.begin())];
}

std::uint64_t verdict_counts::all() const { return std::accumulate(by.begin(), by.end(), std::uint64_t{0}); }

share share_of(std::uint64_t part, std::uint64_t whole) {
  share out{part, whole};
  if (whole == 0) return out;
  constexpr double z = 1.959963984540054;
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  out.value = p;
  // At the ends rounding must not lead beyond what was seen.
  out.low = part == 0 ? 0 : (p + z * z / (2 * n) - spread) / scale;
  out.high = part == whole ? 1 : (p + z * z / (2 * n) + spread) / scale;
  return out;
}

share measurement::precision() const {
  return share_of(illegal.touched(), illegal.touched() + harmless.touched() + talk.touched());
}

measurement measure(text_judge& judge, const std::vector<labelled_phrase>& phrases) {
  measurement out;
  for (const labelled_phrase& p : phrases) {
    const judged_text& j = judge.judge(p.phrase);
    out.by_label[p.label].add(j.verdict);
    const bool touched = j.verdict != verdict::approve;
    const bool illegal = p.kind() == truth::illegal;
    (illegal ? out.illegal : p.kind() == truth::talk ? out.talk : out.harmless).add(j.verdict);
    if (touched == illegal) continue;
    wrong_phrase w{p.line, p.label, p.phrase, j.verdict, {}};
    for (const std::uint16_t r : j.rules) w.rules.push_back(judge.pack().rule(r).id);
    (illegal ? out.missed : out.wrongful).push_back(std::move(w));
  }
  return out;
}

double reviewer_hours(const verdict_counts& counts, duration handling, std::uint64_t per) {
  if (counts.all() == 0) return 0;
  const double escalated = static_cast<double>(counts.of(verdict::escalate)) / static_cast<double>(counts.all());
  return escalated * static_cast<double>(per) * static_cast<double>(handling.count()) / 3'600'000;
}

}  // namespace zhili::node
