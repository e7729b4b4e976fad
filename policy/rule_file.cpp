// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_file.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

// Each in the order of its enum.
constexpr std::string_view verdict_words[] = {"none",   "approve",  "label",  "demote",
                                              "reject", "escalate", "suspend"};
constexpr std::string_view level_words[] = {"informational", "low", "medium", "high", "critical"};
constexpr std::string_view queue_words[] = {"normal", "high", "urgent"};
constexpr std::string_view status_words[] = {"stable", "test", "experimental", "deprecated"};
constexpr std::string_view measure_words[] = {"warning",   "label",   "demotion",
                                              "delisting", "removal", "suspension"};

}  // namespace

bilingual read_bilingual(const yaml_node& node) {
  yaml_map map(node, "{zh: 中文, en: English}");
  return {std::string(map.required("zh").text()), std::string(map.required("en").text())};
}

namespace {

std::vector<std::string> read_texts(const yaml_node& node) {
  std::vector<std::string> out;
  for (const yaml_node& item : node.items_or_one()) out.emplace_back(item.text());
  return out;
}

}  // namespace

void read_mode(const yaml_node& node, rule_info& info) {
  constexpr std::string_view words[] = {"off", "shadow", "canary(10%)", "enforce"};
  const std::string_view text = node.text("enforce");
  if (text.starts_with("canary(") && text.ends_with("%)")) {
    const std::string_view share = text.substr(7, text.size() - 9);
    int percent = 0;
    const auto [end, ec] = std::from_chars(share.data(), share.data() + share.size(), percent);
    if (ec == std::errc{} && end == share.data() + share.size() && percent >= 1 && percent <= 99) {
      info.mode = mode::canary;
      info.canary_percent = static_cast<std::uint8_t>(percent);
      return;
    }
    return node.error(tell(
        "'{}' 不是份额：请写成 canary(10%)，从 1% 到 99%",
        "'{}' is no share: write canary(10%), from 1% to 99%", text));
  }
  if (text == "canary")
    return node.error(
        {"canary（灰度）要写明份额：请写成 canary(10%)", "canary needs its share: write canary(10%)"});
  info.mode = static_cast<mode>(node.choice(words, static_cast<std::size_t>(mode::enforce)));
}

std::vector<provision> read_basis(const yaml_node& node) {
  std::vector<provision> out;
  constexpr std::string_view example = "{statute: 广告法, article: \"9\", valid_from: 2015-09-01}";
  if (node.present() && !node.is_list()) {
    node.wants(
        tell("列表，每条依据一行，如 - {}", "a list, a line for each provision, such as - {}", example));
    return out;
  }
  const auto items = node.items();
  if (node.is_list() && items.empty())
    node.error({"没有依据：一条规则至少要有一条法律依据", "no provision: a rule rests on at least one"});
  for (const yaml_node& item : items) {
    yaml_map map(item, example);
    provision p;
    p.statute = map.required("statute").text();
    const yaml_node article = map.required("article");
    p.article = article.text();
    if (p.article.find("“") != std::string::npos || p.article.find("”") != std::string::npos)
      article.error(tell(
          "'{}' 用了中文引号，会当成条文的一部分：请写成半角的 \"40\" 这样",
          "the quotes of '{}' would be part of the article: write straight ones, as in \"40\"", p.article));
    p.valid_from = map.required("valid_from").date();
    const yaml_node to = map.optional("valid_to");
    p.valid_to = to.date(std::numeric_limits<std::int32_t>::max());
    if (p.valid_to < p.valid_from)
      to.error({"'valid_to'（止）早于 'valid_from'（起）", "'valid_to' lies before 'valid_from'"});
    out.push_back(std::move(p));
  }
  return out;
}

