// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "node/policy/measurement.hpp"

namespace zhili::node {
namespace {

constexpr std::uint64_t per_texts = 100'000;

std::string shown(const share& s) {
  if (s.whole == 0) return "- (0)";
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}] ({}/{})", s.value * 100, s.low * 100, s.high * 100, s.part, s.whole);
}

std::string row(std::string_view name, const verdict_counts& c) {
  std::string out = fmt::format("| {} | {} |", name, c.all());
  for (const std::uint64_t n : c.by) out += fmt::format(" {} |", n);
  return out + fmt::format(" {} |\n", shown(share_of(c.touched(), c.all())));
}

std::string listed(const std::vector<wrong_phrase>& wrong) {
  std::string out;
  for (const wrong_phrase& w : wrong) {
    out += fmt::format("- {} {} ", w.line, w.label);
    append_escaped(w.phrase, out);
    if (!w.rules.empty()) out += fmt::format(" → {}: {}", verdict_word(w.verdict), fmt::join(w.rules, ", "));
    out += '\n';
  }
  return out.empty() ? "-\n" : out;
}

nlohmann::ordered_json json_of(const share& s) {
  return {{"part", s.part}, {"whole", s.whole}, {"value", s.value}, {"low", s.low}, {"high", s.high}};
}

nlohmann::ordered_json json_of(const verdict_counts& c) {
  nlohmann::ordered_json out;
  for (std::size_t i = 0; i < c.by.size(); ++i) out[std::string(verdict_word(text_verdicts[i]))] = c.by[i];
  return out;
}

nlohmann::ordered_json json_of(const std::vector<wrong_phrase>& wrong) {
  auto out = nlohmann::ordered_json::array();
  for (const wrong_phrase& w : wrong) {
    out.push_back({{"line", w.line}, {"label", w.label}, {"phrase", w.phrase}, {"verdict", verdict_word(w.verdict)}, {"rules", w.rules}});
  }
  return out;
}

struct words {
  std::string_view head, table, all, harmless, talk, recall, decided, precision, touched, desk, hours, missed, wrongful;
};

constexpr words zh_words{"规则包 {} 在 {} 上的表现（法律以 {} 为准，按 {} 判断，规则包摘要 {}）",
                         "类别 | 条数 | 放行 | 标注 | 降权 | 拒绝 | 转人工 | 触及（95 % 区间）",
                         "违法合计", "无害", "普通消费者", "查出率", "查出者中无须人工", "精确率", "触及", "转人工",
                         "每十万条所需审核小时（每件 {:.0f} 秒）：违法 {:.1f}，无害 {:.1f}，普通消费者 {:.1f}",
                         "漏掉的违法语句", "误触的语句"};
constexpr words en_words{"pack {} on {} (law of {}, judged as {}, pack digest {})",
                         "label | phrases | approve | label | demote | reject | escalate | touched (95 % interval)",
                         "all illegal", "harmless", "ordinary talk", "recall", "of those found, decided without a person",
                         "precision", "touched", "to the desk",
                         "reviewer-hours per 100,000 texts ({:.0f} s a case): illegal {:.1f}, harmless {:.1f}, talk {:.1f}",
                         "illegal phrases missed", "others touched"};

}  // namespace

std::string measurement_text(const measurement& m, const measured_what& what, bool zh) {
  const words& w = zh ? zh_words : en_words;
  std::string out = "# " + fmt::format(fmt::runtime(w.head), what.pack, what.file, what.date, what.kind, what.digest.substr(0, 12));
  out += fmt::format("\n\n| {} |\n|---|---:|---:|---:|---:|---:|---:|---|\n", w.table);
  for (const auto& [label, counts] : m.by_label) {
    if (label != "ok" && label != "talk") out += row(label, counts);
  }
  out += row(w.all, m.illegal) + row(w.harmless, m.harmless) + row(w.talk, m.talk);
  out += fmt::format("\n- {}: {}\n- {}: {}\n- {}: {}\n", w.recall, shown(m.recall()), w.decided, shown(m.decided()),
                     w.precision, shown(m.precision()));
  for (const auto& [name, counts] : {std::pair{w.harmless, &m.harmless}, std::pair{w.talk, &m.talk}}) {
    out += fmt::format("- {}: {} {}; {} {}\n", name, w.touched, shown(share_of(counts->touched(), counts->all())), w.desk,
                       shown(share_of(counts->of(verdict::escalate), counts->all())));
  }
  const auto hours = [&](const verdict_counts& c) { return reviewer_hours(c, what.handling, per_texts); };
  out += "- " + fmt::format(fmt::runtime(w.hours), static_cast<double>(what.handling.count()) / 1000, hours(m.illegal),
                            hours(m.harmless), hours(m.talk));
  out += fmt::format("\n\n## {} ({})\n\n{}\n## {} ({})\n\n{}", w.missed, m.missed.size(), listed(m.missed), w.wrongful,
                     m.wrongful.size(), listed(m.wrongful));
  return out;
}

std::string measurement_json(const measurement& m, const measured_what& what) {
  nlohmann::ordered_json j{{"file", what.file}, {"pack", what.pack}, {"digest", what.digest},
                           {"date", what.date}, {"kind", what.kind}};
  for (const auto& [label, counts] : m.by_label) j["by_label"][label] = json_of(counts);
  j["illegal"] = json_of(m.illegal);
  j["harmless"] = json_of(m.harmless);
  j["talk"] = json_of(m.talk);
  j["recall"] = json_of(m.recall());
  j["decided_without_a_person"] = json_of(m.decided());
  j["precision"] = json_of(m.precision());
  for (const auto& [name, counts] : {std::pair{"harmless", &m.harmless}, std::pair{"talk", &m.talk}}) {
    j[std::string(name) + "_touched"] = json_of(share_of(counts->touched(), counts->all()));
    j[std::string(name) + "_to_the_desk"] = json_of(share_of(counts->of(verdict::escalate), counts->all()));
  }
  j["reviewer_hours_per_100000"] = {{"seconds_a_case", static_cast<double>(what.handling.count()) / 1000},
                                    {"illegal", reviewer_hours(m.illegal, what.handling, per_texts)},
                                    {"harmless", reviewer_hours(m.harmless, what.handling, per_texts)},
                                    {"talk", reviewer_hours(m.talk, what.handling, per_texts)}};
  j["missed"] = json_of(m.missed);
  j["wrongful"] = json_of(m.wrongful);
  return j.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace zhili::node
