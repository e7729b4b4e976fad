// SPDX-License-Identifier: Apache-2.0
#include "node/options.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "policy/suggest.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {

namespace {
// Of a line of options in Chinese: program_options breaks lines by bytes, and where a character may not be broken.
constexpr unsigned line_unbroken = 1000;
}  // namespace

words::words(const std::vector<std::string>& arguments) : is_zh_(language_of(arguments) == scenarios::language::zh) {}

po::options_description words::options() const {
  return is_zh_ ? po::options_description("选项", line_unbroken) : po::options_description("options");
}

void add_common(po::options_description& options, const words& say) {
  options.add_options()(
      "format", po::value<std::string>()->default_value("text"),
      say("text（给人看），或 json（标准输出上只有它）", "text, or json (on stdout, nothing else there)"))(
      "lang", po::value<std::string>(), say("zh 或 en；不写则随系统语言，否则 en", "zh or en; default: the locale's, else en"))(
      "help,h", say("这个命令做什么，附例子", "what this verb does, with examples"));
}

std::string positional_of(const po::variables_map& values, std::string_view otherwise) {
  if (values.count("positional") == 0) return std::string{otherwise};
  return values["positional"].as<std::vector<std::string>>().front();
}

bool wants_json(const po::variables_map& values) { return values["format"].as<std::string>() == "json"; }

namespace {

scenarios::language language_named(std::string_view lang) {
  return lang.starts_with("zh") ? scenarios::language::zh : scenarios::language::en;
}

scenarios::language language_of_locale() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* set = std::getenv(name); set != nullptr && *set != 0) return language_named(set);
  }
  return scenarios::language::en;
}

}  // namespace

scenarios::language language_of(const po::variables_map& values) {
  return values.count("lang") != 0 ? language_named(values["lang"].as<std::string>()) : language_of_locale();
}

scenarios::language language_of(const std::vector<std::string>& arguments) {
  constexpr std::string_view option = "--lang";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view a = arguments[i];
    if (a == option && i + 1 < arguments.size()) return language_named(arguments[i + 1]);
    if (a.starts_with("--lang=")) return language_named(a.substr(option.size() + 1));
  }
  return language_of_locale();
}

namespace {

int say_usage(const usage& u, const bilingual& what, scenarios::language lang) {
  const bool zh = lang == scenarios::language::zh;
  fmt::print(stderr, "zhili {}: {}\n", u.verb, zh ? what.zh : what.en);
  return exit_usage;
}

}  // namespace

parsed parse(const usage& u, po::options_description& options, const std::vector<std::string>& arguments) {
  parsed out;
  const scenarios::language lang = language_of(arguments);
  po::options_description all;
  all.add(options);
  po::positional_options_description positional;
  if (!u.positional.empty()) {
    all.add_options()("positional", po::value<std::vector<std::string>>());
    positional.add("positional", -1);
  }
  try {
    po::store(po::command_line_parser(arguments).options(all).positional(positional).run(), out.values);
    po::notify(out.values);
  } catch (const po::unknown_option& e) {
    std::vector<std::string> names;
    for (const auto& o : options.options()) names.push_back("--" + o->long_name());
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string name = e.get_option_name();
    out.exit = say_usage(
        u, tell("没有选项 '{}'{}", "unknown option '{}'{}", name, policy::suggestion(name, views)), lang);
    return out;
  } catch (const po::error& e) {
    out.exit = say_usage(u, tell("选项写得不对：{}", "{}", e.what()), lang);
    return out;
  }
  if (out.values.count("help") != 0) {
    std::ostringstream text;
    text << options;
    const bool zh = lang == scenarios::language::zh && !u.teaches.zh.empty();
    std::string_view teaches = zh ? u.teaches.zh : u.teaches.en;
    while (teaches.ends_with('\n')) teaches.remove_suffix(1);
    fmt::print(
        fmt::runtime(zh ? "用法：zhili {} {}{}[选项]\n\n{}\n\n{}" : "usage: zhili {} {}{}[options]\n\n{}\n\n{}"), u.verb, u.positional,
        u.positional.empty() ? "" : " ", teaches, text.str());
    out.exit = exit_ok;
    return out;
  }
  if (!u.positional.empty()) {
    const std::size_t given = out.values.count("positional") == 0 ? 0 : out.values["positional"].as<std::vector<std::string>>().size();
    if (given > u.most || (given == 0 && !u.optional))
      out.exit = say_usage(
          u,
          tell(
              "请给出 {1} 个 {2}，这里给了 {3} 个", "give {0}{2}; {3} were given", u.most == 1 ? "one " : "",
              u.most, u.positional, given),
          lang);
  }
  const std::string format = out.values["format"].as<std::string>();
  if (format != "text" && format != "json")
    out.exit = say_usage(
        u, tell("--format 只能是 text 或 json，不是 '{}'", "--format is text or json, not '{}'", format),
        lang);
  if (out.values.count("lang") != 0) {
    const std::string wanted = out.values["lang"].as<std::string>();
    if (wanted != "zh" && wanted != "en")
      out.exit = say_usage(
          u, tell("--lang 只能是 zh 或 en，不是 '{}'", "--lang is zh or en, not '{}'", wanted), lang);
  }
  return out;
}

int complain(const error& e, scenarios::language lang) {
  const bilingual said = e.both();
  std::fprintf(stderr, "zhili: %s\n", lang == scenarios::language::zh ? said.zh.c_str() : said.en.c_str());
  switch (e.code) {
    case errc::bad_argument: return exit_usage;
    case errc::diverged: return exit_divergence;
    case errc::corrupt:
    case errc::io:
    case errc::fenced: return exit_failed;
    default: return exit_bad_input;
  }
}

}  // namespace zhili::node
