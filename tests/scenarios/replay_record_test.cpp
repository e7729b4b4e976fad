// SPDX-License-Identifier: Apache-2.0
// A recorded run, run again: the same to the last hash; with wrong lines, another pack, without the world it came from.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "scenarios/trace/replay_summary.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

/// What a run prints of its outcome, without what it cost.
nlohmann::json outcome_of(const std::string& json) {
  auto j = nlohmann::json::parse(json);
  for (const char* key : {"how", "lanes", "threads", "wall_s", "cpu_s", "rss_max_bytes", "trace"}) j.erase(key);
  return j;
}

nlohmann::json outcome_of(const scenario& s, const simulation_result& r) { return outcome_of(summary_json(s, r, "")); }

std::size_t first_submission(const std::vector<std::string>& lines) {
  const auto found = std::find_if(lines.begin(), lines.end(), [](const std::string& l) { return l.starts_with("{\"at\""); });
  return static_cast<std::size_t>(found - lines.begin());
}

TEST_SUITE_BEGIN("scenarios/replay");

TEST_CASE("a replayed recording has the digest and the figures of the run, on any number of lanes") {
  const scenario s = load("smoke");
  const scratch_dir dir;
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    const fs::path file = dir.path / "run.ndjson.zst";
    const simulation_result was = record(s, seed, file);
    for (const unsigned lanes : {1u, 2u, 7u}) {
      CAPTURE(lanes);
      const replayed is = replay_file(file, &s, on_lanes(lanes));
      CHECK(is->run.totals.digest == was.totals.digest);
      CHECK(is->run.states == was.states);
      CHECK(outcome_of(s, is->run) == outcome_of(s, was));
      CHECK(is.report.bad == 0);
      CHECK(is.report.lines > was.submissions);
      CHECK(is->changed.empty());
    }
  }
}

TEST_CASE("a recording is the same on any number of lanes, plain or compressed, and stands in order") {
  const scenario s = small_world();
  const scratch_dir dir;
  record(s, 5, dir.path / "a.ndjson", 1);
  record(s, 5, dir.path / "b.ndjson.zst", 2);
  const auto lines = lines_of(dir.path / "a.ndjson");
  CHECK(lines == lines_of(dir.path / "b.ndjson.zst"));

  line_parser parser;
  std::pair<std::int64_t, int> last{0, 0};
  bool out_of_order = false;
  for (std::size_t n = first_submission(lines); n < lines.size(); ++n) {
    std::string padded = lines[n] + std::string(line_parser::padding, ' ');
    const auto line = parser.line(std::string_view(padded).substr(0, lines[n].size()));
    REQUIRE(line.has_value());
    const auto& sub = std::get<trace_submission>(*line);
    const std::pair<std::int64_t, int> now{sub.at.ms, shard_of(sub.account)};
    out_of_order = out_of_order || now < last;
    last = now;
  }
  CHECK_FALSE(out_of_order);
}

TEST_CASE("wrong lines are reported with number and field, and the rest goes on") {
  const scenario s = small_world();
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson";
  const simulation_result was = record(s, 6, file);
  std::vector<std::string> lines = lines_of(file);
  const std::size_t first = first_submission(lines);
  REQUIRE(lines.size() > first + 200);

  lines[first + 10] = lines[first + 10].substr(0, 50);
  lines[first + 20] = replaced(lines[first + 20], "\"workflow\":\"", "\"workflow\":\"no_");
  lines[first + 30] = replaced(lines[first + 30], "\"at\":", "\"at\":9");
  lines[first + 40] = replaced(lines[first + 40], "\"body\":{", "\"body\":{\"nonsense\":1,");
  lines[first + 50] = replaced(lines[first + 50], "{\"at\":1624", "{\"at\":1623");
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(first + 60), lines[1]);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(first + 70), " ");
  write_lines_to(file, lines);

  const replayed is = replay_file(file, &s);
  const auto& bad = is.report.first;
  REQUIRE(is.report.bad == 6);
  REQUIRE(bad.size() == 6);
  const std::pair<std::size_t, std::string_view> want[] = {
      {10, "is no JSON object"}, {20, "field `workflow`"}, {30, "field `at`"},
      {40, "field `body`: column"}, {50, "field `at`"},    {60, "field `control`"}};
  for (std::size_t n = 0; n < 6; ++n) {
    CAPTURE(bad[n].why);
    CHECK(bad[n].number == first + want[n].first + 1);
    CHECK(bad[n].why.find(want[n].second) != std::string::npos);
  }
  CHECK(is->run.submissions == was.submissions - 5);
  CHECK(is.report.lines == lines.size() - 1);
  const auto sum = sum_of(is->run.totals);
  CHECK(sum.submitted == is->run.submissions);
  CHECK(sum.submitted == sum.decided + sum.waiting + sum.refused);

  const replayed strict = replay_file(file, &s, on_lanes(1), true);
  REQUIRE_FALSE(strict.outcome.has_value());
  CHECK(strict.outcome.error().code == errc::malformed);
  CHECK(strict.outcome.error().detail.find("line " + std::to_string(first + 11)) != std::string::npos);
}

