// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/compare/document.hpp"
#include "scenarios/report/text_table.hpp"

namespace zhili::scenarios {
namespace {

using nlohmann::ordered_json;

struct words {
  language lang;
  std::string operator()(const char* zh, const char* en) const { return lang == language::zh ? zh : en; }
};

std::string number(double v) {
  const std::string text = std::abs(v) < 10 && v != std::floor(v) ? fmt::format("{:.2f}", std::abs(v))
                                                                  : grouped(static_cast<std::uint64_t>(std::llround(std::abs(v))));
  return v < 0 ? "-" + text : text;
}
std::string signed_number(double v) { return (v > 0 ? "+" : "") + number(v); }

/// [low, high], or a dash where one seed says nothing of it.
std::string interval_text(const ordered_json& d) {
  if (d["low"].is_null()) return "–";
  return fmt::format("[{}, {}]", signed_number(d["low"].get<double>()), signed_number(d["high"].get<double>()));
}

double mean(const ordered_json& spread) { return spread["mean"].get<double>(); }

struct named {
  std::string_view key;
  text_pair title;
};

const named change_names[] = {{"newly_stopped", {"新拦下", "newly stopped"}},
                              {"newly_let_through", {"新放行", "newly let through"}},
                              {"newly_to_desk", {"新转人工", "newly sent to people"}},
                              {"no_longer_to_desk", {"不再转人工", "no longer sent to people"}},
                              {"marked_otherwise", {"标注不同", "marked otherwise"}},
                              {"ended_otherwise", {"结局不同", "ended otherwise"}},
                              {"one_run_alone", {"只在一次出现", "in one run alone"}}};

const named measure_names[] = {{"all.caught", {"拦截", "caught"}},
                               {"all.missed", {"漏放", "missed"}},
                               {"all.wrongful", {"误伤", "wrongful"}},
                               {"all.unlawful_live_hours", {"违法在线小时", "unlawful live, hours"}},
                               {"all.lawful_down_hours", {"合法下线小时", "lawful down, hours"}},
                               {"all.to_desk", {"转人工", "sent to people"}},
                               {"desk.tasks", {"人工任务", "desk tasks"}},
                               {"desk.hours", {"人工工时", "desk hours"}},
                               {"desk.waiting_at_end", {"期末仍在等待", "waiting at the end"}},
                               {"desk.wait_p95_hours", {"等待 95 分位（小时）", "wait p95, hours"}},
                               {"takedown.orders", {"处置指令", "takedown orders"}},
                               {"appeals.filed", {"申诉", "appeals"}},
                               {"appeals.reversed", {"改判", "reversed"}}};

const named kind_names[] = {{"institution", {"机构", "institutions"}}, {"practitioner", {"医生", "practitioners"}},
                            {"product", {"商品", "products"}},         {"diary", {"日记", "diaries"}},
                            {"post", {"帖子", "posts"}},               {"ad", {"广告", "ads"}},
                            {"review", {"评价", "reviews"}}};

const named left_out_names[] = {{"bad_line", {"格式有误的行", "lines that cannot be read"}},
                                {"cut", {"文件中断，其后无从读取", "the file is cut; nothing behind can be read"}},
                                {"no_text", {"正文没有留存", "the text was not kept"}}};

const named act_names[] = {{"decisions", {"人工判定", "decisions of people"}},
                           {"claims", {"任务领取", "claims"}},
                           {"appeals", {"申诉", "appeals"}},
                           {"acknowledgements", {"平台回执", "acknowledgements"}}};

template <std::size_t N>
std::string title(const named (&list)[N], std::string_view key, const words& w) {
  for (const named& n : list) {
    if (n.key == key) return w(n.title.zh.c_str(), n.title.en.c_str());
  }
  return std::string(key);
}

std::string replayed_text(const ordered_json& j, const words& w) {
  const ordered_json& r = j["replayed"];
  const auto all = r["submissions"].get<std::uint64_t>(), done = r["replayed"].get<std::uint64_t>();
  const double share = all == 0 ? 0 : 100.0 * static_cast<double>(done) / static_cast<double>(all);
  std::string out = fmt::format("  {} {} / {} ({:.2f} %)", w("可重放", "could be run again"), grouped(done), grouped(all), share);
  if (j["input"]["kind"] == "scenario") {
    out += w("：输入由场景生成，两次同样的随机数；人的反应都是模拟的",
             ": a scenario makes its input, with the same random numbers in both runs; all people are modelled");
  }
  out += '\n';
  for (const ordered_json& l : r["left_out"]) {
    out += fmt::format("    {} {}\n", title(left_out_names, l["why"].get<std::string>(), w), grouped(l["count"].get<std::uint64_t>()));
  }
  if (r["acts"].empty()) return out;
  std::vector<text_row> rows{{w("人与平台的行为", "acts of people"), w("有记录", "recorded"), w("用不上（旧）", "no use, old"),
                              w("用不上（新）", "no use, new"), w("补以模拟（旧）", "modelled, old"),
                              w("补以模拟（新）", "modelled, new")}};
  for (const ordered_json& a : r["acts"]) {
    text_row row{title(act_names, a["what"].get<std::string>(), w), grouped(a["recorded"].get<std::uint64_t>())};
    for (const char* what : {"no_longer_fit", "modelled"}) {
      for (const char* run : {"old", "now"}) row.push_back(grouped(a[what][run].get<std::uint64_t>()));
    }
    rows.push_back(std::move(row));
  }
  return out + '\n' + table(rows);
}

std::string affected_text(const ordered_json& j, const words& w) {
  const ordered_json& a = j["affected"];
  std::vector<text_row> rows{{w("受影响", "affected"), w("总数", "of"), w("受影响", "affected")}};
  for (const named& c : change_names) rows[0].push_back(w(c.title.zh.c_str(), c.title.en.c_str()));
  for (const ordered_json& k : a["kinds"]) {
    text_row row{title(kind_names, k["kind"].get<std::string>(), w), number(mean(k["subjects"])), number(mean(k["affected"]))};
    for (const named& c : change_names) row.push_back(number(mean(k["changes"][std::string(c.key)]["all"])));
    rows.push_back(std::move(row));
  }
  std::string out = table(rows);
  out += fmt::format("  {} {}  {} {}  {} {}\n", w("受影响的提交对象", "subjects affected"), number(mean(a["affected"])),
                     w("机构", "institutions"), number(mean(a["institutions"]["all"])), w("医生", "practitioners"),
                     number(mean(a["practitioners"]["all"])));
  return out;
}

std::string measures_text(const ordered_json& j, const words& w) {
  std::vector<text_row> rows{{w("数字（每种子均值）", "figures, means over the seeds"), w("旧", "old"), w("新", "new"),
                              w("差", "difference"), w("95 % 区间", "95 % interval")}};
  for (const named& n : measure_names) {
    for (const ordered_json& m : j["measures"]) {
      if (m["key"] != n.key) continue;
      rows.push_back({w(n.title.zh.c_str(), n.title.en.c_str()), number(m["old"].get<double>()), number(m["now"].get<double>()),
                      signed_number(mean(m["difference"])), interval_text(m["difference"])});
    }
  }
  return table(rows);
}

}  // namespace

std::string comparison_text(const comparison& c, language lang) {
  const words w{lang};
  const ordered_json j = comparison_data(c);
  const std::string title = w(c.scenario.title.zh.c_str(), c.scenario.title.en.c_str());
  std::string out = fmt::format("{}  {} – {}  {} {} → {} {}  {} {}\n\n", title, j["input"]["from"].get<std::string>(),
                                j["input"]["to"].get<std::string>(), c.old->name(), c.old->version(), c.now->name(),
                                c.now->version(), w("种子", "seeds"), c.seeds.size());
  out += replayed_text(j, w) + '\n' + affected_text(j, w) + '\n' + measures_text(j, w);
  if (c.seeds.size() == 1) {
    out += w("  只有一个种子：没有区间。--seeds 10 可得\n", "  one seed says nothing of chance: there is no interval. --seeds 10 gives one\n");
  }
  if (!c.truth) {
    out += w("  没有对应的场景：无从知道漏放与误伤\n", "  no scenario to tell the truth by: nobody knows what was missed or wronged\n");
  }
  return out + fmt::format("  {} {}  {:.1f} s\n", w("对比摘要", "comparison"), digest_of_comparison(j), c.wall_s);
}

}  // namespace zhili::scenarios
