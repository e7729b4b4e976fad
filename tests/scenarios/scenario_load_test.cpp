// SPDX-License-Identifier: Apache-2.0
// Scenario files: every wrong line is named with line, column and what would be right.
#include <algorithm>

#include <doctest/doctest.h>

#include "policy/yaml.hpp"
#include "scenarios/world/scenario.hpp"

namespace zhili::scenarios {
namespace {

const std::string& smoke_text() {
  static const std::string text = [] {
    auto read = policy::read_file("scenarios/data/smoke.yaml", policy::yaml_bytes_max);
    REQUIRE(read.has_value());
    return *read;
  }();
  return text;
}

/// `smoke` with one passage changed. REQUIRES: it stands there once.
std::string changed(std::string_view passage, std::string_view into) {
  std::string text = smoke_text();
  const std::size_t at = text.find(passage);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(passage, at + 1) == std::string::npos);
  text.replace(at, passage.size(), into);
  return text;
}

std::string errors_of(std::string text) {
  const auto read = scenario::parse(std::move(text), "s.yaml");
  return read ? std::string{} : read.error().detail;
}

/// `line:column` of the first place in smoke where the passage stands.
std::string place_of(std::string_view passage) {
  const std::string& text = smoke_text();
  const std::size_t at = text.find(passage);
  REQUIRE(at != std::string::npos);
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  return std::to_string(line) + ":" + std::to_string(at - begin + 1);
}

TEST_SUITE_BEGIN("scenarios/scenario");

TEST_CASE("reads the scenarios that come along") {
  for (const char* file :
       {"scenarios/data/smoke.yaml", "scenarios/data/summer-2021.yaml", "scenarios/data/self-discipline-year.yaml",
        "scenarios/data/summer-students.yaml"}) {
    CAPTURE(file);
    const auto s = scenario::load(file);
    REQUIRE_MESSAGE(s.has_value(), s.error().detail);
    CHECK(s->begin < s->end);
    for (const subject_kind k : submitted_kinds) {
      CAPTURE(wire::EnumNamesubject_kind(k));
      CHECK(s->of(k).per_day.value > 0);
      CHECK(s->of(k).per_day.reason.size() >= 8);
      CHECK_FALSE(s->of(k).wrongs.empty());
    }
    for (const figure& f : {s->institutions, s->practitioners, s->users}) {
      CHECK(f.value > 0);
      CHECK(f.kind == figure_kind::assumed);
      CHECK(f.reason.size() >= 8);
    }
  }
}

TEST_CASE("reads what stands in the file") {
  const auto s = scenario::parse(smoke_text(), "smoke.yaml");
  REQUIRE(s.has_value());
  CHECK(s->name == "smoke");
  CHECK(s->title.zh == "冒烟场景");
  CHECK(to_string(s->begin) == "2021-07-18T00:00:00.000+08:00");
  CHECK(s->end - s->begin == std::chrono::days{3});
  CHECK(s->opening == std::chrono::days{29});
  CHECK(s->seed == 1);
  CHECK(s->hop == std::chrono::seconds{60});
  CHECK(s->of(subject_kind::institution).per_day.value == 8);
  REQUIRE(s->of(subject_kind::institution).wrongs.size() == 5);
  CHECK(s->of(subject_kind::institution).wrongs[1].what == wrong::forged_licence);
  CHECK(s->of(subject_kind::institution).wrongs[1].ppm == 80'000);
  CHECK(s->of(subject_kind::product).changes_ppm.value == 20'000);
  CHECK(s->of(subject_kind::product).factor_ppm == 1'000'000);
  REQUIRE(s->reviewers.size() == 6);
  CHECK(s->reviewers[0].queue == "onboarding");
  CHECK(s->reviewers[0].handling.p90 == std::chrono::minutes{18});
  CHECK(s->reviewers[0].weekends);
  CHECK(s->rogue_times == 5);
  CHECK(s->categories[static_cast<std::size_t>(violation::absolutes)] == 18);
  CHECK(s->evasions[static_cast<std::size_t>(evasion::none)] == 70);
  CHECK(s->published.empty());
}

TEST_CASE("takes every kind that people submit, and no other") {
  for (const subject_kind k : submitted_kinds) {
    const std::string word = wire::EnumNamesubject_kind(k);
    CAPTURE(word);
    const auto s = scenario::parse(smoke_text(), "s.yaml");
    REQUIRE(s.has_value());
    CHECK(s->of(k).per_day.kind == figure_kind::assumed);
  }
  const std::string found = errors_of(changed("  institution:\n", "  measure:\n"));
  CHECK(found.find("s.yaml:" + place_of("institution:\n") + ": 'measure' is no kind: institution, practitioner") !=
        std::string::npos);
}

TEST_CASE("names an unknown key with line, column and the nearest known one") {
  struct row {
    const char* passage;
    const char* into;
    const char* key;
    const char* near;
  };
  const row rows[] = {
      {"ring_size:", "ring_sice:", "ring_sice", "ring_size"},
      {"  users:", "  user:", "user", "users"},
      {"acknowledge:", "aknowledge:", "aknowledge", "acknowledge"},
      {"correct_ppm:", "corect_ppm:", "corect_ppm", "correct_ppm"},
      {"missing_ppm:", "mising_ppm:", "mising_ppm", "missing_ppm"},
      {"    changes_ppm: {value: 30000", "    chances_ppm: {value: 30000", "chances_ppm", "changes_ppm"},
      {"count: 4,", "cuont: 4,", "cuont", "count"},
      {"share_ppm:", "shared_ppm:", "shared_ppm", "share_ppm"},
  };
  for (const row& r : rows) {
    CAPTURE(r.key);
    const std::string found = errors_of(changed(r.passage, r.into));
    const std::string key = r.passage + std::string_view(r.passage).find_first_not_of(' ');
    const std::size_t spaces = std::string_view(r.passage).find_first_not_of(' ');
    std::string at = place_of(r.passage);
    const std::size_t colon = at.find(':');
    at = at.substr(0, colon + 1) + std::to_string(std::stoul(at.substr(colon + 1)) + spaces);
    const std::string wanted = "s.yaml:" + at + ": unknown key '" + r.key + "'; did you mean '" + r.near + "'?";
    CHECK_MESSAGE(found.find(wanted) != std::string::npos, wanted << " in " << found);
  }
}

TEST_CASE("names a word that is no kind of wrong, of illegal text or of spelling") {
  struct row {
    const char* passage;
    const char* into;
    const char* says;
  };
  const row rows[] = {
      {"bad_code: 100000", "bad_cod: 100000", "'bad_cod' is no kind of wrong"},
      {"absolutes: 18", "absolute: 18", "'absolute' is no category of illegal text"},
      {"pinyin: 4", "pinjin: 4", "'pinjin' is no evasive spelling"},
  };
  for (const row& r : rows) {
    CAPTURE(r.into);
    const std::string found = errors_of(changed(r.passage, r.into));
    CHECK(found.find("s.yaml:" + place_of(r.passage) + ": " + r.says) != std::string::npos);
  }
}

TEST_CASE("refuses shares that add up to more than all") {
  CHECK(errors_of(changed("unlicensed: 180000", "unlicensed: 680000")).empty());  // exactly all
  const std::string found = errors_of(changed("unlicensed: 180000", "unlicensed: 680001"));
  CHECK(found.find("the shares of wrongs add up to more than all") != std::string::npos);
  // A fitted factor counts too.
  CHECK(errors_of(changed("    wrongs: {malformed_certificate:", "    factor_ppm: 3800000\n    wrongs: {malformed_certificate:"))
            .empty());
  CHECK(errors_of(changed("    wrongs: {malformed_certificate:", "    factor_ppm: 3900000\n    wrongs: {malformed_certificate:"))
            .find("more than all") != std::string::npos);
  CHECK(errors_of(changed("correct_ppm: 350000", "correct_ppm: 850000")).find("add up to more than all") != std::string::npos);
}

TEST_CASE("wants a reason beside every figure that nobody published") {
  const std::string line = "{value: 3000, kind: assumed, reason: one content a user and a half}";
  CHECK(errors_of(changed(line, "{value: 3000, kind: assumed}")).find("'reason' is missing") != std::string::npos);
  CHECK(errors_of(changed(line, "{value: 3000, kind: assumed, reason: so}")).find("needs its reason") != std::string::npos);
  CHECK(errors_of(changed(line, "{value: 3000, reason: one content a user}")).find("'kind' is missing") != std::string::npos);
  CHECK(errors_of(changed(line, "3000")).find("wants a mapping") != std::string::npos);
  const std::string kind = errors_of(changed(line, "{value: 3000, kind: assummed, reason: one content a user}"));
  CHECK(kind.find("did you mean 'assumed'?") != std::string::npos);
}

TEST_CASE("refuses times, intervals and shifts that cannot be") {
  struct row {
    const char* passage;
    const char* into;
    const char* says;
  };
  const row rows[] = {
      {"begin: 2021-07-18", "begin: 2021-02-30", "'begin': '2021-02-30' is no time: write 2021-07-18"},
      {"begin: 2021-07-18", "begin: 18 July", "'18 July' is no time"},
      {"end: 2021-07-21", "end: 2021-07-18", "a scenario ends after it began"},
      {"end: 2021-07-21", "end: 2020-07-21", "a scenario ends after it began"},
      {"opening: 29d", "opening: soon", "'soon' is no span of time: write 90s"},
      {"opening: 29d", "opening: 29d\nhop: 0s", "the hop delay is longer than nothing"},
      {"acknowledge: {median: 2m, p90: 15m}", "acknowledge: {median: 2m, p90: 1m}", "p90 lies below the median"},
      {"from_hour: 8, to_hour: 24", "from_hour: 8, to_hour: 8", "a shift ends after it began"},
      {"from_hour: 8, to_hour: 24", "from_hour: 1, to_hour: 26", "within a day"},
      {"weekdays: [95, 95, 95, 100, 105, 115, 110]", "weekdays: [95, 95, 95]", "7 numbers, and 3 stand here"},
      {"missing_ppm: 15000", "missing_ppm: 1000001", "0 to 1000000"},
      {"ring_size: 6", "ring_size: 0", "1 to 10000"},
      {"value: 400, kind: assumed, reason: about", "value: many, kind: assumed, reason: about", "'value' wants a number"},
      {"name: smoke\n", "", "'name' is missing"},
      {"reviewers:", "viewers:", "'reviewers' is missing"},
  };
  for (const row& r : rows) {
    CAPTURE(r.into);
    CHECK(errors_of(changed(r.passage, r.into)).find(r.says) != std::string::npos);
  }
}

TEST_CASE("reports all errors of a file in one reading") {
  std::string text = changed("ring_size: 6", "ring_size: none\nburst: 3");
  text.replace(text.find("bad_code"), 8, "bat_code");
  const std::string found = errors_of(text);
  CHECK(std::count(found.begin(), found.end(), '\n') == 2);
  CHECK(found.find("'bat_code'") != std::string::npos);
  CHECK(found.find("'ring_size' wants") != std::string::npos);
  CHECK(found.find("unknown key 'burst'") != std::string::npos);
}

TEST_CASE("knows published figures by name and keeps what contradicts itself") {
  const auto s = scenario::load("scenarios/data/summer-2021.yaml");
  REQUIRE(s.has_value());
  CHECK(s->published.at("products") == 174'102);
  CHECK(s->published.at("total") == 189'234);
  double parts = 0;
  for (const char* key : {"products", "institutions", "practitioners", "reviews"}) parts += s->published.at(key);
  CHECK(parts == 189'243);
  CHECK(s->contradictions.size() == 1);
  const std::string found =
      errors_of(smoke_text() + "published: {source: a press release, figures: {product: 10}}\n");
  CHECK(found.find("did you mean 'products'?") != std::string::npos);
}

TEST_CASE("names a file that is not there") {
  const auto s = scenario::load("scenarios/data/winter.yaml");
  REQUIRE_FALSE(s.has_value());
  CHECK(s.error().code == errc::not_found);
  CHECK(s.error().detail.find("winter.yaml") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
