// SPDX-License-Identifier: Apache-2.0
#include "policy/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "policy/encoding.hpp"
#include "policy/suggest.hpp"
#include "policy/table_check.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t table_rows_max = 2'000;

enum class output : std::uint8_t { verdict, points, queue, reason_zh, reason_en, label_zh, label_en, note };

struct output_name {
  std::string_view written;
  output what;
};
constexpr output_name output_names[] = {{"verdict", output::verdict},     {"结论", output::verdict},
                                        {"points", output::points},       {"分值", output::points},
                                        {"queue", output::queue},         {"队列", output::queue},
                                        {"reason.zh", output::reason_zh}, {"理由", output::reason_zh},
                                        {"reason.en", output::reason_en}, {"理由（英文）", output::reason_en},
                                        {"label.zh", output::label_zh},   {"标注", output::label_zh},
                                        {"label.en", output::label_en},   {"标注（英文）", output::label_en},
                                        {"note", output::note},           {"备注", output::note}};

struct verdict_name {
  std::string_view written;
  verdict what;
};
constexpr verdict_name verdict_names[] = {
    {"approve", verdict::approve},   {"通过", verdict::approve},    {"label", verdict::label},
    {"标注", verdict::label},        {"demote", verdict::demote},   {"降低展示", verdict::demote},
    {"reject", verdict::reject},     {"不予通过", verdict::reject}, {"拒绝", verdict::reject},
    {"escalate", verdict::escalate}, {"转人工", verdict::escalate}};
constexpr std::string_view queue_names[] = {"normal", "high", "urgent"};
constexpr std::string_view policy_words[] = {"U", "F", "C"};

struct column {
  std::optional<table_column> input;
  output out = output::note;
};

class table_reader {
 public:
  table_reader(
      const yaml_node& root, std::uint16_t number, std::string folder, const table_source& csv,
      std::span<const std::string_view> categories, std::span<const workflow_info> known, diagnostics& found)
      : map_(root),
        number_(number),
        folder_(std::move(folder)),
        csv_(csv),
        categories_(categories),
        known_(known),
        found_(found) {}

  std::vector<rule_source> run() {
    read_head(map_, frame_);
    const yaml_node hit = map_.required("hit");
    const std::size_t chosen = hit.choice(policy_words, std::size(policy_words));
    wrong_ = chosen == std::size(policy_words);
    hit_ = wrong_ ? 'U' : policy_words[chosen][0];
    const yaml_node otherwise = map_.optional("otherwise");
    if (otherwise.present() && otherwise.text() != "approve")
      otherwise.error(
          {"'otherwise' 只能是 approve：没有哪一行管的，一律通过",
           "'otherwise' can only be approve: what no row covers goes through"});
    gaps_allowed_ = otherwise.present() || hit_ == 'C';
    frame_.info.verdict = verdict::approve;
    frame_.match = read_match(map_.required("match"), frame_.info, known_);
    const yaml_node tests = map_.optional("tests");
    const std::vector<csv_row> sheet = read_sheet();
    if (sheet.empty() || frame_.match.empty()) return {};
    read_columns(sheet[0]);
    for (std::size_t i = 1; i < sheet.size() && i <= table_rows_max; ++i) read_row(sheet[i]);
    if (!wrong_) check();
    for (const yaml_node& test : tests.items()) attach(test);
    return std::move(rules_);
  }

 private:
  void report(const csv_cell& cell, const bilingual& message) {
    wrong_ = true;
    found_.add(file_, {cell.row, cell.column}, tell("{}：{}", "{}: {}", cell.name(), message));
  }