namespace {

// Stages go by their own name, or by workflow.stage where two workflows use the name.
struct found_stage {
  const workflow_info* workflow = nullptr;
  std::size_t position = 0;
};

bilingual stage_suggestion(
    std::string_view wanted, const std::vector<std::string>& full_names,
    std::span<const workflow_info> workflows) {
  for (const std::string_view comma : {"、", "，", ","}) {
    if (wanted.find(comma) != std::string_view::npos)
      return {"；几个环节写成列表，如 [ad, diary]", "; several stages are a list, such as [ad, diary]"};
  }
  for (const workflow_info& w : workflows) {
    for (const stage_info& s : w.stages) {
      if (s.zh == wanted)
        return tell("；你是不是想写 '{}'（{}）？", "; did you mean '{}' ({})?", s.name, s.zh);
    }
  }
  std::vector<std::string_view> known(full_names.begin(), full_names.end());
  for (const std::string_view full : full_names) known.push_back(full.substr(full.find('.') + 1));
  return suggestion(wanted, known);
}

found_stage find_stage(const yaml_node& node, std::span<const workflow_info> workflows) {
  const std::string_view wanted = node.text();
  std::vector<found_stage> found;
  std::vector<std::string> full_names;
  for (const workflow_info& w : workflows) {
    for (std::size_t i = 0; i < w.stages.size(); ++i) {
      full_names.push_back(fmt::format("{}.{}", w.name, w.stages[i].name));
      if (w.stages[i].name == wanted || full_names.back() == wanted) found.push_back({&w, i});
    }
  }
  if (found.size() == 1) return found[0];
  if (found.size() > 1) {
    bilingual options;
    for (const found_stage& f : found) {
      const std::string full = fmt::format("'{}.{}'", f.workflow->name, wanted);
      options.zh += (options.zh.empty() ? "" : " 或 ") + full;
      options.en += (options.en.empty() ? "" : " or ") + full;
    }
    node.error(tell(
        "有两个环节都叫 '{}'；请写明是 {}", "two workflows have a stage '{}'; write {}", wanted, options));
  } else if (!wanted.empty()) {
    node.error(tell(
        "没有 '{}' 这个环节{}", "unknown stage '{}'{}", wanted,
        stage_suggestion(wanted, full_names, workflows)));
  }
  return {};
}

}  // namespace

std::vector<stage_set> read_match(
    const yaml_node& node, const rule_info& info, std::span<const workflow_info> known) {
  std::vector<stage_set> out;
  yaml_map map(node, "{stage: ad}");
  const yaml_node list = map.required("stage");
  const auto items = list.items_or_one();
  if (list.is_list() && items.empty())
    list.error({"没有写环节：这样规则永远不会判", "no stage: the rule would never be judged"});
  for (const yaml_node& item : items) {
    const auto [workflow, position] = find_stage(item, known);
    if (workflow == nullptr) continue;
    const stage_info& stage = workflow->stages[position];
    if ((stage.verdicts >> static_cast<unsigned>(info.verdict) & 1) == 0) {
      std::string can;
      for (std::size_t v = 1; v < std::size(verdict_words); ++v) {
        if (stage.verdicts >> v & 1) can += fmt::format("{}{}", can.empty() ? "" : ", ", verdict_words[v]);
      }
      item.error(tell(
          "环节 '{}' 不能用结论 '{}'；可以用 {}", "stage '{}' cannot carry out the verdict '{}'; it can {}",
          stage.name, verdict_words[static_cast<std::size_t>(info.verdict)], can));
    }
    auto set = std::find_if(
        out.begin(), out.end(), [&, w = workflow](const stage_set& s) { return s.workflow == w; });
    if (set == out.end()) set = out.insert(out.end(), {workflow, 0});
    set->stages |= std::uint32_t{1} << position;
  }
  return out;
}

namespace {

void read_then(const yaml_node& node, rule_info& info) {
  yaml_map map(node, "{verdict: reject, points: 10}");
  const yaml_node verdict_node = map.required("verdict");
  info.verdict =
      static_cast<verdict>(verdict_node.choice(verdict_words, static_cast<std::size_t>(verdict::approve)));
  if (info.verdict == verdict::none)
    verdict_node.error(
        {"'none' 不是结论；什么都不做请写 'approve'",
         "'none' is no verdict; leave an item alone with 'approve'"});
  const yaml_node label = map.optional("label");
  if (label.present()) info.label = read_bilingual(label);
  if (label.present() && info.verdict != verdict::label && info.verdict != verdict::demote) {
    label.error(
        {"'label'（标注的文字）只在结论是 label 或 demote 时才会显示：删去它，或改结论",
         "a label is shown only with the verdicts label and demote"});
  }
  info.points = static_cast<std::int32_t>(map.optional("points").integer(-rule_points_max, rule_points_max));
  const yaml_node queue = map.optional("queue");
  if (queue.present()) info.queue_priority = static_cast<std::uint8_t>(queue.choice(queue_words) + 1);
  if (queue.present() && info.verdict != verdict::escalate)

    queue.error(
        {"'queue'（人工队列）只用于结论 escalate（转人工）：删去它，或改结论",
         "'queue' belongs to the verdict escalate"});
  if (info.verdict == verdict::escalate && !queue.present()) info.queue_priority = 1;
  const yaml_node measure = map.optional("measure");
  if (measure.present()) info.measure = measure_words[measure.choice(measure_words)];
}

void read_fact(const yaml_node& key, const yaml_node& value, const found_stage& at, rule_test& test) {
  std::vector<std::string_view> known;
  for (const field_info& f : at.workflow->fields) {
    if ((f.stages >> at.position & 1) == 0) continue;
    known.push_back(f.name);
    if (f.name != key.text()) continue;
    if (f.type == value_type::text) {
      test.texts.emplace_back(f.slot, value.text());
      return;
    }
    const auto number = parse_value(f.type, f.words, value.text());
    if (!number) return value.error(tell("'{}'：{}", "'{}': {}", f.name, number.error().both()));
    test.numbers.emplace_back(f.slot, *number);
    return;
  }
  for (const field_info& f : at.workflow->fields) {
    if (f.zh == key.text())
      return key.error(tell(
          "没有 '{}' 这个事实；你是不是想写 '{}'（{}）？", "unknown field '{}'; did you mean '{}' ({})?",
          key.text(), f.name, f.zh));
  }
  key.error(tell("没有 '{}' 这个事实{}", "unknown field '{}'{}", key.text(), suggestion(key.text(), known)));
}

}  // namespace