TEST_CASE("a file that is cut off is run up to there") {
  const scenario s = small_world();
  const scratch_dir dir;
  const simulation_result was = record(s, 7, dir.path / "run.ndjson.zst");
  fs::resize_file(dir.path / "run.ndjson.zst", fs::file_size(dir.path / "run.ndjson.zst") / 2);
  const replayed is = replay_file(dir.path / "run.ndjson.zst", &s);
  CHECK(is.report.cut.find("cut off") != std::string::npos);
  CHECK(is.report.bad == 0);
  CHECK(is->run.submissions > 0);
  CHECK(is->run.submissions < was.submissions);
}

TEST_CASE("a head that is wrong ends it") {
  const scratch_dir dir;
  const auto refusal = [&](const std::string& text) {
    std::ofstream(dir.path / "t.ndjson", std::ios::binary) << text;
    const auto feed = trace_feed::open(dir.path / "t.ndjson", false);
    REQUIRE_FALSE(feed.has_value());
    CHECK(feed.error().detail.find("t.ndjson: line 1: ") != std::string::npos);
    return feed.error().code;
  };
  std::string head;
  write_line(manifest_of(load("smoke"), 1).head, head);
  CHECK(refusal("") == errc::malformed);
  CHECK(refusal("\n") == errc::malformed);
  CHECK(refusal("{\"at\":5}\n") == errc::malformed);
  CHECK(refusal(replaced(head, "\"trace\":1", "\"trace\":7")) == errc::unsupported_version);
}

TEST_CASE("a trace without packs or with packs that are not here is refused, and one without a registry is not") {
  const scenario s = small_world();
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson";
  record(s, 8, file);
  std::vector<std::string> lines = lines_of(file);
  REQUIRE(lines[1].starts_with("{\"control\":\"pack\""));
  const std::string pack = lines[1];
  lines[1] = replaced(pack, "\"digest\":\"", "\"digest\":\"00");
  write_lines_to(file, lines);
  const replayed unknown = replay_file(file, &s);
  REQUIRE_FALSE(unknown.outcome.has_value());
  CHECK(unknown.outcome.error().code == errc::not_found);
  CHECK(unknown.outcome.error().detail.find("baseline-2021") != std::string::npos);

  lines.erase(lines.begin() + 1);
  write_lines_to(file, lines);
  CHECK(replay_file(file, &s).outcome.error().code == errc::malformed);
  CHECK(replay_file(file, &s, judged_by(baseline())).outcome.has_value());

  lines.insert(lines.begin() + 1, pack);
  std::erase_if(lines, [](const std::string& l) { return l.starts_with("{\"control\":\"registry\""); });
  write_lines_to(file, lines);
  CHECK(replay_file(file, &s).outcome.has_value());
}

