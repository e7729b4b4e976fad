// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/lexicon.hpp"
#include "policy/pack.hpp"
#include "policy/yaml.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy check", "PACK",
    {"读一个规则包，把里面的错误一次全部说出来：每处都带文件、行、列，并说明该怎么写；能读懂、但多半不是本意的写法，\n"
    "另外提醒。不写 PACK 就是 packs/default。什么都不改动。\n"
    "\n"
    "例子\n"
    "  zhili policy check packs/baseline-2021",
    "Reads a pack and says everything that is wrong with it at once, each with file, line and column and with what would\n"
    "be right; and warns of what it can read but somebody may not have meant. PACK is packs/default when it is not named.\n"
    "Nothing is changed.\n\n"
    "example\n"
    "  zhili policy check packs/baseline-2021\n"},
    true};

/// The loader keeps no lines of lexicons: they are read again.
policy::diagnostics warnings_of(const std::filesystem::path& folder, const policy::pack& loaded) {
  policy::diagnostics warned;
  const auto words = policy::normaliser::with(loaded.sees_through());
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "lexicons", ec)) {
    const std::string name = entry.path().filename().string();
    // What the loader does not read either.
    if (name.starts_with('.') || name.ends_with('~')) continue;
    const auto text = policy::read_file(entry.path(), policy::lexicon_bytes_max);
    if (text) policy::warn_of_lexicon(*text, entry.path().string(), *words, warned);
  }
  return warned;
}

}  // namespace

int run_policy_check(const std::vector<std::string>& arguments) {
  const words say{arguments};
  po::options_description options = say.options();
  add_common(options, say);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto folder = find_pack(positional_of(p.values, default_pack()));
  if (!folder) return complain(folder.error(), language_of(p.values));
  const auto pack = policy::pack::load(*folder);
  if (!pack) return complain(pack.error(), language_of(p.values));
  const bool zh = language_of(p.values) == scenarios::language::zh;
  if (const auto warned = warnings_of(*folder, **pack); !warned.empty()) {
    const bilingual text = warned.text();
    std::printf("%s\n", (zh ? text.zh : text.en).c_str());
  }
  std::printf(zh ? "%s 第 %u 版：%u 条规则，%zu 个词表，没有错误\n" : "%s version %u: %u rules, %zu lexicons, no errors\n",
              (*pack)->name().c_str(), (*pack)->version(), (*pack)->rule_count(), (*pack)->categories().size());
  return exit_ok;
}

}  // namespace zhili::node
