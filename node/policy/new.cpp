// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/suggest.hpp"
#include "policy/yaml.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

namespace fs = std::filesystem;

constexpr usage about{
    "policy new", "FOLDER",
    {"从模板开始：把模板复制到 FOLDER；FOLDER 已经是规则包时，把模板的文件加进去。已有的文件不会被覆盖，做完就检查一遍。\n"
    "不写 --from 就列出有哪些模板。\n"
    "\n"
    "例子\n"
    "  zhili policy new\n"
    "  zhili policy new my-pack --from words\n"
    "  zhili policy new my-pack --from price",
    "Begins with a template: copies it into FOLDER, or, where FOLDER is a pack already, adds the template's "
    "files to it.\n"
    "Nothing that is there is overwritten, and what came of it is checked. Without --from it lists the "
    "templates.\n\n"
    "examples\n"
    "  zhili policy new\n"
    "  zhili policy new my-pack --from words\n"
    "  zhili policy new my-pack --from price"},
    true};

fs::path templates_folder() {
  std::error_code ec;
  for (const char* at : {"packs/templates", "/usr/share/zhili/packs/templates"}) {
    if (fs::is_directory(at, ec)) return at;
  }
  return "packs/templates";
}

std::vector<std::string> template_names(const fs::path& folder) {
  std::error_code ec;
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (fs::exists(entry.path() / "pack.yaml", ec)) out.push_back(entry.path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

int list_templates(const fs::path& folder, scenarios::language lang) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& name : template_names(folder)) {
    policy::diagnostics ignored;
    const auto head = policy::yaml_document::read(folder / name / "pack.yaml", name, ignored);
    std::string title;
    if (head) {
      policy::yaml_map map(head->root());
      policy::yaml_map both(map.required("title"));
      const std::string zh(both.required("zh").text()), en(both.required("en").text());
      title = in(lang, zh, en);
      for (const char* key : {"name", "version", "description", "settings"}) map.optional(key);
    }
    rows.push_back({name, title});
  }
  std::fputs(table_text(rows).c_str(), stdout);
  return exit_ok;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::error_code ec;
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ec)) {
    if (entry.is_regular_file(ec)) out.push_back(entry.path().lexically_relative(folder));
  }
  std::sort(out.begin(), out.end());
  return out;
}

result<std::vector<fs::path>> copy_template(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  const bool adds = fs::exists(to / "pack.yaml", ec);
  std::vector<fs::path> copied;
  for (const fs::path& file : files_below(from)) {
    if (adds && file == "pack.yaml") continue;
    if (fs::exists(to / file, ec))
      return fail(
          errc::bad_argument,
          tell("已经有 {}；什么都没有复制", "{} is there already; nothing was copied", (to / file).string()));
    copied.push_back(file);
  }
  for (const fs::path& file : copied) {
    fs::create_directories((to / file).parent_path(), ec);
    if (!fs::copy_file(from / file, to / file, ec))
      return fail(errc::io, fmt::format("{}: {}", (to / file).string(), ec.message()));
  }
  return copied;
}

}  // namespace

int run_policy_new(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  options.add_options()("from", po::value<std::string>(), say("用哪个模板", "the template"));
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const fs::path folder = templates_folder();
  if (p.values.count("from") == 0) return list_templates(folder, language_of(p.values));
  const auto& wanted = p.values["from"].as<std::string>();
  const auto names = template_names(folder);
  if (std::find(names.begin(), names.end(), wanted) == names.end()) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    return complain(
        {errc::bad_argument, tell(
                                 "没有 '{}' 这个模板{}", "there is no template '{}'{}", wanted,
                                 policy::suggestion(wanted, known))},
        language_of(p.values));
  }
  const fs::path to = positional_of(p.values, wanted);
  const auto copied = copy_template(folder / wanted, to);
  if (!copied) return complain(copied.error(), language_of(p.values));
  for (const fs::path& file : *copied) std::printf("%s\n", (to / file).string().c_str());
  const auto pack = policy::pack::load(to);
  if (!pack) return complain(pack.error(), language_of(p.values));
  return exit_ok;
}

}  // namespace zhili::node
