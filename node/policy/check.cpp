// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/pack.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy check", "PACK",
    "Reads a pack and says everything that is wrong with it at once, each with file, line and column and with what would\n"
    "be right. PACK is packs/default when it is not named. Nothing is changed.\n\n"
    "example\n"
    "  zhili policy check packs/baseline-2021\n",
    true};

}  // namespace

int run_policy_check(const std::vector<std::string>& arguments) {
  po::options_description options{"options"};
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto pack = load_pack(positional_of(p.values, default_pack()));
  if (!pack) return complain(pack.error(), language_of(p.values));
  const bool zh = language_of(p.values) == scenarios::language::zh;
  std::printf(zh ? "%s 第 %u 版：%u 条规则，%zu 个词表，没有错误\n" : "%s version %u: %u rules, %zu lexicons, no errors\n",
              (*pack)->name().c_str(), (*pack)->version(), (*pack)->rule_count(), (*pack)->categories().size());
  return exit_ok;
}

}  // namespace zhili::node