rule_test read_test(yaml_map& map, const rule_source& rule, std::span<const workflow_info> known) {
  const yaml_node& node = map.node();
  rule_test test;
  test.name = map.required("name").text();
  test.line = node.at().line;
  test.text = map.optional("text").text();
  test.expect = static_cast<expectation>(map.required("expect").choice(expectation_names));
  std::int32_t newest = 0;
  for (const provision& p : rule.info.basis) newest = std::max(newest, p.valid_from);
  test.china_day = map.optional("date").date(newest);

  const yaml_node stage = map.optional("stage");
  found_stage at = stage.present() ? find_stage(stage, known) : found_stage{};
  const auto in_rule = [&](const stage_set& s) {
    return s.workflow == at.workflow && (s.stages >> at.position & 1) != 0;
  };
  if (at.workflow != nullptr && std::none_of(rule.match.begin(), rule.match.end(), in_rule)) {
    stage.error({"这条规则的 'match' 里没有这个环节", "the rule does not match this stage"});
  }
  if (!stage.present() && !rule.match.empty()) {
    at = {rule.match[0].workflow, 0};
    while ((rule.match[0].stages >> at.position & 1) == 0) ++at.position;
  }
  const yaml_node facts = map.optional("facts");
  if (at.workflow == nullptr) return test;
  test.stage = at.workflow->stages[at.position].number;
  for (const auto& [key, value] : facts.entries()) read_fact(key, value, at, test);
  return test;
}

bool is_rule_id(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

void read_head(yaml_map& map, rule_source& rule) {
  const yaml_node& node = map.node();
  rule_info& info = rule.info;
  rule.id = map.required("id");
  info.id = rule.id.text();
  if (rule.id.present() && !is_rule_id(info.id))
    rule.id.error(
        {"编号 'id' 只能用小写字母、数字、'-' 和 '.'", "an id is lower-case letters, digits, '-' and '.'"});
  info.file = node.file();
  info.line = node.at().line;
  info.title = read_bilingual(map.required("title"));
  info.description = map.optional("description").text();
  info.reason = read_bilingual(map.required("reason"));
  info.severity = static_cast<std::uint8_t>(map.required("level").choice(level_words) + 1);
  info.tags = read_texts(map.optional("tags"));
  // For people who read the file; checked here, used by no decision.
  map.optional("status").choice(status_words);
  map.optional("author").text();
  map.optional("date").date();
  read_texts(map.optional("references"));
  read_texts(map.optional("falsepositives"));

  read_mode(map.optional("mode"), info);
  info.basis = read_basis(map.required("basis"));
}

namespace {

rule_source read_rule(const yaml_node& node, std::span<const workflow_info> known) {
  yaml_map map(node);
  rule_source rule;
  rule_info& info = rule.info;
  read_head(map, rule);
  read_then(map.required("then"), info);
  rule.match = read_match(map.required("match"), info, known);
  rule.lets = map.optional("let").entries();
  rule.when = written(map.required("when"));
  if (const yaml_node correct = map.optional("correct"); correct.present())
    rule.correct = read_bilingual(correct);
  for (const yaml_node& test : map.optional("tests").items()) {
    yaml_map lines(test, "{name: 例, text: 学生党, expect: fires}");
    rule.tests.push_back(read_test(lines, rule, known));
  }
  return rule;
}

}  // namespace

std::vector<rule_source> read_rules(const yaml_node& root, std::span<const workflow_info> known) {
  std::vector<rule_source> out;
  if (root.is_map()) {
    root.error(
        {"规则文件里每条规则以 '- ' 开头：第一行写成 '- id: …'，其余各行缩进两个空格",
         "each rule of a file begins with '- ': write '- id: …' first, and indent its other lines by two"});
    return out;
  }
  for (const yaml_node& node : root.items()) {
    if (node.is_map()) {
      out.push_back(read_rule(node, known));
    } else {
      yaml_map report_only(node);
    }
  }
  return out;
}

}  // namespace zhili::policy
