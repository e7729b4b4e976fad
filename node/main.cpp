// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "node/huge_pages.hpp"
#include "node/verb.hpp"
#include "policy/suggest.hpp"

namespace {

using namespace zhili::node;

void print_help(std::FILE* to) {
  std::fputs(
      "zhili (治理) runs the governance of a medical-aesthetics marketplace, and rehearses it.\n\n"
      "usage: zhili VERB [options]     zhili VERB --help teaches a verb\n\n",
      to);
  for (const verb& v : verbs()) {
    std::fprintf(to, "  %-10.*s %.*s  %.*s\n", static_cast<int>(v.name.size()), v.name.data(),
                 static_cast<int>(v.summary_en.size()), v.summary_en.data(), static_cast<int>(v.summary_zh.size()),
                 v.summary_zh.data());
  }
  std::fputs("\nexit codes: 0 ok, 1 failed, 2 usage, 3 bad input, 4 divergence\n", to);
}

int dispatch(const std::vector<std::string>& arguments, char** argv) {
  if (arguments.empty()) {
    print_help(stderr);
    return exit_usage;
  }
  if (arguments[0] == "help" || arguments[0] == "--help" || arguments[0] == "-h") {
    print_help(stdout);
    return exit_ok;
  }
  std::vector<std::string_view> known;
  for (const verb& v : verbs()) {
    if (v.name == arguments[0]) {
      if (v.large) start_with_huge_pages(argv);
      return v.run({arguments.begin() + 1, arguments.end()});
    }
    known.push_back(v.name);
  }
  const std::string_view near = zhili::policy::nearest(arguments[0], known);
  std::fprintf(stderr, "zhili: there is no verb '%s'%s%.*s%s\n", arguments[0].c_str(), near.empty() ? "" : "; did you mean '",
               static_cast<int>(near.size()), near.data(), near.empty() ? "" : "'?");
  return exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc}, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "zhili: %s\n", e.what());
    return exit_failed;
  }
}
