// SPDX-License-Identifier: Apache-2.0
// One slip, one error: what leans on a part that could not be read does not complain of it.
#include <doctest/doctest.h>

#include "policy/lost_names.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/lost_names");

constexpr std::string_view parts = "let:\n  graded: level > base\n  base: level_max\n";

std::string rule(std::string_view id, std::string_view when) {
  return rule_text(
      id, "  match: {stage: listing}\n  when: " + std::string(when) + "\n  then: {verdict: reject}\n");
}

/// Three rules that lean on the parts of `head`.
pack_on_disk& write(pack_on_disk& disk, std::string_view head) {
  disk.write("pack.yaml", std::string(least_head) + std::string(head));
  for (const char* id : {"a", "b", "c"}) disk.write("rules/" + std::string(id) + ".yaml", rule(id, "graded || level > base"));
  return disk;
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string out(parts);
  return out.replace(out.find(from), from.size(), to);
}

TEST_CASE("rules do not miss parts of a head that could not be read") {
  struct row {
    std::string head;
    const char* error;
  };
  const row rows[] = {
      {replaced("let", "lett"), "pack.yaml:4:1: unknown key 'lett'; did you mean 'let'?"},
      {replaced("let:", "let："), "pack.yaml:4:4: this colon is wide: write 'let: ' (a half-width colon and a space)"},
      {"settings:\n  " + std::string(parts),
       "pack.yaml:5:3: 'let' stands at the beginning of its line, not below 'settings'"},
      {replaced("  base", "base"), "pack.yaml:6:1: unknown key 'base'; did you mean 'name'?"},
      {replaced("let:", "let: |"), "pack.yaml:4:6: 'let' wants a mapping, lines of 'key: value', not 'graded: level > base\nbase: level_max\n'"},
  };
  for (const row& r : rows) {
    CAPTURE(r.head);
    pack_on_disk disk;
    CHECK(write(disk, r.head).errors() == r.error);
  }
}

TEST_CASE("of a text every word is kept, and no part of one") {
  lost_names lost;
  lost.add_text("let：\n  高难度: level>1 && (soft_part)\n  甲乙：“丙丁”，x");
  for (const char* word : {"let", "高难度", "level", "1", "soft_part", "甲乙", "丙丁", "x"}) CHECK_MESSAGE(lost.hold(word), word);
  for (const char* part : {"", "难度", "soft", "part", "甲", "：", "丙丁”"}) CHECK_MESSAGE(!lost.hold(part), part);
  lost.add_text("末");
  lost.add_text("");
  lost.add_text("\xe4\xb8");
  CHECK(lost.hold("末"));
  CHECK_FALSE(lost.hold("其他"));
  lost.add_all();
  CHECK(lost.hold("其他"));
}

TEST_CASE("a lost part may have a Chinese name") {
  pack_on_disk disk;
  disk.write("pack.yaml", std::string(least_head) + "let：\n  高难度: level > 1\n").write("rules/a.yaml", rule("a", "高难度"));
  CHECK(disk.errors_zh() == "pack.yaml:4:4: 冒号是全角的：请写成 'let: '（半角冒号加一个空格）");
}

TEST_CASE("what is wrong in a rule itself is named beside the head's slip") {
  pack_on_disk disk;
  write(disk, replaced("let", "lett"));
  constexpr std::string_view head_slip = "pack.yaml:4:1: unknown key 'lett'; did you mean 'let'?\n";
  disk.write("rules/d.yaml", rule("d", "graded && pirce < 1元"));
  CHECK(disk.errors() == std::string(head_slip) + "rules/d.yaml:7:19: unknown field 'pirce'; did you mean 'price'?");
  disk.write("rules/d.yaml", rule("d", "graded && hits(absolutes) > 0 || level >"));
  CHECK(disk.errors().find("rules/d.yaml:7:") != std::string::npos);
  // Where a part may be the ground, none is missing.
  disk.write("rules/d.yaml", rule_text("d", "  match: {stage: review}\n  when: stars < 3 && graded\n  then: {verdict: reject}\n"));
  CHECK(disk.errors() + "\n" == head_slip);
  // A name that the head was read with is none that was lost.
  disk.write("pack.yaml", "nmae: trial\nversion: 1\ntitle: {zh: 试, en: trial}\n" + std::string(parts));
  disk.write("rules/d.yaml", rule("d", "graded && basis > 1"));
  CHECK(disk.errors() ==
        "pack.yaml:1:1: 'name' is missing\n"
        "pack.yaml:1:1: unknown key 'nmae'; did you mean 'name'?\n"
        "rules/d.yaml:7:19: unknown field 'basis'; did you mean 'base'?");
}

