// SPDX-License-Identifier: Apache-2.0
// Loading: every file is read and every expression compiled before the first error is answered, so that a
// writer sees all of them at once.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

#include "policy/counter_compile.hpp"
#include "policy/expression/compile.hpp"
#include "policy/expression/reach.hpp"
#include "policy/fields.hpp"
#include "policy/lexicon.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/rule_file.hpp"
#include "policy/suggest.hpp"
#include "policy/table_file.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t rules_max = 10'000;
constexpr std::size_t files_max = 1'000;

struct source_file {
  /// Below the pack, with '/'.
  std::string path;
  std::string text;
};

bool is_removal(verdict v) {
  return v == verdict::reject || v == verdict::demote || v == verdict::suspend;
}

class loader {
 public:
  explicit loader(std::filesystem::path dir) : dir_(std::move(dir)) {}

  result<std::shared_ptr<const pack>> run() {
    std::error_code ec;
    if (!std::filesystem::is_directory(dir_, ec)) {
      return fail(errc::not_found, tell("{}：没有这个文件夹", "{}: there is no such folder", dir_.string()));
    }
    gather();
    read_head();
    read_lexicons();
    read_counter_files();
    read_scorecards();
    read_rule_files();
    compile_rules();
    if (found_.empty()) compile_terms();
    if (!found_.empty()) return tl::unexpected<error>(found_.as_error());
    out_->digest = digest_of_files();
    return std::make_shared<const pack>(std::move(out_));
  }

 private:
  // ---- files
  // --------------------------------------------------------------------------------------------------

  std::string shown(std::string_view path) const { return (dir_ / path).string(); }

  void take(const std::filesystem::path& path, std::size_t bytes_max) {
    const std::string name = path.lexically_relative(dir_).generic_string();
    if (files_.size() == files_max)
      return found_.add(
          shown(name), {}, tell("一个规则包里超过 {} 个文件", "more than {} files in one pack", files_max));
    auto text = read_file(path, bytes_max);
    if (!text) return found_.add(shown(name), {}, text.error().both());
    files_.push_back({name, std::move(*text)});
  }

