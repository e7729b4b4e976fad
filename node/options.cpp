// SPDX-License-Identifier: Apache-2.0
#include "node/options.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include "policy/suggest.hpp"

namespace zhili::node {

void add_common(po::options_description& options) {
  options.add_options()("format", po::value<std::string>()->default_value("text"), "text, or json (on stdout, nothing else there)")(
      "lang", po::value<std::string>(), "zh or en; default: the locale's, else en")("help,h", "what this verb does, with examples");
}

std::string positional_of(const po::variables_map& values, std::string_view otherwise) {
  if (values.count("positional") == 0) return std::string{otherwise};
  return values["positional"].as<std::vector<std::string>>().front();
}

bool wants_json(const po::variables_map& values) { return values["format"].as<std::string>() == "json"; }

scenarios::language language_of(const po::variables_map& values) {
  std::string lang;
  if (values.count("lang") != 0) {
    lang = values["lang"].as<std::string>();
  } else {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      if (const char* set = std::getenv(name); set != nullptr && *set != 0) {
        lang = set;
        break;
      }
    }
  }
  return lang.starts_with("zh") ? scenarios::language::zh : scenarios::language::en;
}

namespace {

int say_usage(const usage& u, const std::string& what) {
  std::fprintf(stderr, "zhili %.*s: %s\n", static_cast<int>(u.verb.size()), u.verb.data(), what.c_str());
  return exit_usage;
}

}  // namespace

parsed parse(const usage& u, po::options_description& options, const std::vector<std::string>& arguments) {
  parsed out;
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
    out.exit = say_usage(
        u,
        fmt::format(
            "unknown option '{}'{}", e.get_option_name(), policy::suggestion(e.get_option_name(), views).en));
    return out;
  } catch (const po::error& e) {
    out.exit = say_usage(u, e.what());
    return out;
  }
  if (out.values.count("help") != 0) {
    std::ostringstream text;
    text << options;
    std::printf("usage: zhili %.*s %.*s%s[options]\n\n%.*s\n%s", static_cast<int>(u.verb.size()), u.verb.data(),
                static_cast<int>(u.positional.size()), u.positional.data(), u.positional.empty() ? "" : " ",
                static_cast<int>(u.teaches.size()), u.teaches.data(), text.str().c_str());
    out.exit = exit_ok;
    return out;
  }
  if (!u.positional.empty()) {
    const std::size_t given = out.values.count("positional") == 0 ? 0 : out.values["positional"].as<std::vector<std::string>>().size();
    if (given > u.most || (given == 0 && !u.optional))
      out.exit = say_usage(u, fmt::format("give {}{}; {} were given", u.most == 1 ? "one " : "", u.positional, given));
  }
  const std::string format = out.values["format"].as<std::string>();
  if (format != "text" && format != "json") out.exit = say_usage(u, fmt::format("--format is text or json, not '{}'", format));
  if (out.values.count("lang") != 0) {
    const std::string lang = out.values["lang"].as<std::string>();
    if (lang != "zh" && lang != "en") out.exit = say_usage(u, fmt::format("--lang is zh or en, not '{}'", lang));
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