TEST_CASE("one bad part is one error, however many rules lean on it") {
  struct row {
    std::string head;
    const char* error;
  };
  const row rows[] = {
      {replaced("level > base", "level >"), "pack.yaml:5:18: a field, a value or '(' is missing at the end"},
      {replaced("level > base", "levl > base"),
       "pack.yaml:5:11: unknown field 'levl'; did you mean 'level'? (named by the rule 'a')"},
      {replaced("level > base", "level + base"),
       "pack.yaml:5:11: 'graded' is a number, and '||' joins conditions: compare it (the rule 'a' and others use it as a "
       "condition, in 3 places)"},
      {replaced("graded", "gradet"),
       "pack.yaml:5:3: no rule names 'gradet', but 3 conditions name 'graded', which there is not; did you mean 'graded'?"},
  };
  for (const row& r : rows) {
    CAPTURE(r.head);
    pack_on_disk disk;
    CHECK(write(disk, r.head).errors() == r.error);
  }
}

TEST_CASE("a pack shares as many parts as people can read, and rules do not miss those beyond") {
  std::string head = std::string(least_head) + "let:\n";
  for (int n = 0; n <= 1000; ++n) head += "  part_" + std::to_string(n) + ": level > 1\n";
  pack_on_disk disk;
  disk.write("pack.yaml", head).write("rules/a.yaml", rule("a", "part_0 && part_1000"));
  CHECK(disk.errors() == "pack.yaml:1005:3: more than 1000 parts under 'let'");
}

TEST_CASE("what may have been meant is looked for as often as errors are printed") {
  std::string when = "levl > 1";
  for (int n = 1; n < 150; ++n) when += " || levl > 1";
  pack_on_disk disk;
  for (const char* id : {"a", "b", "c"}) disk.write("rules/" + std::string(id) + ".yaml", rule(id, when));
  const std::string said = disk.errors();
  std::size_t meant = 0;
  for (std::size_t at = 0; (at = said.find("did you mean 'level'?", at)) != std::string::npos; ++at) ++meant;
  CHECK(meant == 200);
  CHECK(said.find("and 250 more") != std::string::npos);
}

TEST_CASE("of one rule that takes a part for a condition the rule is at fault") {
  pack_on_disk disk;
  write(disk, parts).write("rules/d.yaml", rule("d", "base || graded"));
  CHECK(disk.errors() == "rules/d.yaml:7:9: 'base' is a number, and '||' joins conditions: compare it");
}

TEST_CASE("that nobody names a part is said only where everything was read") {
  pack_on_disk disk;
  write(disk, parts);
  // The part that names it cannot be read; nor can a rule, nor a file of rules.
  disk.write("pack.yaml", std::string(least_head) + "let:\n  graded: level > other &&\n  base: 1\n  other: 2\n");
  CHECK(disk.errors() == "pack.yaml:5:27: a field, a value or '(' is missing at the end");
  write(disk, std::string(parts) + "  other: level > 3\n").write("rules/d.yaml", rule("d", "other >"));
  CHECK(disk.errors() == "rules/d.yaml:7:16: a field, a value or '(' is missing at the end");
  disk.write("rules/d.yaml", "id：d\n");
  CHECK(disk.errors().find("no rule names") == std::string::npos);
  std::filesystem::remove(disk.dir() / "rules/d.yaml");
  CHECK(disk.errors() == "pack.yaml:7:3: no rule names 'other': remove it");
}

TEST_CASE("rules do not miss facts of a counters file that could not be read") {
  pack_on_disk disk;
  write(disk, parts).write("rules/d.yaml", rule("d", "asked_today > 3 && level > 1"));
  disk.write("counters/a.yaml", "- name: asked_today\n  title: {zh: 甲, en: a}\n  count： submissions\n");
  const std::string said = disk.errors();
  CHECK(said.find("counters/a.yaml:3:") == 0);
  CHECK(said.find('\n') == std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
