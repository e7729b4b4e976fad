// SPDX-License-Identifier: Apache-2.0
// Loading: every file is read and every expression compiled before the first error is answered, so that a
// writer sees all of them at once.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "policy/counter_compile.hpp"
#include "policy/fields.hpp"
#include "policy/lexicon.hpp"
#include "policy/pack_compiled.hpp"
#include "policy/pack_files.hpp"
#include "policy/pack_head.hpp"
#include "policy/pack_plans.hpp"
#include "policy/table_file.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

constexpr std::size_t rules_max = 10'000;

class loader {
 public:
  explicit loader(const std::filesystem::path& dir) : files_(dir.string(), found_), all_rules_read_(found_.empty()) {}

  result<std::shared_ptr<const pack>> run() {
    read_head();
    read_lexicons();
    read_counter_files();
    read_scorecards();
    read_rule_files();
    plan_rules(std::move(sources_), {shared_, std::move(lost_), all_rules_read_}, category_names_, *out_);
    if (found_.empty()) {
      if (auto ok = plan_terms(*out_); !ok) found_.add(files_.shown("lexicons"), {}, ok.error().both());
    }
    if (!found_.empty()) return tl::unexpected<error>(found_.as_error());
    out_->digest = files_.digest();
    return std::make_shared<const pack>(std::move(out_));
  }

