// SPDX-License-Identifier: Apache-2.0
// Two packs on one world: the same pack changes nothing, a rule that is switched off changes what it alone had stopped, and
// every count adds up to those that it is made of.
#include <set>

#include <nlohmann/json.hpp>

#include "policy/yaml.hpp"
#include "scenarios/compare/document.hpp"
#include "scenarios/compare/paired.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using nlohmann::ordered_json;

TEST_SUITE_BEGIN("scenarios/compare");

/// The baseline with one rule switched off.
std::shared_ptr<const policy::pack> without_rule(const scratch_dir& dir, const std::string& file, const std::string& rule) {
  const fs::path folder = dir.path / ("without-" + rule);
  fs::copy("packs/baseline-2021", folder, fs::copy_options::recursive);
  const fs::path path = folder / "rules" / file;
  std::string text = *policy::read_file(path, policy::yaml_bytes_max);
  const std::string head = "- id: " + rule + "\n";
  const std::size_t at = text.find(head);
  ZHILI_ASSERT(at != std::string::npos, "the baseline has the rule");
  text.insert(at + head.size(), "  mode: off\n");
  std::ofstream(path) << text;
  auto loaded = policy::pack::load(folder);
  ZHILI_ASSERT(loaded.has_value(), loaded.error().detail);
  return *loaded;
}

compare_settings between(std::shared_ptr<const policy::pack> old, std::shared_ptr<const policy::pack> now,
                         std::vector<std::uint64_t> seeds = {1}, unsigned lanes = 1) {
  return {std::move(old), std::move(now), std::move(seeds), lanes, {}};
}

comparison compared(const compare_settings& settings) {
  auto c = compare_packs(load("smoke"), "smoke", settings);
  ZHILI_ASSERT(c.has_value(), c.error().detail);
  return std::move(*c);
}

const comparison& without_absolutes() {
  static const comparison c = [] {
    const scratch_dir dir;
    return compared(between(baseline(), without_rule(dir, "wording.yaml", "txt-absolutes"), {1, 2, 3}));
  }();
  return c;
}

std::uint64_t all_of(const seed_comparison& s, change what) {
  std::uint64_t n = 0;
  for (const kind_changes& k : s.affected.kinds) n += k.by_change[static_cast<std::size_t>(what)].all();
  return n;
}

TEST_CASE("the same pack twice changes nothing, and both runs have one digest") {
  const comparison c = compared(between(baseline(), baseline(), {1, 2}));
  REQUIRE(c.seeds.size() == 2);
  for (const seed_comparison& s : c.seeds) {
    CHECK(s.old_digest == s.now_digest);
    for (const kind_changes& k : s.affected.kinds) CHECK(k.affected == 0);
    CHECK(s.affected.institutions.all == 0);
    CHECK(s.affected.practitioners.all == 0);
    for (std::size_t n = 0; n < s.old_measures.size(); ++n) CHECK(s.old_measures[n].value == s.now_measures[n].value);
  }
  CHECK(c.newly_stopped.empty());
  CHECK(c.newly_let_through.empty());
  CHECK(c.seeds[0].old_digest != c.seeds[1].old_digest);
}

TEST_CASE("a rule that is switched off lets through what it alone had stopped, and touches no kind that it does not judge") {
  std::uint64_t all_seeds = 0;
  for (const seed_comparison& s : without_absolutes().seeds) {
    const std::uint64_t through = all_of(s, change::newly_let_through);
    CAPTURE(s.seed);
    CHECK(all_of(s, change::newly_stopped) == 0);
    CHECK_FALSE(s.fired_now.contains("txt-absolutes"));
    all_seeds += through;
    // Chance may have put the words into no item of a seed.
    if (through == 0) continue;
    // Each of them was stopped by that rule; where another fired beside it, the item is still stopped.
    CHECK(s.let_through_by.at("txt-absolutes") == through);
    CHECK(s.let_through_by.size() == 1);
    CHECK(s.fired_old.at("txt-absolutes") >= through);
    for (const subject_kind kind : {subject_kind::diary, subject_kind::post, subject_kind::review}) {
      CHECK(s.affected.kinds[static_cast<std::size_t>(kind)].affected == 0);
    }
  }
  CHECK(all_seeds > 0);
}