TEST_CASE("with another pack, what people did and it has no use for is refused and counted") {
  const scenario s = load("smoke");
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson.zst";
  record(s, 9, file);
  fs::copy("packs/baseline-2021", dir.path / "lax", fs::copy_options::recursive);
  for (const char* rules : {"wording.yaml", "content.yaml"}) fs::remove(dir.path / "lax" / "rules" / rules);
  const auto lax = policy::pack::load(dir.path / "lax");
  REQUIRE(lax.has_value());

  const replayed same = replay_file(file, &s);
  const replayed other = replay_file(file, &s, judged_by(*lax));
  CHECK(other->run.totals.digest != same->run.totals.digest);
  CHECK(other->run.pack == *lax);
  CHECK(other->unused.decisions + other->unused.claims > same->unused.decisions + same->unused.claims);
  CHECK(other->unused.acknowledgements > same->unused.acknowledgements);
  // The same truth is joined with other decisions.
  const auto contents = [](const replayed& r) { return disclosure(r->run.figures)[4].figures; };
  CHECK(contents(other).missed > contents(same).missed);
  // No pack switches off the gate for ads of an institution that is not admitted.
  CHECK(contents(other).caught * 3 < contents(same).caught);
  CHECK(contents(same).caught > 0);
}

TEST_CASE("tasks that nobody decided are counted") {
  const scenario s = load("smoke");
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson";
  record(s, 10, file);
  const replayed whole = replay_file(file, &s);
  std::vector<std::string> lines = lines_of(file);
  const auto decides = [](const std::string& l) { return l.find("\"type\":\"decide_task\"") != std::string::npos; };
  const auto decisions = static_cast<std::uint64_t>(std::count_if(lines.begin(), lines.end(), decides));
  REQUIRE(decisions > 10);
  std::erase_if(lines, decides);
  write_lines_to(file, lines);
  const replayed without = replay_file(file, &s);
  CHECK(without->run.figures.tasks_closed == 0);
  CHECK(without->tasks_without_decision > whole->tasks_without_decision + decisions / 2);
}

TEST_CASE("without the world it came from, a trace gives the same run and no truth") {
  const scenario s = small_world();
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson.zst";
  const simulation_result was = record(s, 11, file);
  const replayed is = replay_file(file, nullptr);
  CHECK(is->run.totals.digest == was.totals.digest);
  CHECK_FALSE(is->truth);
  CHECK(is->run.figures.desk_waits == was.figures.desk_waits);
  CHECK(is->run.figures.appeals_filed == was.figures.appeals_filed);
  CHECK(is->run.figures.findings == was.figures.findings);
  const auto json = nlohmann::json::parse(replay_json(scenario_of(manifest_of(s, 11).head), *is.outcome));
  for (const char* key : {"caught", "missed", "wrongful", "exposure_hours"}) CHECK_FALSE(json.contains(key));
  CHECK(json["accounted"]["submitted"] == sum_of(was.totals).submitted);
  const std::string text = replay_text(s, *is.outcome, language::en);
  CHECK(text.find("caught") == std::string::npos);
  CHECK(text.find(hex(was.totals.digest)) != std::string::npos);
}

TEST_CASE("a trace of any bytes is run or refused, and every line of it is accounted for") {
  const scenario s = small_world();
  const scratch_dir dir;
  const fs::path file = dir.path / "run.ndjson";
  record(s, 12, file);
  const std::vector<std::string> whole = lines_of(file);
  const std::size_t first = first_submission(whole);
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    CAPTURE(seed);
    dice d(seed, 0, purpose::fault);
    std::vector<std::string> lines = whole;
    for (std::size_t n = first; n < lines.size(); ++n) {
      if (!d.chance_ppm(300'000)) continue;
      // Digits into digits, so that many lines stay well-formed and mean something else.
      std::string& l = lines[n];
      char& c = l[d.below(l.size())];
      if (c >= '0' && c <= '9') {
        c = static_cast<char>('0' + d.below(10));
      } else if (d.chance_ppm(100'000)) {
        c = static_cast<char>(' ' + d.below(95));
      }
    }
    write_lines_to(file, lines);
    const replayed is = replay_file(file, &s);
    CHECK(is.report.bad > 0);
    CHECK(is.report.lines == lines.size());
    CHECK(is->run.submissions + is.report.bad + first == lines.size());
    const auto sum = sum_of(is->run.totals);
    CHECK(sum.submitted == sum.decided + sum.waiting + sum.refused);
    // A key and body that changed into another's are answered again, so at most this many.
    CHECK(sum.submitted <= is->run.submissions);
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