 private:
  void read_head() {
    set_initial_settings(*out_);
    const auto& all = files_.all();
    const auto f = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.path == "pack.yaml"; });
    // Rules name parts that stand in it: where it is wrong, they shall not complain of what they miss.
    if (f == all.end()) return lost_.add_all();
    const std::size_t before = found_.size();
    auto document = yaml_document::parse(f->text, files_.shown(*f), found_);
    if (!document) return lost_.add_text(f->text);
    shared_ = read_pack_head(document->root(), *out_);
    if (found_.size() > before) lost_.add_keys(document->root());
    if (found_.size() > before && shared_.empty()) lost_.add_text(f->text);
    documents_.push_back(std::move(*document));
  }

  // ---- lexicons

  void read_lexicons() {
    for (const source_file& f : files_.all()) {
      if (!f.is_in("lexicons")) continue;
      const bool is_table = f.path.ends_with(".csv");
      const std::size_t before = found_.size();
      for (lexicon_category& c : read_lexicon(f.text, files_.shown(f), found_, *normaliser::with(out_->text)))
        add_category(f, is_table, std::move(c));
      // Of a file that cannot be read at all, rules shall not complain either.
      const std::string stem = f.stem();
      const bool there = std::any_of(
          out_->categories.begin(), out_->categories.end(), [&](const auto& c) { return c.name == stem; });
      if (!is_table && !there && found_.size() > before) out_->categories.emplace_back().name = stem;
    }
    category_names_.clear();
    for (const lexicon_category& c : out_->categories) category_names_.push_back(c.name);
  }

  /// The rows of a table belong to the lexicon of that name, wherever it begins.
  void add_category(const source_file& f, bool is_table, lexicon_category c) {
    // Where the name is missing, which has been reported, the file's stands in, so that rules do not complain of it too.
    if (c.name.empty()) c.name = f.stem();
    auto& all = out_->categories;
    const auto taken = std::find_if(all.begin(), all.end(), [&](const auto& other) { return other.name == c.name; });
    if (taken != all.end() && (is_table || taken->title.zh.empty())) {
      if (taken->title.zh.empty()) taken->title = c.title;
      std::move(c.terms.begin(), c.terms.end(), std::back_inserter(taken->terms));
      std::move(c.conditions.begin(), c.conditions.end(), std::back_inserter(taken->conditions));
    } else if (taken != all.end()) {
      found_.add(
          files_.shown(f), {1, 1},
          tell("已经有一个词表叫 '{}'：换个名字", "another lexicon is called '{}' already", c.name));
    } else if (all.size() == categories_max) {
      found_.add(
          files_.shown(f), {},
          tell("一个规则包里超过 {} 个词表", "more than {} lexicons in one pack", categories_max));
    } else {
      all.push_back(std::move(c));
    }
  }

  // ---- counters, scorecards

  void read_counter_files() {
    for (const source_file& f : files_.all()) {
      if (!f.is_in("counters")) continue;
      const std::size_t before = found_.size();
      auto document = yaml_document::parse(f.text, files_.shown(f), found_);
      if (document) add_counters(read_counters(document->root(), out_->names.workflows()), category_names_, *out_);
      // Its counters are facts: of those that it could not give, rules shall not complain either.
      if (found_.size() > before) lost_.add_text(f.text);
      if (document) documents_.push_back(std::move(*document));
    }
  }

  void read_scorecards() {
    for (const source_file& f : files_.all()) {
      if (f.is_in("scorecards")) add_scorecard(f.text, files_.shown(f), out_->scorecards, found_);
    }
    for (const scorecard& card : out_->scorecards) out_->scorecard_names.push_back(card.name());
  }

  // ---- rules

  /// Of rules.
  std::optional<yaml_document> parsed(const source_file& f) {
    auto document = yaml_document::parse(f.text, files_.shown(f), found_);
    if (!document) all_rules_read_ = false;
    return document;
  }

  void read_rule_files() {
    for (const source_file& f : files_.all()) {
      if (!f.is_in("rules")) continue;
      auto document = parsed(f);
      if (!document) continue;
      auto rules = read_rules(document->root(), out_->names.workflows());
      if (rules.empty()) all_rules_read_ = false;
      std::move(rules.begin(), rules.end(), std::back_inserter(sources_));
      documents_.push_back(std::move(*document));
    }
    read_tables();
    if (sources_.empty() && found_.empty())
      found_.add(files_.shown("rules"), {}, {"规则包里至少要有一条规则", "a pack needs at least one rule"});
    if (sources_.size() > rules_max) {
      found_.add(
          files_.shown("rules"), {},
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
      for (const source_file& f : files_.all()) {
        if (f.path != fmt::format("tables/{}", name) || !name.ends_with(".csv")) continue;
        used.push_back(f.path);
        return f.text;
      }
      return std::nullopt;
    };
    std::uint16_t number = 0;
    for (const source_file& f : files_.all()) {
      if (!f.is_in("tables") || !f.path.ends_with(".yaml")) continue;
      auto document = parsed(f);
      if (!document) continue;
      auto rules = read_table(document->root(), ++number, files_.shown("tables/"), csv, category_names_, out_->names.workflows(), found_);
      std::move(rules.begin(), rules.end(), std::back_inserter(sources_));
      documents_.push_back(std::move(*document));
    }
    for (const source_file& f : files_.all()) {
      if (!f.is_in("tables") || !f.path.ends_with(".csv")) continue;
      if (std::find(used.begin(), used.end(), f.path) == used.end())
        found_.add(
            files_.shown(f), {},
            {"没有表格用到这个文件：在旁边的 .yaml 里用 'csv' 写明它的名字",
             "no table takes its rows from this file: name it under 'csv' in a .yaml beside it"});
    }
  }

  diagnostics found_;
  pack_files files_;
  std::vector<yaml_document> documents_;
  shared_lets shared_;
  lost_names lost_;
  bool all_rules_read_;
  std::vector<rule_source> sources_;
  std::vector<std::string_view> category_names_;
  std::unique_ptr<pack::compiled> out_ = std::make_unique<pack::compiled>();
};

}  // namespace

result<std::shared_ptr<const pack>> pack::load(const std::filesystem::path& dir) {
  std::error_code ec;
  if (!std::filesystem::is_directory(dir, ec))
    return fail(errc::not_found, tell("{}：没有这个文件夹", "{}: there is no such folder", dir.string()));
  return loader(dir).run();
}

}  // namespace zhili::policy
