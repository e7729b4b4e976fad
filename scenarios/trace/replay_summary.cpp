// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace/replay_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace zhili::scenarios {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view needs_truth[] = {
    "caught",         "missed",          "wrongful",       "marked",          "suspended_by_index",  "exposure_hours_by",
    "wrongful_hours_by", "exposure_hours", "wrongful_hours", "caught_by_wrong", "missed_by_wrong", "wrongful_by_finding",
    "inspection"};

struct words {
  language lang;
  std::string_view operator()(std::string_view zh, std::string_view en) const { return lang == language::zh ? zh : en; }
};

std::string text_without_truth(const scenario& s, const simulation_result& r, language lang) {
  const words w{lang};
  std::string out = fmt::format("{}  {} – {}  seed {}  {}\n\n", s.name, date_string(china_day(s.begin)),
                                date_string(china_day(s.end) - 1), r.seed, r.pack->name());
  out += fmt::format("  {}\n", w("没有对应的场景文件：无从知道漏放与误伤", "no scenario to tell the truth by: nobody knows what was missed or wronged"));
  std::uint64_t submitted = 0, decided = 0, waiting = 0, refused = 0;
  for (const auto& b : r.totals.books) {
    submitted += b.submitted;
    decided += b.decided;
    waiting += b.waiting;
    refused += b.refused;
  }
  out += fmt::format("  {} {} = {} {} + {} {} + {} {}\n", w("提交", "submitted"), submitted, w("已决", "decided"), decided,
                     w("待决", "waiting"), waiting, w("拒收", "refused"), refused);
  for (std::size_t v = 1; v < r.verdicts.size(); ++v) {
    if (r.verdicts[v] != 0) out += fmt::format("  {} {}\n", wire::EnumNameverdict(static_cast<verdict>(v)), r.verdicts[v]);
  }
  const figures& f = r.figures;
  out += fmt::format("  {} {}  {} {}  {} {}\n", w("人工任务", "desk tasks"), f.tasks_opened, w("申诉", "appeals"), f.appeals_filed,
                     w("改判", "reversed"), f.appeals_reversed);
  out += fmt::format("  {} {}  {} {}  {:.2f} s\n", w("决定", "decisions"), r.totals.decisions, w("摘要", "digest"),
                     hex(r.totals.digest), r.wall_s);
  return out;
}

}  // namespace

std::string summary_json_without_truth(const scenario& s, const simulation_result& r, std::string_view how) {
  ordered_json j = ordered_json::parse(summary_json(s, r, how));
  for (const std::string_view key : needs_truth) j.erase(std::string(key));
  return j.dump(2);
}

std::string replay_json(const scenario& s, const replay_result& r) {
  ordered_json j = ordered_json::parse(r.truth ? summary_json(s, r.run, "replay") : summary_json_without_truth(s, r.run, "replay"));
  ordered_json bad = ordered_json::array();
  for (const bad_line& b : r.trace.first) bad.push_back({{"line", b.number}, {"why", b.why}});
  j["trace"] = {{"truth", r.truth},
                {"lines", r.trace.lines},
                {"bad", r.trace.bad},
                {"bad_first", bad},
                {"cut", r.trace.cut},
                {"behaviour_changed", r.changed},
                {"never_used",
                 {{"decisions", r.unused.decisions},
                  {"claims", r.unused.claims},
                  {"appeals", r.unused.appeals},
                  {"acknowledgements", r.unused.acknowledgements}}},
                {"tasks_without_decision", r.tasks_without_decision}};
  return j.dump(2);
}

std::string replay_text(const scenario& s, const replay_result& r, language lang) {
  const words w{lang};
  std::string out = r.truth ? summary_text(s, r.run, lang) : text_without_truth(s, r.run, lang);
  out += fmt::format("\n  {} {}  {} {}\n", w("记录行数", "trace lines"), r.trace.lines, w("坏行", "bad"), r.trace.bad);
  out += fmt::format("  {}: {} {}, {} {}, {} {}, {} {}\n", w("未用上的人工行为", "what people did and this run had no use for"),
                     w("判定", "decisions"), r.unused.decisions, w("领取", "claims"), r.unused.claims, w("申诉", "appeals"),
                     r.unused.appeals, w("回执", "acknowledgements"), r.unused.acknowledgements);
  out += fmt::format("  {} {}\n", w("没有等到判定的任务", "tasks without a decision"), r.tasks_without_decision);
  if (!r.changed.empty()) {
    out += fmt::format("  {}: {}\n", w("录制后判法已变，摘要会不同", "decides in another way than when it was recorded, so the digest will differ"),
                       fmt::join(r.changed, ", "));
  }
  return out;
}

}  // namespace zhili::scenarios