  // Rows in the YAML count as a sheet of their own, the columns being its first row.
  std::vector<csv_row> read_sheet() {
    const yaml_node csv = map_.optional("csv"), rows = map_.optional("rows"),
                    columns = map_.optional("columns");
    file_ = std::string(map_.node().file());
    if (csv.present() == rows.present()) {
      map_.node().error(
          {"表格的各行要么写在 'rows' 下面（另写 'columns'），要么放在一个 CSV 文件里，用 'csv' 写明文件名",
           "a table has its rows under 'rows', with 'columns', or in a file named under 'csv'"});
      return {};
    }
    if (csv.present()) return read_csv_file(csv);
    std::vector<csv_row> out;
    const auto add = [&](const std::vector<yaml_node>& items) {
      csv_row row;
      for (const yaml_node& item : items)
        row.push_back(
            {std::string(item.text()), static_cast<std::uint32_t>(out.size() + 1),
             static_cast<std::uint32_t>(row.size() + 1)});
      out.push_back(std::move(row));
    };
    add(columns.items());
    for (const yaml_node& row : rows.items()) add(row.items());
    return out;
  }

  std::vector<csv_row> read_csv_file(const yaml_node& name) {
    const auto bytes = csv_(name.text());
    if (!bytes) {
      name.error(tell("没有文件 'tables/{}'", "there is no file 'tables/{}'", name.text()));
      return {};
    }
    file_ = folder_ + std::string(name.text());
    const auto text = as_utf8(*bytes);
    if (!text) {
      found_.add(file_, {}, text.error().both());
      return {};
    }
    const std::size_t before = found_.size();
    auto rows = read_csv(*text, file_, found_);
    // Cells that run together would each be wrong again.
    if (found_.size() > before) return {};
    if (rows.empty())
      found_.add(
          file_, {}, {"没有内容：第一行写各列的名字", "no rows: the first holds the names of the columns"});
    return rows;
  }

  // ---- columns

  const field_info* field_called(std::string_view name) const {
    for (const field_info& f : frame_.match[0].workflow->fields) {
      if (f.name == name || f.zh == name) return &f;
    }
    return nullptr;
  }

  void read_columns(const csv_row& head) {
    for (const csv_cell& cell : head) columns_.push_back(read_column(cell));
    const bool verdict = std::any_of(columns_.begin(), columns_.end(), [](const column& c) {
      return !c.input && c.out == output::verdict;
    });
    verdict_column_ = verdict;
    if (!verdict) report(head[0], {"缺少“结论”（verdict）一列", "no column 'verdict' (结论)"});
  }

  column read_column(const csv_cell& cell) {
    for (const output_name& o : output_names) {
      if (o.written == cell.text) return {std::nullopt, o.what};
    }
    if (const field_info* f = field_called(cell.text))
      return {table_column{std::string(f->name), f->type, f->words}, output::note};
    if (cell.text.starts_with("hits(") || cell.text.starts_with("size("))
      return {table_column{cell.text, value_type::integer, {}}, output::note};
    if (std::find(categories_.begin(), categories_.end(), cell.text) != categories_.end())
      return {table_column{fmt::format("hits({})", cell.text), value_type::integer, {}}, output::note};
    std::vector<std::string_view> known;
    for (const field_info& f : frame_.match[0].workflow->fields) {
      if (frame_.match[0].stages & ~f.stages) continue;
      known.push_back(f.name);
      known.push_back(f.zh);
    }
    for (const output_name& o : output_names) known.push_back(o.written);
    report(
        cell, tell(
                  "没有叫 '{}' 的事实，也没有这样的结果列{}", "no field and no outcome is called '{}'{}",
                  cell.text, suggestion(cell.text, known)));
    return {};
  }

  // ---- rows

