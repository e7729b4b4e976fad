// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "node/files.hpp"
#include "node/policy/shared.hpp"
#include "node/verb.hpp"
#include "policy/pack_difference.hpp"

namespace zhili::node {
namespace {

constexpr usage about{
    "policy diff", "OLD NEW",
    "Says what NEW judges otherwise than OLD, by meaning: rules added, removed and changed (with the "
    "thresholds that moved),\n"
    "terms and settings. Layout, comments and the order of files count for nothing. What it would change on "
    "real\n"
    "submissions, `zhili compare` says.\n\n"
    "example\n"
    "  zhili policy diff packs/baseline-2021 packs/default\n\n"
    "exit codes: 0 also where they differ; 3 a pack does not load",
    false, 2};

nlohmann::ordered_json json_of(const std::vector<policy::changed_part>& parts) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& p : parts) out.push_back({{"what", p.what}, {"from", p.from}, {"to", p.to}});
  return out;
}

void print_json(const policy::pack_difference& d) {
  nlohmann::ordered_json j;
  j["added_rules"] = d.added_rules;
  j["removed_rules"] = d.removed_rules;
  j["changed_rules"] = nlohmann::ordered_json::array();
  for (const auto& r : d.changed_rules)
    j["changed_rules"].push_back({{"id", r.id}, {"parts", json_of(r.parts)}});
  j["terms"] = nlohmann::ordered_json::array();
  for (const auto& t : d.terms)
    j["terms"].push_back({{"category", t.category}, {"added", t.added}, {"removed", t.removed}});
  j["settings"] = json_of(d.settings);
  std::printf("%s\n", j.dump(2).c_str());
}

constexpr std::size_t terms_shown_max = 20;

std::string terms_text(char sign, const std::vector<std::string>& terms) {
  if (terms.empty()) return {};
  const std::size_t shown = std::min(terms.size(), terms_shown_max);
  return fmt::format(
      "    {} {}{}\n", sign,
      fmt::join(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(shown), " "),
      terms.size() > shown ? fmt::format(" … ({})", terms.size()) : "");
}

std::string text_of(const policy::pack_difference& d, scenarios::language lang) {
  if (d.empty()) return std::string(in(lang, "两个规则包判定相同\n", "the two packs judge alike\n"));
  std::string out;
  for (const auto& id : d.added_rules) out += fmt::format("+ {} {}\n", in(lang, "规则", "rule"), id);
  for (const auto& id : d.removed_rules) out += fmt::format("- {} {}\n", in(lang, "规则", "rule"), id);
  for (const auto& r : d.changed_rules) {
    out += fmt::format("~ {} {}  {}\n", in(lang, "规则", "rule"), r.id, in(lang, r.title));
    for (const auto& p : r.parts)
      out += fmt::format(
          "    {}: {} → {}\n",
          p.what == "threshold" ? in(lang, "阈值", "threshold") : std::string_view(p.what), p.from, p.to);
  }
  for (const auto& t : d.terms) {
    out += fmt::format(
        fmt::runtime(in(lang, "~ 词表 {}：加 {}，减 {}\n", "~ lexicon {}: {} added, {} removed\n")),
        t.category, t.added.size(), t.removed.size());
    out += terms_text('+', t.added) + terms_text('-', t.removed);
  }
  for (const auto& s : d.settings)
    out += fmt::format("~ {} {}: {} → {}\n", in(lang, "设置", "setting"), s.what, s.from, s.to);
  return out;
}

}  // namespace

int run_policy_diff(const std::vector<std::string>& arguments) {
  po::options_description options{"options"};
  add_common(options);
  const parsed p = parse(about, options, arguments);
  if (p.exit) return *p.exit;
  const auto& names = p.values["positional"].as<std::vector<std::string>>();
  if (names.size() != 2) return complain({errc::bad_argument, "give two packs: zhili policy diff OLD NEW"});
  const auto before = load_pack(names[0]);
  if (!before) return complain(before.error());
  const auto after = load_pack(names[1]);
  if (!after) return complain(after.error());
  const policy::pack_difference d = policy::difference(**before, **after);
  if (wants_json(p.values)) {
    print_json(d);
  } else {
    std::fputs(text_of(d, language_of(p.values)).c_str(), stdout);
  }
  return exit_ok;
}

}  // namespace zhili::node
