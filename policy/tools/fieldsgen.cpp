// SPDX-License-Identifier: Apache-2.0
// Build tool: compiles policy/fields/*.yaml into one header a workflow (indices for `decide`) and one table
// of all (for the pack loader). Usage: fieldsgen OUT_DIR FILE... NAME=NUMBER..., the latter as
// ZHILI_WORKFLOWS lists them.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "policy/counters.hpp"
#include "policy/slots.hpp"
#include "policy/value_type.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::policy {
namespace {

struct described_name {
  std::string name, zh, en;
};

struct stage : described_name {
  bool has_text = false;
  unsigned verdicts = 0;
};

// In the order of zhili::verdict.
constexpr std::string_view verdict_names[] = {"none",   "approve",  "label",  "demote",
                                              "reject", "escalate", "suspend"};

struct field : described_name {
  std::string unit, example, since, no_ground_alone;
  value_type type = value_type::integer;
  std::vector<std::string> words;
  std::uint32_t stages = 0;
};

struct setting : described_name {
  std::string unit;
  value_type type = value_type::integer;
  std::int64_t initial = 0, min = 0, max = 0;
};

struct workflow : described_name {
  std::int64_t number = 0;
  std::vector<stage> stages;
  std::vector<field> fields;
  std::vector<setting> settings;
};

bool is_name(std::string_view s) {
  const auto inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !s.empty() && s.size() <= 64 && s[0] >= 'a' && s[0] <= 'z' &&
         std::all_of(s.begin(), s.end(), inner) && s != "stage" && s != "slot" && s != "setting";
}

described_name read_name(yaml_map& map, const std::vector<std::string>& taken) {
  const yaml_node name = map.required("name");
  described_name out{
      std::string(name.text()), std::string(map.required("zh").text()),
      std::string(map.required("en").text())};
  if (!is_name(out.name))
    name.error(
        {"名字只能用小写字母、数字和 '_'，且不是 stage、slot、setting",
         "a name is lower-case letters, digits and '_', and not stage, slot or setting"});
  if (std::find(taken.begin(), taken.end(), out.name) != taken.end())
    name.error({"这个名字写了两次", "this name stands here twice"});
  return out;
}

template <class T>
std::vector<std::string> names_of(const std::vector<T>& list) {
  std::vector<std::string> out;
  for (const T& item : list) out.push_back(item.name);
  return out;
}

std::int64_t read_value(const yaml_node& node, value_type type, const std::vector<std::string>& words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  const auto value = parse_value(type, views, node.text());
  if (!value) node.error(value.error().both());
  return value.value_or(0);
}

field read_field(const yaml_node& node, const workflow& w) {
  yaml_map map(node);
  field f{read_name(map, names_of(w.fields)), {}, {}, {}, {}, {}, {}, {}};
  f.type = static_cast<value_type>(map.required("type").choice(value_type_names));
  for (const yaml_node& word : map.optional("values").items()) {
    f.words.emplace_back(word.text());
    if (!is_name(f.words.back()))
      word.error({"值只能用小写字母、数字和 '_'", "a value is lower-case letters, digits and '_'"});
  }
  if ((f.type == value_type::enumeration) == f.words.empty())
    node.error({"'values' 属于 enum 类型，并且要有值", "'values' belongs to type enum, and it needs some"});
  f.unit = map.optional("unit").text();
  f.since = map.required("since").text();
  f.no_ground_alone = map.optional("no_ground_alone").text();
  const yaml_node example = map.required("example");
  f.example = example.text();
  read_value(example, f.type, f.words);
  const yaml_node at = map.optional("stages");
  if (!at.present()) f.stages = ~std::uint32_t{0};
  const auto known = names_of(w.stages);
  const std::vector<std::string_view> views(known.begin(), known.end());
  for (const yaml_node& s : at.items_or_one()) f.stages |= std::uint32_t{1} << s.choice(views);
  return f;
}

setting read_setting(const yaml_node& node, const workflow& w) {
  yaml_map map(node);
  setting s{read_name(map, names_of(w.settings)), {}, {}, {}, {}, {}};
  const yaml_node type = map.required("type");
  s.type = static_cast<value_type>(type.choice(value_type_names));
  if (s.type == value_type::text || s.type == value_type::enumeration)
    type.error({"设置只能是数、时长或金额", "a setting is a number, a span or money"});
  s.unit = map.optional("unit").text();
  s.min = read_value(map.required("min"), s.type, {});
  s.max = read_value(map.required("max"), s.type, {});
  const yaml_node initial = map.required("default");
  s.initial = read_value(initial, s.type, {});
  if (s.initial < s.min || s.initial > s.max)
    initial.error({"默认值不在 min 和 max 之间", "the default lies outside min and max"});
  return s;
}

workflow read_workflow(const yaml_node& root, std::string_view file_stem) {
  yaml_map map(root);
  workflow w{read_name(map, {}), {}, {}, {}, {}};
  if (w.name != file_stem) root.error({"'name' 要与文件名相同", "'name' must be the file's name"});
  w.number = map.required("number").integer(1, 255);
  for (const yaml_node& node : map.optional("stages").items()) {
    yaml_map m(node);
    stage s{read_name(m, names_of(w.stages)), false, 1u << 1};
    s.has_text = m.required("text").boolean();
    for (const yaml_node& v : m.required("verdicts").items()) s.verdicts |= 1u << v.choice(verdict_names);
    w.stages.push_back(std::move(s));
  }
  if (w.stages.size() > 32) root.error({"超过 32 个环节", "more than 32 stages"});
  for (const yaml_node& node : map.optional("fields").items()) w.fields.push_back(read_field(node, w));
  // Behind the fields lie a pack's counters.
  constexpr std::size_t fields_max = slots::count_max - counters_max;
  if (w.fields.size() > fields_max) root.error(tell("超过 {} 个事实", "more than {} fields", fields_max));
  for (const yaml_node& node : map.optional("settings").items()) w.settings.push_back(read_setting(node, w));
  return w;
}

std::string literal_of(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

std::string header_of(const workflow& w, std::size_t first_setting) {
  std::string out = fmt::format(
      "// Generated by policy/tools/fieldsgen.cpp from policy/fields/{}.yaml.\n#pragma once\n\n#include "
      "<cstdint>\n\n"
      "namespace zhili::fields::{} {{\n\n",
      w.name, w.name);
  const auto section = [&](std::string_view name, const auto& list, std::size_t first) {
    out += fmt::format("namespace {} {{\n", name);
    for (const auto& item : list) {
      out += fmt::format("/// {}\ninline constexpr std::uint16_t {} = {};\n", item.en, item.name, first++);
    }
    out += fmt::format("}}  // namespace {}\n\n", name);
  };
  if (!w.stages.empty()) section("stage", w.stages, static_cast<std::size_t>(w.number) * 256 + 1);
  if (!w.fields.empty()) section("slot", w.fields, 0);
  if (!w.settings.empty()) section("setting", w.settings, first_setting);
  for (const field& f : w.fields) {
    if (f.words.empty()) continue;
    out += fmt::format("/// {}\nenum class {} : std::uint8_t {{\n", f.en, f.name);
    for (std::size_t i = 0; i < f.words.size(); ++i) out += fmt::format("  {} = {},\n", f.words[i], i);
    out += "};\n\n";
  }
  return out + fmt::format("}}  // namespace zhili::fields::{}\n", w.name);
}

std::string table_of(const std::vector<workflow>& all) {
  std::string out =
      "// Generated by policy/tools/fieldsgen.cpp.\n#include \"policy/fields.hpp\"\n\nnamespace "
      "zhili::policy {\n"
      "namespace {\n\n";
  std::string list;
  std::size_t next_setting = 0;
  for (const workflow& w : all) {
    std::string stages, fields, settings;
    for (std::size_t i = 0; i < w.stages.size(); ++i) {
      const stage& s = w.stages[i];
      stages += fmt::format(
          "    {{{}, {}, {}, {}, {}, {}}},\n", literal_of(s.name), literal_of(s.zh), literal_of(s.en),
          static_cast<std::size_t>(w.number) * 256 + 1 + i, s.has_text, s.verdicts);
    }
    for (std::size_t i = 0; i < w.fields.size(); ++i) {
      const field& f = w.fields[i];
      std::string words = "{}";
      if (!f.words.empty()) {
        words = fmt::format("{}_{}_words", w.name, f.name);
        out += fmt::format("constexpr std::string_view {}[] = {{", words);
        for (const std::string& word : f.words) out += literal_of(word) + ", ";
        out += "};\n";
      }
      fields += fmt::format(
          "    {{{}, {}, {}, {}, {}, {}, static_cast<value_type>({}), {}, {}u, {}, {}}},\n",
          literal_of(f.name), literal_of(f.zh), literal_of(f.en), literal_of(f.unit), literal_of(f.example),
          literal_of(f.since), static_cast<int>(f.type), i, f.stages, words, literal_of(f.no_ground_alone));
    }
    for (const setting& s : w.settings) {
      settings += fmt::format(
          "    {{{}, {}, {}, {}, static_cast<value_type>({}), {}, {}, {}, {}}},\n", literal_of(s.name),
          literal_of(s.zh), literal_of(s.en), literal_of(s.unit), static_cast<int>(s.type), next_setting++,
          s.initial, s.min, s.max);
    }
    std::string spans;
    const auto emit = [&](std::string_view kind, const std::string& rows) {
      if (!rows.empty())
        out += fmt::format("constexpr {}_info {}_{}s[] = {{\n{}}};\n", kind, w.name, kind, rows);
      spans += rows.empty() ? ", {}" : fmt::format(", {}_{}s", w.name, kind);
    };
    emit("stage", stages);
    emit("field", fields);
    emit("setting", settings);
    list +=
        fmt::format("    {{{}, {}, {}{}}},\n", literal_of(w.name), literal_of(w.zh), literal_of(w.en), spans);
  }
  return out + fmt::format(
                   "constexpr workflow_info table[] = {{\n{}}};\n\n}}  // namespace\n\n"
                   "std::span<const workflow_info> workflows() {{ return table; }}\n"
                   "std::uint16_t setting_count() {{ return {}; }}\n\n}}  // namespace zhili::policy\n",
                   list, next_setting);
}

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  return static_cast<bool>(out.flush());
}

/// `listed`: name=number
bool contradicts(const workflow& w, std::string_view listed) {
  return listed.starts_with(w.name + "=") && listed.substr(w.name.size() + 1) != std::to_string(w.number);
}

int run(const std::filesystem::path& out_dir, const std::vector<std::string>& arguments) {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> listed;
  for (const std::string& a : arguments) {
    if (a.ends_with(".yaml")) {
      files.emplace_back(a);
    } else {
      listed.push_back(a);
    }
  }
  std::sort(files.begin(), files.end());
  diagnostics found;
  std::vector<workflow> all;
  for (const auto& file : files) {
    const auto document = yaml_document::read(file, file.string(), found);
    if (!document) continue;
    all.push_back(read_workflow(document->root(), file.stem().string()));
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      if (all[i].number == all.back().number)
        document->root().error({"另一个流程用了这个编号", "another workflow has this number"});
    }
    for (const std::string& l : listed) {
      if (contradicts(all.back(), l))

        document->root().error(tell(
            "'number' 与 ZHILI_WORKFLOWS 的不同：{}", "'number' is not the one of ZHILI_WORKFLOWS, {}", l));
    }
  }
  if (!found.empty()) {
    fmt::print(stderr, "{}\n", found.text().en);
    return 1;
  }
  std::size_t first_setting = 0;
  for (const workflow& w : all) {
    if (!write(out_dir / (w.name + ".hpp"), header_of(w, first_setting))) return 1;
    first_setting += w.settings.size();
  }
  return write(out_dir / "table.cpp", table_of(all)) ? 0 : 1;
}

}  // namespace
}  // namespace zhili::policy

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: fieldsgen OUT_DIR FILE... [NAME=NUMBER...]\n", stderr);
    return 2;
  }
  return zhili::policy::run(argv[1], {argv + 2, argv + argc});
}
