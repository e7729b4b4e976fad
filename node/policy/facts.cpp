// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/fields.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy facts", "",
    {"列出规则能问到的事实：名称、中文名、类型、单位、例子、从哪个版本起有记录。--kind 是一个流程（content、product、\n"
    "onboarding ……）或它的一个环节（ad、diary、listing ……），写中文名也行；不写就全部列出。有正文的环节，条件里还能用\n"
    "text 和 hits(词表)。写了 --pack，也列出那个规则包的计数器。\n"
    "\n"
    "例子\n"
    "  zhili policy facts --kind content\n"
    "  zhili policy facts --kind 广告\n"
    "  zhili policy facts --kind post --pack my-pack",
    "Lists what a rule can ask of a case: name, Chinese name, type, unit, an example and since which version "
    "it is\n"
    "recorded. KIND is a workflow (content, product, onboarding …) or one of its stages (ad, diary, listing "
    "…), also by\n"
    "its Chinese name; without it all are listed. Where a stage has a text, conditions have `text` and "
    "hits(category) too.\n"
    "With --pack the counters that it declares are among them.\n\n"
    "examples\n"
    "  zhili policy facts --kind content\n"
    "  zhili policy facts --kind 广告 --lang zh\n"
    "  zhili policy facts --kind post --pack my-pack"},
    false};

std::string type_text(const policy::field_info& f) {
  if (f.type != policy::value_type::enumeration)
    return std::string(policy::value_type_names[static_cast<std::size_t>(f.type)]);
  return fmt::format("{}", fmt::join(f.words, " | "));
}

std::string stages_text(const policy::workflow_info& w, std::uint32_t mask) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < w.stages.size(); ++i) {
    if (mask >> i & 1) names.push_back(w.stages[i].name);
  }
  return names.size() == w.stages.size() ? std::string("*") : fmt::format("{}", fmt::join(names, ", "));
}

/// The stages that are meant: all of a workflow, or one.
struct selection {
  const policy::workflow_info* workflow = nullptr;
  std::uint32_t stages = 0;
};

std::vector<selection> selected(std::string_view kind, std::span<const policy::workflow_info> workflows) {
  std::vector<selection> out;
  for (const policy::workflow_info& w : workflows) {
    if (w.stages.empty()) continue;
    const std::uint32_t all = (1u << w.stages.size()) - 1;
    if (kind.empty() || w.name == kind || w.zh == kind) {
      out.push_back({&w, all});
      continue;
    }
    for (std::size_t i = 0; i < w.stages.size(); ++i) {
      if (w.stages[i].name == kind || w.stages[i].zh == kind) out.push_back({&w, 1u << i});
    }
  }
  return out;
}

void print_json(const std::vector<selection>& found) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const selection& s : found) {
    for (const policy::field_info& f : s.workflow->fields) {
      if ((f.stages & s.stages) == 0) continue;
      nlohmann::ordered_json j{{"workflow", s.workflow->name}, {"name", f.name}, {"zh", f.zh}, {"en", f.en}};
      j["type"] = policy::value_type_names[static_cast<std::size_t>(f.type)];
      if (!f.words.empty()) j["words"] = f.words;
      j["unit"] = f.unit;
      j["example"] = f.example;
      j["since"] = f.since;
      j["stages"] = nlohmann::ordered_json::array();
      for (std::size_t i = 0; i < s.workflow->stages.size(); ++i) {
        if (f.stages >> i & 1) j["stages"].push_back(s.workflow->stages[i].name);
      }
      all.push_back(std::move(j));
    }
  }
  std::printf("%s\n", all.dump(2).c_str());
}

void print_text(const selection& s, scenarios::language lang) {
  const policy::workflow_info& w = *s.workflow;
  std::printf(
      "%.*s %.*s\n", static_cast<int>(w.name.size()), w.name.data(), static_cast<int>(w.zh.size()),
      w.zh.data());
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < w.stages.size(); ++i) {
    const policy::stage_info& stage = w.stages[i];
    if ((s.stages >> i & 1) == 0) continue;
    rows.push_back(
        {fmt::format("  {}", stage.name), std::string(stage.zh),
         stage.has_text
             ? std::string(in(lang, "有正文：text、hits(类别)", "has a text: text, hits(category)"))
             : ""});
  }
  std::fputs(table_text(rows).c_str(), stdout);
  rows = {
      {in(lang, "字段", "field").data(), in(lang, "中文名", "in Chinese").data(),
       in(lang, "类型", "type").data(), in(lang, "单位", "unit").data(), in(lang, "例", "example").data(),
       in(lang, "自", "since").data(), in(lang, "环节", "stages").data()}};
  if (lang == scenarios::language::en) rows[0].emplace_back("what it is");
  for (const policy::field_info& f : w.fields) {
    if ((f.stages & s.stages) == 0) continue;
    rows.push_back(
        {std::string(f.name), std::string(f.zh), type_text(f), std::string(f.unit), std::string(f.example),
         std::string(f.since), stages_text(w, f.stages)});
    if (lang == scenarios::language::en) rows.back().emplace_back(f.en);
  }
  std::fputs((table_text(rows) + "\n").c_str(), stdout);
}

}  // namespace

int run_policy_facts(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()(
      "kind", po::value<std::string>()->default_value(""), say("一个流程或它的一个环节", "a workflow or one of its stages"))(
      "pack", po::value<std::string>(), say("连这个规则包的计数器一起列", "with the counters of this pack"));
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& kind = p.values["kind"].as<std::string>();
  std::shared_ptr<const policy::pack> pack;
  if (p.values.count("pack") != 0) {
    auto loaded = load_pack(p.values["pack"].as<std::string>());
    if (!loaded) return complain(loaded.error());
    pack = std::move(*loaded);
  }
  const auto found = selected(kind, pack == nullptr ? policy::workflows() : pack->workflows());
  if (found.empty()) {
    std::vector<std::string_view> known;
    for (const policy::workflow_info& w : policy::workflows()) {
      if (!w.stages.empty()) known.push_back(w.name);
      for (const policy::stage_info& s : w.stages) known.push_back(s.name);
    }
    return complain(
        {errc::bad_argument,
         tell("没有 '{}' 这一类{}", "there is no kind '{}'{}", kind, policy::suggestion(kind, known))},
        language_of(p.values));
  }
  if (wants_json(p.values)) {
    print_json(found);
    return exit_ok;
  }
  for (const selection& s : found) print_text(s, language_of(p.values));
  return exit_ok;
}

}  // namespace zhili::node
