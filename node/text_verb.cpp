// SPDX-License-Identifier: Apache-2.0
// `zhili text …`: what a text becomes before any rule reads it.
#include <algorithm>
#include <cstdio>

#include "node/options.hpp"
#include "node/policy/lines.hpp"
#include "node/policy/text_judge.hpp"
#include "policy/suggest.hpp"
#include "policy/text/normaliser.hpp"
#include "protocols/types/limits.hpp"
#include "protocols/types/tell.hpp"

namespace zhili::node {
namespace {

constexpr usage about_normalise{
    "text normalise", "",
    "把文字还原成规则看到的样子：全角、繁体、拆字、夹符号、倒写……每行一条。\n"
    "Reads UTF-8 lines on standard input and prints one line for each: the text as rules see it. In a line, \\n, \\t,\n"
    "\\\\ and \\uXXXX stand for the characters that they name. What is not UTF-8 becomes U+FFFD. A text that is\n"
    "longer than a submission may be is refused: its line of output is empty, standard error says which, the exit code is 3.\n\n"
    "examples\n"
    "  echo '加❤微❤信，①元做双眼皮' | zhili text normalise\n"
    "  zhili text normalise --off separators,digits < texts.txt\n"
    "  zhili text techniques\n"};

/// `separators,digits` off; a name that is none is said with the nearest.
result<policy::techniques> techniques_without(std::string_view names) {
  auto on = policy::techniques::all();
  std::vector<std::string_view> known;
  for (const auto& info : policy::technique_infos()) known.push_back(info.name);
  while (!names.empty()) {
    const auto end = std::min(names.find(','), names.size());
    const auto name = names.substr(0, end);
    const auto found = policy::technique_named(name);
    if (!found) {
      return fail(
          errc::bad_argument, tell(
                                  "--off：没有 '{}' 这种还原办法{}", "--off: there is no technique '{}'{}",
                                  name, policy::suggestion(name, known)));
    }
    on = on.without(*found);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return on;
}

int run_normalise(const std::vector<std::string>& arguments) {
  po::options_description options{"options"};
  add_common(options);
  options.add_options()("off", po::value<std::string>()->default_value(""), "techniques to leave out, with commas between; see zhili text techniques");
  const parsed p = parse(about_normalise, options, arguments);
  if (p.exit) return *p.exit;
  const auto on = techniques_without(p.values["off"].as<std::string>());
  if (!on) return complain(on.error(), language_of(p.values));
  const auto by = policy::normaliser::with(*on);
  policy::text_reading text;
  std::string line, out;
  int code = exit_ok;
  line_reader lines(stdin);
  for (std::size_t number = 1; lines.next(); ++number) {
    unescape_line(lines.line(), line);
    if (line.size() > limits::text_bytes_max) {
      std::fprintf(stderr, "zhili: standard input:%zu: a text has at most %zu bytes\n", number, limits::text_bytes_max);
      code = exit_bad_input;
      line.clear();
    }
    text.begin(*by, line);
    out.clear();
    append_escaped(text.printed(), out);
    out += '\n';
    std::fwrite(out.data(), 1, out.size(), stdout);
  }
  return lines.failed() ? exit_failed : code;
}

int list_techniques(const std::vector<std::string>&) {
  for (const auto& info : policy::technique_infos()) {
    std::printf("%-18.*s %.*s  %.*s\n", static_cast<int>(info.name.size()), info.name.data(), static_cast<int>(info.zh.size()),
                info.zh.data(), static_cast<int>(info.en.size()), info.en.data());
  }
  return exit_ok;
}

constexpr verb all[] = {
    {"normalise", "还原每行文字", "each line as rules see it", run_normalise},
    {"techniques", "能识破的写法及其名称", "the disguises that are seen through, and their names", list_techniques},
};

}  // namespace

int run_text_verb(const std::vector<std::string>& arguments) {
  return run_one_of(all, "zhili text", "zhili text: 规则看到的文字。What a text becomes before any rule reads it.", {}, arguments, nullptr);
}

}  // namespace zhili::node
