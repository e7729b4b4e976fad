// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <fmt/format.h>

#include "scenarios/report/overlap.hpp"
#include "scenarios/report/summary.hpp"
#include "scenarios/report/text_table.hpp"

namespace zhili::scenarios {
namespace {

std::string hours(std::int64_t ms) { return grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(0, ms) / 3'600'000)); }

struct words {
  language lang;
  std::string operator()(const char* zh, const char* en) const { return lang == language::zh ? zh : en; }
};

std::string percent_off(double value, double published) {
  return fmt::format("{:+.1f} %", (value - published) / published * 100);
}

std::string word_for(agreement a, const words& w) {
  switch (a) {
    case agreement::fitted: return w("拟合", "fitted");
    case agreement::predicted: return w("预测", "predicted");
    case agreement::assumed: return w("假设", "assumed");
  }
  return {};
}

std::string volume_text(const scenario& s, const volume_figures& v, const words& w) {
  const auto rounded = [](double x) { return grouped(static_cast<std::uint64_t>(x)); };
  const double contents = s.published.contains("contents_and_reviews") ? s.published.at("contents_and_reviews") : 0;
  std::string out = fmt::format("  {} {} ({}, {})  {} {} ({})\n", w("总提交量估计", "all submissions, estimated"), rounded(v.estimated),
                                name(s.volume.kind), s.volume.kind == figure_kind::fitted ? w("不是证据", "no evidence") : "",
                                w("模拟", "simulated"), grouped(v.submitted),
                                percent_off(static_cast<double>(v.submitted), v.estimated));
  out += fmt::format("  {} {} ({})", w("若按 per_day 的日量", "at the daily volume of `per_day`"), rounded(v.at_daily_volume),
                     percent_off(v.at_daily_volume, v.estimated));
  if (contents > 0) {
    out += fmt::format("  {} {} ({})", w("其中内容与评价拦截约", "contents and reviews caught, about"),
                       rounded(v.contents_caught_at_daily_volume), percent_off(v.contents_caught_at_daily_volume, contents));
  }
  return out + '\n';
}

std::string faults_text(const run_totals& t, const status_comparison& beside, const words& w) {
  const fault_counts& x = t.faults;
  std::string out = fmt::format(
      "  {}  {} {}, {} {}, {} {}, {} {}, {} {}  {} {}\n", w("故障", "faults"), w("丢失", "dropped"), grouped(x.dropped),
      w("重复", "doubled"), grouped(x.doubled), w("延迟", "delayed"), grouped(x.delayed), w("崩溃", "crashed"),
      grouped(x.crashed), w("重复提交", "submitted twice"), grouped(x.repeated), w("丢失未愈", "lost for good"),
      grouped(t.unacknowledged));
  out += fmt::format("  {} {} / {} ({:.2f} %)", w("最终状态与无故障时不同", "subjects that end elsewhere than without"),
                     grouped(beside.differing), grouped(beside.subjects),
                     beside.subjects == 0 ? 0.0 : 100.0 * static_cast<double>(beside.differing) / static_cast<double>(beside.subjects));
  const char* before = ": ";
  for (std::size_t d = 0; d < difference_count; ++d) {
    if (beside.by_cause[d] == 0) continue;
    const text_pair cause = describe(static_cast<difference>(d));
    out += fmt::format("{}{} {}", std::exchange(before, "; "), w(cause.zh.c_str(), cause.en.c_str()), grouped(beside.by_cause[d]));
  }
  return out + '\n';
}

}  // namespace

