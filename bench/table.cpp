// SPDX-License-Identifier: Apache-2.0
#include "bench/table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "protocols/types/result.hpp"

namespace zhili::bench {
namespace {

std::string number(double v, int digits) {
  std::string plain = fmt::format("{:.{}f}", v, digits);
  // 1234567.8 as 1,234,567.8
  const std::size_t point = std::min(plain.find('.'), plain.size());
  for (std::size_t at = point; at > 3 && plain[at - 4] != '-'; at -= 3) plain.insert(at - 3, ",");
  return plain;
}

std::string cell(const std::vector<double>& samples, int digits) {
  const spread s = spread_of(samples);
  if (samples.size() == 1) return number(s.median, digits);
  return fmt::format("{} ({}–{})", number(s.median, digits), number(s.min, digits), number(s.max, digits));
}

// What the eye counts: one column a character, whatever its bytes.
std::size_t width(const std::string& s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string verdict_of(const goal& g) {
  return fmt::format("{}: {}{} against {} {}{}: {}", g.says, number(g.reached, g.digits), g.unit,
                     g.at_least ? "at least" : "at most", number(g.limit, g.digits), g.unit, g.met() ? "met" : "MISSED");
}

std::vector<std::vector<std::string>> cells_of(const table& t) {
  std::vector<std::vector<std::string>> lines;
  lines.push_back({""});
  for (const metric& m : t.metrics) lines[0].push_back(m.name);
  for (const row& r : t.rows) {
    std::vector<std::string> line{r.name};
    for (std::size_t m = 0; m < t.metrics.size(); ++m) line.push_back(cell(r.samples[m], t.metrics[m].digits));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string rounds_of(const table& t) { return t.rounds == 1 ? "one round" : fmt::format("{} rounds", t.rounds); }

std::string headline(const origin& from) {
  return fmt::format("{}commit {}; {}; {}; load average {}", from.smoke ? "SMOKE MODE, figures mean nothing; " : "",
                     from.commit, from.machine, from.compiler, from.load);
}

}  // namespace

spread spread_of(std::vector<double> samples) {
  ZHILI_ASSERT(!samples.empty(), "a row has samples");
  std::sort(samples.begin(), samples.end());
  const std::size_t half = samples.size() / 2;
  const double median = samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
  return {median, samples.front(), samples.back()};
}

double table::median(std::string_view row_name, std::size_t metric_index) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const row& r) { return r.name == row_name; });
  ZHILI_ASSERT(found != rows.end(), "a goal names a row of its table");
  return spread_of(found->samples[metric_index]).median;
}

std::string as_text(const origin& from, std::span<const table> tables) {
  std::string out = headline(from) + "\n";
  for (const table& t : tables) {
    out += fmt::format("\n{}: {} ({})\n{}\n", t.name, t.title, rounds_of(t), t.says);
    const auto lines = cells_of(t);
    std::vector<std::size_t> widths(lines[0].size());
    for (const auto& line : lines) {
      for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], width(line[c]));
    }
    for (const auto& line : lines) {
      out += "  " + line[0] + std::string(widths[0] - width(line[0]), ' ');
      for (std::size_t c = 1; c < line.size(); ++c) out += "  " + std::string(widths[c] - width(line[c]), ' ') + line[c];
      out += "\n";
    }
    for (const goal& g : t.goals) out += "  goal: " + verdict_of(g) + "\n";
  }
  return out;
}

std::string as_markdown(const origin& from, std::span<const table> tables) {
  std::string out = "Measured by `./dev bench --markdown`: " + headline(from) +
                    ".\nEach cell: median (lowest–highest) over the rounds; CPU counts all threads.\n";
  for (const table& t : tables) {
    out += fmt::format("\n### `{}`: {}\n\n{} ({})\n\n", t.name, t.title, t.says, rounds_of(t));
    bool head = true;
    for (const auto& line : cells_of(t)) {
      for (const std::string& c : line) out += "| " + c + " ";
      out += "|\n";
      if (!head) continue;
      for (std::size_t c = 0; c < line.size(); ++c) out += c == 0 ? "|---" : "|---:";
      out += "|\n";
      head = false;
    }
    for (const goal& g : t.goals) out += (&g == t.goals.data() ? "\n- Goal: " : "- Goal: ") + verdict_of(g) + "\n";
  }
  return out;
}

std::string as_json(const origin& from, std::span<const table> tables) {
  nlohmann::ordered_json j;
  j["commit"] = from.commit;
  j["machine"] = from.machine;
  j["compiler"] = from.compiler;
  j["load_average"] = from.load;
  j["smoke"] = from.smoke;
  j["tables"] = nlohmann::ordered_json::array();
  for (const table& t : tables) {
    nlohmann::ordered_json out{{"name", t.name}, {"title", t.title}, {"rounds", t.rounds}};
    for (const row& r : t.rows) {
      nlohmann::ordered_json line{{"name", r.name}};
      for (std::size_t m = 0; m < t.metrics.size(); ++m) {
        const spread s = spread_of(r.samples[m]);
        line[t.metrics[m].name] = {{"median", s.median}, {"min", s.min}, {"max", s.max}, {"samples", r.samples[m]}};
      }
      out["rows"].push_back(std::move(line));
    }
    out["goals"] = nlohmann::ordered_json::array();
    for (const goal& g : t.goals) {
      out["goals"].push_back({{"says", g.says},
                              {"reached", g.reached},
                              {g.at_least ? "at_least" : "at_most", g.limit},
                              {"unit", g.unit},
                              {"met", g.met()}});
    }
    j["tables"].push_back(std::move(out));
  }
  return j.dump(2) + "\n";
}

}  // namespace zhili::bench
