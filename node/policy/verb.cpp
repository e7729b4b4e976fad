// SPDX-License-Identifier: Apache-2.0
#include "node/policy/verb.hpp"

#include <cstdio>

#include "policy/suggest.hpp"

namespace zhili::node {
namespace {

void print_help(std::FILE* to) {
  std::fputs(
      "zhili policy: 写规则、查规则、试规则。What a policy team does with a pack of rules.\n\n"
      "usage: zhili policy VERB [options]     zhili policy VERB --help teaches a verb\n\n",
      to);
  for (const verb& v : policy_verbs()) {
    std::fprintf(to, "  %-10.*s %.*s  %.*s\n", static_cast<int>(v.name.size()), v.name.data(),
                 static_cast<int>(v.summary_zh.size()), v.summary_zh.data(), static_cast<int>(v.summary_en.size()),
                 v.summary_en.data());
  }
}

}  // namespace

int run_policy(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_help(stderr);
    return exit_usage;
  }
  if (arguments[0] == "help" || arguments[0] == "--help" || arguments[0] == "-h") {
    print_help(stdout);
    return exit_ok;
  }
  std::vector<std::string_view> known;
  for (const verb& v : policy_verbs()) {
    if (v.name == arguments[0]) return v.run({arguments.begin() + 1, arguments.end()});
    known.push_back(v.name);
  }
  const std::string_view near = policy::nearest(arguments[0], known);
  std::fprintf(stderr, "zhili policy: there is no verb '%s'%s%.*s%s\n", arguments[0].c_str(),
               near.empty() ? "" : "; did you mean '", static_cast<int>(near.size()), near.data(), near.empty() ? "" : "'?");
  return exit_usage;
}

}  // namespace zhili::node