TEST_CASE("every affected subject is under one change, and what was first said of all of them adds up to all of them") {
  for (const seed_comparison& s : without_absolutes().seeds) {
    for (const kind_changes& k : s.affected.kinds) {
      std::uint64_t changes = 0, first = 0, differing = 0;
      for (const by_truth& b : k.by_change) changes += b.all();
      for (std::size_t from = 0; from < 8; ++from) {
        for (std::size_t to = 0; to < 8; ++to) {
          first += k.first[from][to];
          if (from != to) differing += k.first[from][to];
        }
      }
      CHECK(changes == k.affected);
      CHECK(first == k.subjects);
      CHECK(differing <= k.affected);
    }
    std::uint64_t through = 0;
    for (const std::uint64_t n : s.affected.stopped_by_then) through += n;
    CHECK(through == all_of(s, change::newly_let_through));
    CHECK(s.affected.institutions.all <= s.affected.institutions.own + s.affected.institutions.items);
    CHECK(s.affected.institutions.all >= s.affected.institutions.items);
  }
}

TEST_CASE("packs the other way round change the same subjects in the other direction") {
  const scratch_dir dir;
  const auto off = without_rule(dir, "wording.yaml", "txt-absolutes");
  const comparison there = compared(between(baseline(), off)), back = compared(between(off, baseline()));
  CHECK(all_of(there.seeds[0], change::newly_let_through) == all_of(back.seeds[0], change::newly_stopped));
  CHECK(all_of(back.seeds[0], change::newly_let_through) == 0);
  REQUIRE(there.newly_let_through.size() == back.newly_stopped.size());
  for (std::size_t n = 0; n < there.newly_let_through.size(); ++n) {
    CHECK(there.newly_let_through[n].subject == back.newly_stopped[n].subject);
    CHECK(there.newly_let_through[n].text == back.newly_stopped[n].text);
  }
}

TEST_CASE("the digest is the same on any number of lanes and whenever it is made, and another one for another pack or seed") {
  const auto digest = [](const comparison& c) { return digest_of_comparison(comparison_data(c)); };
  const scratch_dir dir;
  const auto off = without_rule(dir, "wording.yaml", "txt-absolutes");
  const std::string one = digest(compared(between(baseline(), off)));
  CHECK(one == digest(compared(between(baseline(), off, {1}, 7))));
  CHECK(one != digest(compared(between(baseline(), off, {2}))));
  CHECK(one != digest(compared(between(off, baseline()))));
  CHECK(one != digest(compared(between(baseline(), without_rule(dir, "content.yaml", "ad-certificate-bad")))));
}

TEST_CASE("evidence of an example lies in its text, and the pieces of the text put together are the text") {
  const comparison& c = without_absolutes();
  const ordered_json j = comparison_data(c);
  REQUIRE_FALSE(c.newly_let_through.empty());
  CHECK(c.newly_let_through.size() <= examples_max);
  std::set<std::uint64_t> subjects;
  for (std::size_t n = 0; n < c.newly_let_through.size(); ++n) {
    const example& e = c.newly_let_through[n];
    CHECK(subjects.insert(e.subject).second);
    const ordered_json& row = j["examples"]["newly_let_through"][n];
    std::string whole;
    bool marked = false;
    for (const ordered_json& piece : row["text"]) {
      whole += piece["text"].get<std::string>();
      marked = marked || !piece["findings"].empty();
    }
    CHECK(whole == e.text);
    CHECK(marked);
    REQUIRE_FALSE(e.findings.empty());
    CHECK(e.findings[0].begin + e.findings[0].length <= e.text.size());
    CHECK(row["findings"][0]["id"] == "txt-absolutes");
    CHECK(row["findings"][0]["basis"][0]["statute"] == "广告法");
    CHECK(row["truth"]["unlawful"] == e.unlawful);
  }
}

