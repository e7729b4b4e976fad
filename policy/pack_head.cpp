// SPDX-License-Identifier: Apache-2.0
#include "policy/pack_head.hpp"

#include "policy/fields.hpp"
#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

/// As many as a policy team may read; each is looked up by every name of every rule.
constexpr std::size_t shared_parts_max = 1'000;

void read_text(const yaml_node& node, pack::compiled& into) {
  yaml_map map(node);
  std::vector<std::string_view> known;
  for (const technique_info& info : technique_infos()) known.push_back(info.name);
  for (const yaml_node& name : map.optional("techniques_off").items()) {
    if (const auto found = technique_named(name.text())) {
      into.text = into.text.without(*found);
    } else {
      name.error(tell(
          "没有 '{}' 这种文字还原办法{}", "no technique '{}'{}", name.text(),
          suggestion(name.text(), known)));
    }
  }
}

void read_setting(const workflow_info& w, const yaml_node& key, const yaml_node& value, pack::compiled& into) {
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
    into.settings[s.index] = *number;
    return;
  }
  key.error(
      tell("没有 '{}' 这项设置{}", "unknown setting '{}'{}", key.text(), suggestion(key.text(), known)));
}

void read_settings(const yaml_node& name, const yaml_node& values, pack::compiled& into) {
  std::vector<std::string_view> known;
  for (const workflow_info& w : workflows()) {
    if (!w.settings.empty()) known.push_back(w.name);
    if (w.name != name.text()) continue;
    for (const auto& [key, value] : values.entries()) read_setting(w, key, value, into);
    return;
  }
  name.error(tell(
      "'{}' 没有可以设置的项{}", "no workflow '{}' has settings{}", name.text(),
      suggestion(name.text(), known)));
}

}  // namespace

void set_initial_settings(pack::compiled& into) {
  into.settings.assign(setting_count(), 0);
  for (const workflow_info& w : workflows()) {
    for (const setting_info& s : w.settings) into.settings[s.index] = s.initial;
  }
}

std::vector<std::pair<yaml_node, yaml_node>> read_pack_head(const yaml_node& root, pack::compiled& into) {
  yaml_map map(root);
  into.name = map.required("name").text();
  into.version = static_cast<std::uint32_t>(map.required("version").integer(1, 1'000'000'000, 1));
  yaml_map title(map.required("title"), "{zh: 中文, en: English}");
  title.required("zh").text();
  title.required("en").text();
  map.optional("description").text();
  for (const auto& [workflow, values] : map.optional("settings").entries()) {
    // Indented by a slip: what follows stands below it no more, and is no setting either.
    if (workflow.text() == "let") {
      workflow.error({"'let' 要写在行首，不在 'settings' 下面", "'let' stands at the beginning of its line, not below 'settings'"});
      break;
    }
    read_settings(workflow, values, into);
  }
  if (const yaml_node text = map.optional("text"); text.present()) read_text(text, into);
  auto lets = map.optional("let").entries();
  if (lets.size() > shared_parts_max) {
    lets[shared_parts_max].first.error(
        tell("'let' 下面超过 {} 个", "more than {} parts under 'let'", shared_parts_max));
    return {};
  }
  return lets;
}

}  // namespace zhili::policy