  // minors，-，不予通过 is one cell to a spreadsheet; a row that still has its verdict is none of these.
  bool commas_are_wide(const csv_row& row) {
    if (row.size() >= columns_.size()) return false;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool verdict = !columns_[c].input && columns_[c].out == output::verdict;
      if (verdict && std::any_of(
                         std::begin(verdict_names), std::end(verdict_names),
                         [&](const verdict_name& v) { return v.written == row[c].text; }))
        return false;
    }
    for (const csv_cell& cell : row) {
      if (cell.text.find("，") == std::string::npos) continue;
      report(
          cell, {"这一行的格子不够，而这一格里有全角逗号：分列要用半角逗号 ','",
                 "this row has too few cells, and a wide comma in this one: columns are separated by ','"});
      return true;
    }
    return false;
  }

  void read_row(const csv_row& row) {
    if (commas_are_wide(row)) return;
    rule_source rule = frame_;
    rule.tests.clear();
    rule.first_of = hit_ == 'F' ? number_ : std::uint16_t{0};
    rule.info.id = fmt::format("{}.r{}", frame_.info.id, row[0].row);
    rule.info.file = file_;
    rule.info.line = row[0].row;
    std::vector<unary_test> tests;
    std::string condition;
    bool has_verdict = false;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const csv_cell cell =
          c < row.size() ? row[c] : csv_cell{{}, row[0].row, static_cast<std::uint32_t>(c + 1)};
      if (columns_[c].input) {
        add_test(cell, *columns_[c].input, tests, condition);
      } else {
        has_verdict |= columns_[c].out == output::verdict && !cell.text.empty();
        set_output(cell, columns_[c].out, rule.info);
      }
    }
    if (row.size() > columns_.size())
      report(
          row[columns_.size()],
          {"第一行没有给这一列写名字：删去这一格，或补上列名", "the first row has no name for this column"});
    if (!has_verdict && verdict_column_)
      report(row[0], {"这一行没有写结论（verdict）", "the row has no verdict (结论)"});
    check_verdict(row[0], rule);
    if (condition.empty()) condition = "true";
    rule.when = written(
        condition, file_, {row[0].row, row[0].column}, tell("第 {} 行", "row {}", row[0].row), found_);
    if (rule.info.verdict == verdict::escalate && rule.info.queue_priority == 0) rule.info.queue_priority = 1;
    tests_.push_back(std::move(tests));
    rules_.push_back(std::move(rule));
    row_numbers_.push_back(row[0].row);
  }

  void add_test(
      const csv_cell& cell, const table_column& input, std::vector<unary_test>& tests,
      std::string& condition) {
    auto test = parse_unary_test(cell.text, input);
    if (!test) {
      report(cell, test.error().both());
      tests.emplace_back();
      return;
    }
    if (!test->condition.empty()) condition += (condition.empty() ? "" : " && ") + test->condition;
    tests.push_back(std::move(*test));
  }

  void set_output(const csv_cell& cell, output what, rule_info& info) {
    if (cell.text.empty()) return;
    switch (what) {
      case output::verdict: return set_verdict(cell, info);
      case output::points: return set_points(cell, info);
      case output::queue: {
        const auto found = std::find(std::begin(queue_names), std::end(queue_names), cell.text);
        if (found == std::end(queue_names))
          return report(
              cell, tell(
                        "没有 '{}' 这个队列{}", "unknown queue '{}'{}", cell.text,
                        suggestion(cell.text, queue_names)));
        info.queue_priority = static_cast<std::uint8_t>(found - std::begin(queue_names) + 1);
        return;
      }
      case output::reason_zh: info.reason.zh = cell.text; return;
      case output::reason_en: info.reason.en = cell.text; return;
      case output::label_zh: info.label.zh = cell.text; return;
      case output::label_en: info.label.en = cell.text; return;
      case output::note: return;
    }
  }

  void set_verdict(const csv_cell& cell, rule_info& info) {
    std::vector<std::string_view> known;
    for (const verdict_name& v : verdict_names) {
      known.push_back(v.written);
      if (v.written != cell.text) continue;
      info.verdict = v.what;
      return;
    }
    report(
        cell,
        tell("没有 '{}' 这个结论{}", "unknown verdict '{}'{}", cell.text, suggestion(cell.text, known)));
  }

  void set_points(const csv_cell& cell, rule_info& info) {
    std::int32_t n = 0;
    const auto [end, ec] = std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), n);
    if (ec != std::errc{} || end != cell.text.data() + cell.text.size() || n > rule_points_max ||
        n < -rule_points_max)
      return report(
          cell, tell(
                    "'{}' 不是 -{} 到 {} 的整数", "'{}' is no number from -{} to {}", cell.text,
                    rule_points_max, rule_points_max));
    info.points = n;
  }

  void check_verdict(const csv_cell& cell, const rule_source& rule) {
    for (const stage_set& s : rule.match) {
      for (std::size_t i = 0; i < s.workflow->stages.size(); ++i) {
        const stage_info& stage = s.workflow->stages[i];
        if ((s.stages >> i & 1) != 0 && (stage.verdicts >> static_cast<unsigned>(rule.info.verdict) & 1) == 0)
          report(
              cell, tell(
                        "环节 '{}' 不能用这一行的结论", "stage '{}' cannot carry out this row's verdict",
                        stage.name));
      }
    }
  }

  // ---- the whole

  void check() {
    std::vector<table_column> inputs;
    for (const column& c : columns_) {
      if (c.input) inputs.push_back(*c.input);
    }
    const table_findings f = check_table(inputs, tests_);
    const auto at = [&](std::size_t row) { return csv_cell{{}, row_numbers_[row], 1}; };
    for (const std::size_t row : f.dead)
      report(
          at(row), {"这一行永远用不上：前面的行已经把它的情形都占了",
                    "no case reaches this row: the rows before it take them all"});
    if (hit_ == 'U') {
      for (const auto& [later, earlier] : f.overlaps)
        report(
            at(later), tell(
                           "与第 {} 行有重叠的情形：'hit: U' 要求各行互不重叠；要按先后取第一行，写 'hit: F'",
                           "covers cases of row {} too: with 'hit: U' rows exclude one another; with 'hit: "
                           "F' the first counts",
                           row_numbers_[earlier]));
    }
    if (!f.gap.en.empty() && !gaps_allowed_)
      map_.node().error(tell(
          "没有哪一行管“{}”：补一行，或写 'otherwise: approve'（其余通过）",
          "no row covers {}: add one, or write 'otherwise: approve'", f.gap));
  }

  // A line under `tests:` names its row.
  void attach(const yaml_node& test) {
    yaml_map lines(test);
    const yaml_node row = lines.required("row");
    const std::int64_t wanted = row.integer(1, csv_rows_max, 1);
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      if (row_numbers_[i] != static_cast<std::uint32_t>(wanted)) continue;
      rules_[i].tests.push_back(read_test(lines, rules_[i], known_));
      return;
    }
    const std::uint32_t last = row_numbers_.empty() ? 1 : row_numbers_.back();
    // A row that could not be read at all is not there either.
    if (!wrong_)
      row.error(tell(
          "表格没有第 {} 行：列名是第 1 行，下面是第 2 到第 {} 行",
          "the table has no row {}: the names stand in 1, and what follows is 2 to {}", wanted, last));
    for (const char* key : {"name", "text", "expect", "date", "stage", "facts"}) lines.optional(key);
  }

  yaml_map map_;
  std::uint16_t number_;
  std::string folder_;
  const table_source& csv_;
  std::span<const std::string_view> categories_;
  std::span<const workflow_info> known_;
  diagnostics& found_;
  rule_source frame_;
  char hit_ = 'U';
  bool gaps_allowed_ = false;
  bool wrong_ = false;
  bool verdict_column_ = false;
  std::string file_;
  std::vector<column> columns_;
  std::vector<std::vector<unary_test>> tests_;
  std::vector<std::uint32_t> row_numbers_;
  std::vector<rule_source> rules_;
};

}  // namespace

std::vector<rule_source> read_table(
    const yaml_node& root, std::uint16_t number, const std::string& csv_folder, const table_source& csv,
    std::span<const std::string_view> categories, std::span<const workflow_info> known, diagnostics& found) {
  return table_reader(root, number, csv_folder, csv, categories, known, found).run();
}

}  // namespace zhili::policy