TEST_CASE("twenty examples are dealt out over the rules behind them, however rare a rule is") {
  example_sample sample;
  subject_outcome stopped;
  stopped.kind = subject_kind::ad;
  stop_note common, rare;
  common.finding_count = rare.finding_count = 1;
  common.findings[0] = wire::finding(7, wire::finding_source::rule, 3, 0, 0, 0, 3);
  rare.findings[0] = wire::finding(8, wire::finding_source::rule, 3, 0, 0, 0, 3);
  std::vector<subject_outcome> outcomes(1000, stopped);
  for (std::size_t n = 0; n < outcomes.size(); ++n) {
    outcomes[n].subject = n + 1;
    const outcome_pair p{0, subject_table::content, 0, &outcomes[n], &outcomes[n]};
    sample.add(p, n < 3 ? rare : common, std::nullopt);
  }
  const auto drawn = sample.drawn();
  REQUIRE(drawn.size() == examples_max);
  const auto rare_ones = std::count_if(drawn.begin(), drawn.end(), [](const example& e) { return (e.findings[0].key & 0xffff) == 8; });
  CHECK(rare_ones == 3);
}

TEST_CASE("an interval is Student's, and one value has none") {
  CHECK_FALSE(paired({5}).within);
  CHECK(paired({5}).mean == 5);
  CHECK(paired({}).mean == 0);
  const paired_mean p = paired({1, 2, 3, 4});
  CHECK(p.mean == doctest::Approx(2.5));
  // t(0.975, 3) = 3.182446, s = 1.290994, n = 4.
  REQUIRE(p.within);
  CHECK(p.within->low == doctest::Approx(2.5 - 3.182446 * 1.290994 / 2));
  CHECK(p.within->high == doctest::Approx(2.5 + 3.182446 * 1.290994 / 2));
  CHECK(p.within->excludes_zero());
  CHECK_FALSE(paired({-1, 1, 2}).within->excludes_zero());
  CHECK(differences({1, 2}, {4, 4}) == std::vector<double>{3, 2});
}

TEST_CASE("the mean difference of a figure is the difference of its means") {
  const ordered_json j = comparison_data(without_absolutes());
  for (const ordered_json& m : j["measures"]) {
    CAPTURE(m["key"].get<std::string>());
    CHECK(m["difference"]["mean"].get<double>() == doctest::Approx(m["now"].get<double>() - m["old"].get<double>()).epsilon(1e-9));
    CHECK_FALSE(m["difference"]["low"].is_null());
  }
}

TEST_CASE("caught never stands without missed, wrongful and the hours on either side, in both languages") {
  const std::string zh = comparison_text(without_absolutes(), language::zh), en = comparison_text(without_absolutes(), language::en);
  for (const char* word : {"拦截", "漏放", "误伤", "违法在线小时", "合法下线小时", "95 % 区间"}) CHECK(zh.find(word) != std::string::npos);
  for (const char* word : {"caught", "missed", "wrongful", "unlawful live, hours", "lawful down, hours", "95 % interval"}) {
    CHECK(en.find(word) != std::string::npos);
  }
  const std::string digest = digest_of_comparison(comparison_data(without_absolutes()));
  CHECK(zh.find(digest) != std::string::npos);
  CHECK(en.find(digest) != std::string::npos);
}

// ---- recordings ----

comparison compared_trace(const fs::path& file, const scenario* truth, const compare_settings& settings) {
  auto c = compare_trace(file, truth, settings);
  ZHILI_ASSERT(c.has_value(), c.error().detail);
  return std::move(*c);
}

TEST_CASE("a recording compared with itself is replayed whole, as it was, with nobody made up") {
  const scratch_dir dir;
  const scenario s = load("smoke");
  const simulation_result recorded = record(s, 1, dir.path / "smoke.ndjson");
  const comparison c = compared_trace(dir.path / "smoke.ndjson", &s, between(baseline(), baseline()));
  CHECK(c.replayed.recorded);
  CHECK(c.replayed.submissions == recorded.submissions);
  CHECK(c.replayed.replayed == recorded.submissions);
  CHECK(c.replayed.left_out_by.empty());
  CHECK(c.seeds[0].old_digest == recorded.totals.digest);
  CHECK(c.seeds[0].now_digest == recorded.totals.digest);
  for (const kind_changes& k : c.seeds[0].affected.kinds) CHECK(k.affected == 0);
  for (const acts_count& a : c.replayed.acts) {
    CAPTURE(a.what);
    CHECK(a.unfit_old == a.unfit_now);
    CHECK(a.modelled_old == 0);
    CHECK(a.modelled_now == 0);
  }
}