  void take_folder(std::string_view folder, std::vector<std::string_view> extensions, std::size_t bytes_max) {
    std::error_code ec;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(dir_ / folder, ec))
      paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
      const std::string name = path.filename().string();
      if (name.starts_with('.') || name.ends_with('~')) continue;
      if (std::find(extensions.begin(), extensions.end(), path.extension().string()) != extensions.end()) {
        take(path, bytes_max);
      } else {
        found_.add(
            path.string(), {},
            tell(
                "这个文件夹里只放 '{}' 文件：请改名或移走",
                "files here end in '{}': rename it or move it away",
                bilingual{
                    fmt::format("{}", fmt::join(extensions, "' 或 '")),
                    fmt::format("{}", fmt::join(extensions, "' or '"))}));
      }
    }
  }

  void gather() {
    take(dir_ / "pack.yaml", yaml_bytes_max);
    take_folder("counters", {".yaml"}, yaml_bytes_max);
    take_folder("lexicons", {".csv", ".txt"}, lexicon_bytes_max);
    take_folder("rules", {".yaml"}, yaml_bytes_max);
    take_folder("scorecards", {".txt"}, scorecard_bytes_max);
    take_folder("tables", {".csv", ".yaml"}, yaml_bytes_max);
    std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  }

  /// Path and text, each after its length, so that no two packs give the same bytes.
  digest256 digest_of_files() const {
    std::string all;
    const auto put = [&](std::string_view part) {
      for (int byte = 0; byte < 8; ++byte) all += static_cast<char>(part.size() >> (8 * byte) & 0xff);
      all += part;
    };
    for (const source_file& f : files_) {
      put(f.path);
      put(f.text);
    }
    return blake2b_256(as_bytes_view(all));
  }

  // ---- head
  // ---------------------------------------------------------------------------------------------------

  void read_head() {
    out_->settings.assign(setting_count(), 0);
    for (const workflow_info& w : workflows()) {
      for (const setting_info& s : w.settings) out_->settings[s.index] = s.initial;
    }
    for (const source_file& f : files_) {
      if (f.path != "pack.yaml") continue;
      const auto document = yaml_document::parse(f.text, shown(f.path), found_);
      if (!document) continue;
      yaml_map map(document->root());
      out_->name = map.required("name").text();
      out_->version = static_cast<std::uint32_t>(map.required("version").integer(1, 1'000'000'000, 1));
      yaml_map title(map.required("title"), "{zh: 中文, en: English}");
      title.required("zh").text();
      title.required("en").text();
      map.optional("description").text();
      for (const auto& [workflow, values] : map.optional("settings").entries())
        read_settings(workflow, values);
      if (const yaml_node text = map.optional("text"); text.present()) read_text(text);
    }
  }

  void read_text(const yaml_node& node) {
    yaml_map map(node);
    std::vector<std::string_view> known;
    for (const technique_info& info : technique_infos()) known.push_back(info.name);
    for (const yaml_node& name : map.optional("techniques_off").items()) {
      if (const auto found = technique_named(name.text())) {
        out_->text = out_->text.without(*found);
      } else {
        name.error(tell(
            "没有 '{}' 这种文字还原办法{}", "no technique '{}'{}", name.text(),
            suggestion(name.text(), known)));
      }
    }
  }

  void read_settings(const yaml_node& name, const yaml_node& values) {
    std::vector<std::string_view> known;
    for (const workflow_info& w : workflows()) {
      if (!w.settings.empty()) known.push_back(w.name);
      if (w.name != name.text()) continue;
      for (const auto& [key, value] : values.entries()) read_setting(w, key, value);
      return;
    }
    name.error(tell(
        "'{}' 没有可以设置的项{}", "no workflow '{}' has settings{}", name.text(),
        suggestion(name.text(), known)));
  }

  void read_setting(const workflow_info& w, const yaml_node& key, const yaml_node& value) {
    std::vector<std::string_view> known;
    for (const setting_info& s : w.settings) {
      known.push_back(s.name);
      if (s.name != key.text()) continue;
      const auto number = parse_value(s.type, {}, value.text());
      if (!number) return value.error(tell("'{}'：{}", "'{}': {}", s.name, number.error().both()));
      if (*number < s.min || *number > s.max) {
        return value.error(tell(
            "'{0}'（{1}）超出了允许的范围：要在 {2} 到 {3} 之间",
            "'{0}' lies outside what this program allows, {2} to {3}: {1}", s.name,
            bilingual_view{s.zh, s.en}, value_text(s.type, s.min), value_text(s.type, s.max)));
      }
      out_->settings[s.index] = *number;
      return;
    }
    key.error(
        tell("没有 '{}' 这项设置{}", "unknown setting '{}'{}", key.text(), suggestion(key.text(), known)));
  }

  // ---- lexicons
  // -----------------------------------------------------------------------------------------------

  void read_lexicons() {
    for (const source_file& f : files_) {
      if (!f.path.starts_with("lexicons/")) continue;
      const bool is_table = f.path.ends_with(".csv");
      const std::size_t before = found_.size();
      for (lexicon_category& c : read_lexicon(f.text, shown(f.path), found_, *normaliser::with(out_->text)))
        add_category(f, is_table, std::move(c));
      // Of a file that cannot be read at all, rules shall not complain either.
      const std::string stem = stem_of(f);
      const bool there = std::any_of(
          out_->categories.begin(), out_->categories.end(), [&](const auto& c) { return c.name == stem; });
      if (!is_table && !there && found_.size() > before) out_->categories.emplace_back().name = stem;
    }
    category_names_.clear();
    for (const lexicon_category& c : out_->categories) category_names_.push_back(c.name);
  }

  /// Where the name is missing, which has been reported, the file's stands in, so that rules do not complain
  /// of it too.
  static std::string stem_of(const source_file& f) { return std::filesystem::path(f.path).stem().string(); }

  /// The rows of a table belong to the lexicon of that name, wherever it begins.
  void add_category(const source_file& f, bool is_table, lexicon_category c) {
    if (c.name.empty()) c.name = stem_of(f);
    auto& all = out_->categories;
    const auto taken = std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == c.name; });
    if (taken != all.end() && (is_table || taken->title.zh.empty())) {
      if (taken->title.zh.empty()) taken->title = c.title;
      std::move(c.terms.begin(), c.terms.end(), std::back_inserter(taken->terms));
      std::move(c.conditions.begin(), c.conditions.end(), std::back_inserter(taken->conditions));
    } else if (taken != all.end()) {
      found_.add(
          shown(f.path), {1, 1},
          tell("已经有一个词表叫 '{}'：换个名字", "another lexicon is called '{}' already", c.name));
    } else if (all.size() == categories_max) {
      found_.add(
          shown(f.path), {},
          tell("一个规则包里超过 {} 个词表", "more than {} lexicons in one pack", categories_max));
    } else {
      all.push_back(std::move(c));
    }
  }

  /// The terms of the categories of which bit n is set.
  result<std::shared_ptr<const matcher>> terms_of(std::uint64_t categories) {
    std::vector<term> terms;
    for (std::size_t c = 0; c < out_->categories.size(); ++c) {
      if ((categories >> c & 1) == 0) continue;
      const lexicon_category& category = out_->categories[c];
      for (std::size_t i = 0; i < category.terms.size(); ++i) {
        terms.push_back({category.terms[i], static_cast<std::uint16_t>(c), static_cast<std::uint32_t>(terms.size()), category.conditions[i]});
      }
    }
    auto compiled = matcher::compile(terms, out_->text);
    if (!compiled) return tl::unexpected(compiled.error());
    return std::make_shared<const matcher>(std::move(*compiled));
  }

  void compile_terms() {
    std::uint64_t counted = 0;
    for (const stage_plan& p : out_->plans) counted |= p.categories;
    std::map<std::uint64_t, std::shared_ptr<const matcher>> made;
    const auto make = [&](std::uint64_t categories, std::shared_ptr<const matcher>& out) {
      auto& known = made[categories];
      if (known == nullptr) {
        auto terms = terms_of(categories);
        if (!terms) return found_.add(shown("lexicons"), {}, terms.error().both());
        known = std::move(*terms);
      }
      out = known;
    };
    make(counted, out_->terms);
    if (!found_.empty()) return;
    for (stage_plan& p : out_->plans) make(p.categories, p.terms);
  }

  // ---- counters, scorecards

  void read_counter_files() {
    for (const source_file& f : files_) {
      if (!f.path.starts_with("counters/")) continue;
      auto document = yaml_document::parse(f.text, shown(f.path), found_);
      if (!document) continue;
      add_counters(read_counters(document->root(), out_->names.workflows()), category_names_, *out_);
      documents_.push_back(std::move(*document));
    }
  }

  void read_scorecards() {
    for (const source_file& f : files_) {
      if (f.path.starts_with("scorecards/")) add_scorecard(f.text, shown(f.path), out_->scorecards, found_);
    }
    for (const scorecard& card : out_->scorecards) out_->scorecard_names.push_back(card.name());
  }

  // ---- rules
  // --------------------------------------------------------------------------------------------------

  void read_rule_files() {
    for (const source_file& f : files_) {
      if (!f.path.starts_with("rules/")) continue;
      auto document = yaml_document::parse(f.text, shown(f.path), found_);
      if (!document) continue;
      auto rules = read_rules(document->root(), out_->names.workflows());
      std::move(rules.begin(), rules.end(), std::back_inserter(sources_));
      documents_.push_back(std::move(*document));
    }
    read_tables();
    if (sources_.empty() && found_.empty())
      found_.add(shown("rules"), {}, {"规则包里至少要有一条规则", "a pack needs at least one rule"});
    if (sources_.size() > rules_max) {
      found_.add(
          shown("rules"), {},
          tell("一个规则包里超过 {} 条规则", "more than {} rules in one pack", rules_max));
      sources_.clear();
    }
    std::map<std::string_view, const rule_source*> by_id;
    for (const rule_source& r : sources_) {
      const auto [first, is_new] = by_id.emplace(r.info.id, &r);
      if (is_new) continue;
      r.id.error(tell(
          "编号 '{}' 在 {}:{} 已经用了：换一个", "the id '{}' stands in {}:{} already", r.info.id,
          first->second->info.file, first->second->info.line));
    }
  }

  void read_tables() {
    std::vector<std::string> used;
    const table_source csv = [&](std::string_view name) -> std::optional<std::string> {
      for (const source_file& f : files_) {
        if (f.path != fmt::format("tables/{}", name) || !name.ends_with(".csv")) continue;
        used.push_back(f.path);
        return f.text;
      }
      return std::nullopt;
    };
    std::uint16_t number = 0;
    for (const source_file& f : files_) {
      if (!f.path.starts_with("tables/") || !f.path.ends_with(".yaml")) continue;
      auto document = yaml_document::parse(f.text, shown(f.path), found_);
      if (!document) continue;
      auto rules = read_table(document->root(), ++number, shown("tables/"), csv, category_names_, out_->names.workflows(), found_);
      std::move(rules.begin(), rules.end(), std::back_inserter(sources_));
      documents_.push_back(std::move(*document));
    }
    for (const source_file& f : files_) {
      if (!f.path.starts_with("tables/") || !f.path.ends_with(".csv")) continue;
      if (std::find(used.begin(), used.end(), f.path) == used.end())
        found_.add(
            shown(f.path), {},
            {"没有表格用到这个文件：在旁边的 .yaml 里用 'csv' 写明它的名字",
             "no table takes its rows from this file: name it under 'csv' in a .yaml beside it"});
    }
  }

  void compile_rules() {
    for (rule_source& r : sources_) {
      const auto number = static_cast<std::uint16_t>(out_->rules.size());
      if (r.lets.size() > program_lets_max) {
        r.lets[program_lets_max].first.error(
            tell("'let' 下面超过 {} 个", "more than {} parts under 'let'", program_lets_max));
        r.lets.resize(program_lets_max);
      }
      const expression when = parse_written(r.when);
      std::vector<expression> values;
      values.reserve(r.lets.size());
      std::vector<let_source> lets;
      for (const auto& [name, value] : r.lets)
        lets.push_back({name.text(), &values.emplace_back(parse_written(written(value)))});
      for (const stage_set& s : r.match) compile_at(r, s, number, when, lets);
      out_->rule_texts.push_back(text_of(r));
      for (rule_test& t : r.tests) {
        t.rule = number;
        out_->tests.push_back(std::move(t));
      }
      out_->rules.push_back(std::move(r.info));
    }
    for (const compiled_counter& k : out_->counters) {
      for (const std::uint16_t stage : k.stages) plan_of(stage);
    }
    plan_counters(*out_);
    std::sort(out_->plans.begin(), out_->plans.end(), [](const auto& a, const auto& b) {
      return a.stage < b.stage;
    });
    for (stage_plan& p : out_->plans) {
      p.index.build(p.rows);
      p.rows.clear();
    }
  }

  static written_rule text_of(const rule_source& r) {
    written_rule out;
    out.when = r.when.text();
    for (const auto& [name, value] : r.lets) out.lets.emplace_back(name.text(), value.text());
    for (const stage_set& s : r.match) {
      for (std::size_t i = 0; i < s.workflow->stages.size(); ++i) {
        if (s.stages >> i & 1) out.stages.push_back(s.workflow->stages[i].number);
      }
    }
    std::sort(out.stages.begin(), out.stages.end());
    out.correct = r.correct;
    return out;
  }

  void compile_at(
      const rule_source& r, const stage_set& at, std::uint16_t number, const expression& when,
      std::span<const let_source> lets) {
    if (when.nodes.empty()) return;
    naming names = naming_at(at, category_names_);
    names.scorecards = out_->scorecard_names;
    std::vector<compile_problem> problems;
    staged_rule staged;
    staged.when = compile(when, lets, names, out_->pool, problems);
    for (compile_problem& p : problems) {
      if (p.part < 0) {
        r.when.error_at(p.what.offset, std::move(p.what.message));
      } else {
        r.lets[static_cast<std::size_t>(p.part)].second.error_at(p.what.offset, std::move(p.what.message));
      }
    }
    if (problems.empty() && at.workflow == r.match.front().workflow) {
      if (auto never = never_true(when, *at.workflow))
        r.when.error_at(never->offset, std::move(never->message));
    }
    if (problems.empty()) check_ground(r, at, staged.when);
    staged.first_of = r.first_of;
    rule_index::row row;
    row.constraints = constraints_of(when, lets, *at.workflow);
    add_to_plans(r.info, at, number, staged, std::move(row));
  }

  /// 电子商务法 39: a platform may not delete a consumer's review; being negative is no ground.
  void check_ground(const rule_source& r, const stage_set& at, const program& when) {
    if (!is_removal(r.info.verdict) || when.categories != 0 || when.reads_text || when.slots == 0) return;
    const field_info* last = nullptr;
    for (const field_info& f : at.workflow->fields) {
      if ((when.slots >> f.slot & 1) == 0) continue;
      if (f.no_ground_alone.empty()) return;
      last = &f;
    }
    r.when.error(tell(
        "不能只凭 '{}' 就不予通过或降低展示（{}）：请再写明内容本身有什么问题",
        "'{}' alone is no ground to reject or demote ({}): add what is wrong with the item", last->name,
        last->no_ground_alone));
  }

  void add_to_plans(
      const rule_info& info, const stage_set& at, std::uint16_t number, staged_rule staged, rule_index::row row) {
    staged.rule = number;
    staged.mode = info.mode;
    staged.canary_percent = info.canary_percent;
    staged.severity = info.severity;
    staged.queue_priority = info.queue_priority;
    staged.verdict = info.verdict;
    staged.points = info.points;
    staged.interval_first = static_cast<std::uint32_t>(out_->intervals.size());
    staged.interval_count = static_cast<std::uint32_t>(info.basis.size());
    for (const provision& p : info.basis) {
      out_->intervals.push_back({p.valid_from, p.valid_to});
      row.days.push_back({p.valid_from, p.valid_to});
    }
    for (std::size_t i = 0; i < at.workflow->stages.size(); ++i) {
      if ((at.stages >> i & 1) == 0) continue;
      stage_plan& plan = plan_of(at.workflow->stages[i].number);
      plan.reads_text |= staged.when.categories != 0;
      plan.categories |= staged.when.categories;
      plan.has_canary |= staged.mode == mode::canary;
      plan.scores |= staged.when.scores;
      plan.rules.push_back(staged);
      row.off = staged.mode == mode::off;
      row.needs = staged.when.needs;
      plan.rows.push_back(row);
    }
  }

  stage_plan& plan_of(std::uint16_t stage) {
    auto plan = std::find_if(
        out_->plans.begin(), out_->plans.end(), [&](const stage_plan& p) { return p.stage == stage; });
    if (plan == out_->plans.end()) {
      plan = out_->plans.insert(plan, stage_plan{});
      plan->stage = stage;
    }
    return *plan;
  }

  std::filesystem::path dir_;
  diagnostics found_;
  std::vector<source_file> files_;
  std::vector<yaml_document> documents_;
  std::vector<rule_source> sources_;
  std::vector<std::string_view> category_names_;
  std::unique_ptr<pack::compiled> out_ = std::make_unique<pack::compiled>();
};

}  // namespace

result<std::shared_ptr<const pack>> pack::load(const std::filesystem::path& dir) {
  return loader(dir).run();
}

}  // namespace zhili::policy