std::string summary_text(const scenario& s, const simulation_result& r, language lang) {
  const words w{lang};
  const figures& f = r.figures;
  std::string out = fmt::format("{}  {} – {}  seed {}  {}\n\n", lang == language::zh ? s.title.zh : s.title.en,
                                date_string(china_day(s.begin)), date_string(china_day(s.end) - 1), r.seed, r.pack->name());
  std::vector<text_row> rows{{w("拦截与漏放", "stopped and missed"), w("已公布", "published"), w("拦截", "caught"),
                         w("相差", "off"), w("漏放", "missed"), w("误伤", "wrongful"), w("违法在线小时", "unlawful live h"),
                         w("合法下线小时", "lawful down h")}};
  double sum = 0;
  for (const disclosure_row& d : disclosure(s, f)) {
    const auto published = s.published.find(std::string(d.key));
    const bool known = published != s.published.end();
    if (known) sum += published->second;
    const auto found = s.agreements.find(std::string(d.key));
    const std::string how = word_for(found == s.agreements.end() ? agreement::fitted : found->second, w);
    rows.push_back({lang == language::zh ? d.title.zh : d.title.en,
                    known ? grouped(static_cast<std::uint64_t>(published->second)) : "–", grouped(d.figures.caught),
                    known ? percent_off(static_cast<double>(d.figures.caught), published->second) + " " + how : "–",
                    grouped(d.figures.missed), grouped(d.figures.wrongful), hours(d.figures.exposure_ms),
                    hours(d.figures.wrongful_ms)});
  }
  out += table(rows);
  out += w("  类别：已公布＝平台披露；拦截/漏放/误伤/小时＝模拟结果；违法占比与总量＝假设或拟合（见场景文件），不是证据。\n"
             "  相差：拟合＝调到相符；预测＝沿用另一时期的占比；假设＝按设定的占比。\n",
           "  kinds: published = the platform's disclosure; caught, missed, wrongful, hours = results of the simulation;\n"
           "  shares and volumes = assumed or fitted (reasons in the scenario file), hence no evidence.\n"
           "  off: fitted = made to agree; predicted = with the shares of another period; assumed = with shares that were set.\n");
  if (const auto v = volume_of(s, r)) out += volume_text(s, *v, w);
  if (const auto total = s.published.find("total"); total != s.published.end() && total->second != sum) {
    out += w("  注意：公布的总数 ", "  note: the published total ") + grouped(static_cast<std::uint64_t>(total->second)) +
           w(" 与其分项之和 ", " is not the sum of its parts, ") + grouped(static_cast<std::uint64_t>(sum)) +
           w(" 不符。\n", ".\n");
  }
  for (const text_pair& c : s.contradictions) out += "  " + (lang == language::zh ? c.zh : c.en) + "\n";
  const phrase_overlap texts = overlap_with(*r.pack);
  out += fmt::format(fmt::runtime(w("  违法文本由 {} 个短语组成，其中 {} 个含有规则包所列词语；无害句 {} 个，含所列词语 {} 个。\n",
                       "  unlawful texts are composed of {} phrases, {} of which contain a term that the pack lists; of {} harmless\n"
                       "  sentences {} do.\n")),
                     texts.phrases, texts.listed, texts.harmless, texts.harmless_listed);
  partition::account_books sums;
  for (const auto& b : r.totals.books) {
    sums.submitted += b.submitted;
    sums.decided += b.decided;
    sums.waiting += b.waiting;
    sums.refused += b.refused;
  }
  out += '\n';
  out += fmt::format("  {} {} = {} {} + {} {} + {} {}\n", w("提交", "submitted"), grouped(sums.submitted),
                     w("已决", "decided"), grouped(sums.decided), w("待决", "waiting"), grouped(sums.waiting),
                     w("拒收", "refused"), grouped(sums.refused));
  out += fmt::format("  {} {}  {} p50 {} s, p95 {} s\n", w("人工任务", "desk tasks"), grouped(f.tasks_opened),
                     w("等待", "wait"), figures::percentile(f.desk_waits, 500), figures::percentile(f.desk_waits, 950));
  out += fmt::format("  {} {}  {} {}  {} {}  p95 {:.1f} h\n", w("申诉", "appeals"), grouped(f.appeals_filed),
                     w("改判", "reversed"), grouped(f.appeals_reversed), w("维持", "upheld"), grouped(f.appeals_upheld),
                     figures::percentile(f.appeal_times, 950) / 3600.0);
  const inspection_figures& i = f.inspection;
  const auto found = [](std::string_view what, const found_figures& of) {
    return fmt::format("{} {} ({:.1f} d)", what, grouped(of.count), of.mean_h() / 24);
  };
  out += fmt::format("  {} {}  {}: {}, {}, {}\n", w("巡查", "inspection visits"), grouped(i.visits),
                     w("独自发现(平均已存在)", "found alone (mean age)"), found(w("失效", "lapses"), i.lapses),
                     found(w("改动页面", "changed pages"), i.changed_pages),
                     found(w("漏放", "passed misses"), i.passed_misses));
  if (const auto& beside = r.beside_faultless) out += faults_text(r.totals, *beside, w);
  out += fmt::format("  {} {}  {} {}  {:.2f} s  {} {}\n", w("决定", "decisions"), grouped(r.totals.decisions),
                     w("摘要", "digest"), hex(r.totals.digest), r.wall_s, w("线程", "threads"), r.totals.threads);
  return out;
}

}  // namespace zhili::scenarios