TEST_CASE("another pack on a recording changes what it changes in the simulation, and people who are missing are modelled") {
  const scratch_dir dir;
  const scenario s = load("smoke");
  record(s, 1, dir.path / "smoke.ndjson.zst");
  const auto off = without_rule(dir, "content.yaml", "ad-uncertified");
  const auto settings = between(off, baseline());
  const comparison replayed = compared_trace(dir.path / "smoke.ndjson.zst", &s, settings);
  const comparison simulated = compared(settings);
  const auto first_of = [](const comparison& c) {
    std::uint64_t n = 0;
    for (const kind_changes& k : c.seeds[0].affected.kinds) n += k.first[1][5];
    return n;
  };
  // The first verdict needs nobody: approve then, sent to people now.
  CHECK(first_of(simulated) > 0);
  CHECK(first_of(replayed) == first_of(simulated));
  // The recording was judged by the baseline: with the pack that asks nobody, answers to those tasks are of no use.
  const acts_count& decisions = replayed.replayed.acts[0];
  CHECK(decisions.what == "decisions");
  CHECK(decisions.unfit_old > decisions.unfit_now);
  const acts_count& back = compared_trace(dir.path / "smoke.ndjson.zst", &s, between(baseline(), off)).replayed.acts[0];
  CHECK(back.unfit_now == decisions.unfit_old);
}

TEST_CASE("tasks that the recording never saw are answered by modelled people, and wait for nobody") {
  const scratch_dir dir;
  const scenario s = load("smoke");
  const auto off = without_rule(dir, "content.yaml", "ad-uncertified");
  simulation_settings how = settings_for(1);
  how.pack = off;
  auto to = recorder::create(dir.path / "off.ndjson", trace_head::of(s, *policy::read_file("scenarios/data/smoke.yaml", policy::yaml_bytes_max), 1, *off));
  REQUIRE(to.has_value());
  how.listener = to->get();
  how.prepared = [&](const std::vector<control>& schedule, const shelf& shelves) {
    (*to)->controls(schedule, shelves);
    return status{};
  };
  run(s, how);
  REQUIRE((*to)->finish().has_value());
  for (const scenario* truth : {&s, static_cast<const scenario*>(nullptr)}) {
    const comparison c = compared_trace(dir.path / "off.ndjson", truth, between(off, baseline()));
    const acts_count& decisions = c.replayed.acts[0];
    CHECK(decisions.modelled_now > decisions.modelled_old);
    CHECK(c.truth == (truth != nullptr));
    const ordered_json j = comparison_data(c);
    bool shows_missed = false;
    for (const ordered_json& m : j["measures"]) shows_missed = shows_missed || m["key"] == "all.missed";
    CHECK(shows_missed == (truth != nullptr));
  }
}

TEST_CASE("lines that cannot be read and texts that were not kept stand first, as what could not be run again") {
  const scratch_dir dir;
  const scenario s = load("smoke");
  record(s, 1, dir.path / "smoke.ndjson");
  std::vector<std::string> lines = lines_of(dir.path / "smoke.ndjson");
  std::uint64_t without = 0;
  std::ofstream out(dir.path / "thin.ndjson");
  for (std::size_t n = 0; n < lines.size(); ++n) {
    if (n + 1 == lines.size()) lines[n] = "{\"not\": \"a line\"}";
    const std::size_t text = lines[n].find(",\"text\":\"");
    if (without == 0 && text != std::string::npos && lines[n].find("submit_content") != std::string::npos) {
      lines[n] = lines[n].substr(0, text) + "}";
      ++without;
    }
    out << lines[n] << '\n';
  }
  out.close();
  REQUIRE(without == 1);
  const comparison c = compared_trace(dir.path / "thin.ndjson", &s, between(baseline(), baseline()));
  CHECK(c.replayed.replayed == c.replayed.submissions - 2);
  REQUIRE(c.replayed.left_out_by.size() == 2);
  CHECK(c.replayed.left_out_by[0].why == "bad_line");
  CHECK(c.replayed.left_out_by[0].count == 1);
  CHECK(c.replayed.left_out_by[1].why == "no_text");
  CHECK(c.replayed.left_out_by[1].count == 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
