// SPDX-License-Identifier: Apache-2.0
// The report: every figure of the summary in it, both languages whole, nothing from outside, nothing that a scenario's
// text could break.
// g++ 12 under the sanitizers takes std::regex for reading what was never written (GCC bug 105562).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "scenarios/report/data.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/report/summary.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using nlohmann::json;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

scenario published_smoke() {
  scenario s = load("smoke");
  s.published = {{"products", 100}, {"institutions", 10}, {"practitioners", 20}, {"reviews", 50}, {"total", 170}};
  s.contradictions = {{"自相矛盾", "contradicts itself"}};
  return s;
}

const simulation_result& smoke_run() {
  static const simulation_result r = run(published_smoke(), settings_for(1));
  return r;
}

const std::string& smoke_page() {
  static const std::string html = report_html(published_smoke(), smoke_run());
  return html;
}

/// What stands in the element that opens with `tag`, up to its end.
std::string inside(const std::string& html, const std::string& tag, const std::string& end = "</script>") {
  const std::size_t from = html.find(tag);
  REQUIRE(from != std::string::npos);
  const std::size_t begin = from + tag.size();
  return html.substr(begin, html.find(end, begin) - begin);
}

json part(const std::string& html, const std::string& id) {
  return json::parse(inside(html, "<script type=\"application/json\" id=\"" + id + "\">"));
}

/// Our own script, without Chart.js.
std::string script(const std::string& html) {
  const std::string tag = "<script>\n// The report's page.";
  return inside(html, tag);
}

std::map<std::string, std::pair<std::string, std::string>> words(const std::string& html) {
  std::map<std::string, std::pair<std::string, std::string>> out;
  for (const char* id : {"words", "names"}) {
    const json dictionary = part(html, id);
    for (const auto& [key, pair] : dictionary.items()) {
      REQUIRE_MESSAGE(pair.size() == 2, key);
      CHECK_MESSAGE(out.emplace(key, std::pair{pair[0].get<std::string>(), pair[1].get<std::string>()}).second, key);
    }
  }
  return out;
}

/// Every run of `letters` between `before` and `after`.
std::set<std::string> found_in(const std::string& text, const std::string& before, const char* letters, char after) {
  std::set<std::string> out;
  for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
    at += before.size();
    const std::size_t end = text.find_first_not_of(letters, at);
    if (end != std::string::npos && end > at && text[end] == after) out.insert(text.substr(at, end - at));
  }
  return out;
}

bool has_chinese(const std::string& text) {
  // U+3000 and above are three bytes that begin with 0xe3 or more.
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xe3; });
}

TEST_SUITE_BEGIN("scenarios/report");

// ---- figures ----

TEST_CASE("holds every figure of the summary's table") {
  const json summary = json::parse(summary_json(published_smoke(), smoke_run(), "simulate"));
  const json data = part(smoke_page(), "data");
  const std::pair<const char*, const char*> columns[] = {{"caught", "caught"},
                                                         {"missed", "missed"},
                                                         {"wrongful", "wrongful"},
                                                         {"exposure_hours_by", "exposure_hours"},
                                                         {"wrongful_hours_by", "wrongful_hours"},
                                                         {"suspended_by_index", "by_index"},
                                                         {"stopped_by_status", "by_status"}};
  std::size_t compared = 0;
  for (const json& row : data["disclosure"]["rows"]) {
    const std::string key = row["key"];
    CAPTURE(key);
    for (const auto& [theirs, ours] : columns) CHECK(row[ours] == summary[theirs][key]);
    CHECK(row["marked_unlawful"] == summary["marked"][key]["unlawful"]);
    CHECK(row["marked_lawful"] == summary["marked"][key]["lawful"]);
    ++compared;
  }
  CHECK(compared == 5);
  CHECK(data["disclosure"]["rows"][0]["caught"].get<int>() > 0);
  CHECK(data["appeals"]["filed"] == summary["appeals"]["filed"]);
  CHECK(data["appeals"]["reversed"] == summary["appeals"]["reversed"]);
  CHECK(data["appeals"]["upheld"] == summary["appeals"]["upheld"]);
  CHECK(data["times"]["orders"] == summary["takedown"]["orders"]);
  CHECK(data["times"]["acknowledged"] == summary["takedown"]["acknowledged"]);
  for (const char* found : {"visits", "lapses", "changed_pages", "passed_misses", "wrongful"}) {
    CHECK(data["inspection"][found] == summary["inspection"][found]);
  }
  CHECK(data["texts"]["listed"] == summary["texts"]["phrases_listed"]);
  CHECK(data["about"]["digest"] == summary["digest"]);
  CHECK(data["about"]["submissions"] == summary["submissions"]);
}

TEST_CASE("holds the books by kind, the kinds of wrong and the rules that stopped what was lawful") {
  const json summary = json::parse(summary_json(published_smoke(), smoke_run(), "simulate"));
  const json data = part(smoke_page(), "data");
  for (const json& k : data["kinds"]) {
    for (const char* column : {"submitted", "decided", "waiting", "refused"}) {
      CHECK(k[column] == summary["accounted_by_kind"][k["kind"].get<std::string>()][column]);
    }
  }
  CHECK(data["kinds"].size() == summary["accounted_by_kind"].size());
  for (const json& w : data["wrongs"]) {
    const std::string name = w["wrong"];
    CHECK(w["caught"] == summary["caught_by_wrong"].value(name, 0));
    CHECK(w["missed"] == summary["missed_by_wrong"].value(name, 0));
  }
  std::map<std::string, std::uint64_t> wronged;
  for (const json& f : data["findings"]) {
    if (f["wrongful"] != 0) wronged[f["id"]] = f["wrongful"];
    const bool of_pack = f["id"].get<std::string>().find(':') == std::string::npos;
    CHECK(f.contains("title") == of_pack);
    if (of_pack) CHECK_MESSAGE(!f["basis"].empty(), f["id"]);
  }
  CHECK(json(wronged) == summary["wrongful_by_finding"]);
}

TEST_CASE("the days add up to the table, and nothing caught stands without what was missed and wronged") {
  const json data = part(smoke_page(), "data");
  CHECK(data["days"]["dates"] == json({"2021-07-18", "2021-07-19", "2021-07-20"}));
  for (const json& row : data["disclosure"]["rows"]) {
    const json& days = data["days"]["groups"][row["key"].get<std::string>()];
    for (const char* column : {"caught", "missed", "wrongful"}) {
      std::uint64_t sum = 0;
      for (const json& n : days[column]) sum += n.get<std::uint64_t>();
      CHECK(sum == row[column].get<std::uint64_t>());
    }
  }
}

TEST_CASE("shows the published figures, their sum and where they contradict themselves") {
  const json disclosed = part(smoke_page(), "data")["disclosure"];
  CHECK(disclosed["rows"][0]["published"] == 100.0);
  CHECK(disclosed["rows"][4]["published"].is_null());
  CHECK(disclosed["parts_sum"] == 180.0);
  CHECK(disclosed["total"] == 170.0);
  CHECK(disclosed["contradictions"][0]["en"] == "contradicts itself");
}

TEST_CASE("lists every figure of the scenario with its kind and its reason") {
  const json assumed = part(smoke_page(), "data")["assumptions"];
  CHECK(assumed["figures"].size() == 10);
  for (const json& f : assumed["figures"]) {
    CHECK(f["kind"] == "assumed");
    CHECK(f["reason"]["zh"].get<std::string>().size() >= 8);
    CHECK(f["reason"]["en"].get<std::string>().size() >= 8);
  }
  scenario s = published_smoke();
  s.of(subject_kind::product).factor_ppm = 1'500'000;
  const ordered_json fitted = report_data(s, smoke_run())["assumptions"];
  for (const auto& share : fitted["shares"]) {
    const bool of_products = share["group"] == "product" && share["name"] != "lookalike" && share["name"] != "changes";
    CHECK_MESSAGE(share["kind"] == (of_products ? "fitted" : "assumed"), share["name"]);
  }
}

TEST_CASE("the flow counts what went between the workflows") {
  const json flow = part(smoke_page(), "data")["flow"];
  std::map<std::string, json> by_name;
  for (const json& w : flow["workflows"]) by_name[w["name"]] = w;
  CHECK(by_name.size() == partition::workflows().size());
  // One task for each message that asks for one, the same asked twice being one task.
  std::uint64_t asked = 0;
  for (const json& m : flow["messages"]) {
    CHECK(m["count"].get<std::uint64_t>() > 0);
    if (m["to"] == "desk") asked += m["count"].get<std::uint64_t>();
  }
  const auto opened = by_name["desk"]["events"]["task_opened"].get<std::uint64_t>();
  CHECK(opened == smoke_run().figures.tasks_opened);
  CHECK(asked >= opened);
  CHECK(by_name["takedown"]["effects"].get<std::uint64_t>() >= smoke_run().figures.orders);
}

TEST_CASE("the desk of a run adds up to the run") {
  const json desk = part(smoke_page(), "data")["desk"];
  std::uint64_t opened = 0, done = 0;
  double by_shift = 0;
  for (const json& q : desk["queues"]) {
    opened += q["opened"].get<std::uint64_t>();
    done += q["closed"].get<std::uint64_t>();
    CHECK(q["waiting_by_hour"].size() == 72);
    CHECK(q["waiting_by_hour"].back() == q["waiting"]);
  }
  for (const json& s : desk["shifts"]) by_shift += s["closed"].get<double>();
  CHECK(opened == smoke_run().figures.tasks_opened);
  CHECK(done == smoke_run().figures.tasks_closed);
  CHECK(by_shift == doctest::Approx(static_cast<double>(done)).epsilon(0.001));
}

// ---- languages ----

TEST_CASE("every word exists in both languages, with the same places to fill in") {
  const auto all = words(smoke_page());
  CHECK(all.size() > 300);
  for (const auto& [key, pair] : all) {
    CAPTURE(key);
    const auto& [zh, en] = pair;
    CHECK_FALSE(en.empty());
    CHECK_FALSE(has_chinese(en));
    CHECK(found_in(zh, "{", "0123456789", '}') == found_in(en, "{", "0123456789", '}'));
    if (!key.starts_with("basis.") && !key.starts_with("times.between")) CHECK(has_chinese(zh));
  }
}

TEST_CASE("every word that the page asks for is there") {
  const auto all = words(smoke_page());
  const char* letters = "abcdefghijklmnopqrstuvwxyz_.";
  std::set<std::string> asked = found_in(smoke_page(), "data-t=\"", letters, '"');
  // What stands before t( in our script.
  for (const char* before : {" t(\"", "(t(\"", "[t(\"", "!t(\"", "{t(\""}) asked.merge(found_in(script(smoke_page()), before, letters, '"'));
  CHECK(asked.size() > 150);
  for (const std::string& key : asked) {
    // A key that ends in a dot is the beginning of one.
    if (key.back() != '.') CHECK_MESSAGE(all.contains(key), key);
  }
  for (const char* view : {"flow", "disclosure", "wrongs", "desk", "times"}) {
    for (const char* what : {".tab", ".title", ".lead"}) CHECK(all.contains(std::string(view) + what));
  }
}

TEST_CASE("every kind of wrong, kind of subject and fixed check has a name for people") {
  const auto all = words(smoke_page());
  for (int n = 0; n < 256; ++n) {
    if (const auto word = name(static_cast<wrong>(n)); word != "unknown") CHECK(all.contains("wrong." + std::string(word)));
  }
  for (const auto kind : wire::EnumValuessubject_kind()) {
    CHECK(all.contains(std::string("kind_of.") + wire::EnumNamesubject_kind(kind)));
  }
  for (const auto gate : wire::EnumValuesgate()) CHECK(all.contains(std::string("gate.") + wire::EnumNamegate(gate)));
  for (const char* scenario : {"smoke", "summer-2021"}) {
    for (const reviewer_group& g : load(scenario).reviewers) CHECK(all.contains("queue." + g.queue));
  }
  for (std::uint16_t n = 0; n < baseline()->rule_count(); ++n) {
    for (const policy::provision& b : baseline()->rule(n).basis) {
      CHECK_MESSAGE(all.contains(b.statute == "platform" ? "platform_rule." + b.article : "statute." + b.statute), b.statute);
    }
  }
}

// ---- the page as a file ----

TEST_CASE("asks no network for anything and forbids itself to") {
  std::string page = smoke_page();
  CHECK(page.find("default-src 'none'") != std::string::npos);
  // Chart.js names its home in a comment; everything else is ours.
  const std::size_t chart = page.find("/*!\n * Chart.js");
  REQUIRE(chart != std::string::npos);
  page.erase(chart, page.find("</script>", chart) - chart);
  for (const char* outside : {"http://", "https://", "=\"//", "='//", "url(//", "url(\"//", "@import", " src=", "<link", "<iframe"}) {
    CHECK_MESSAGE(page.find(outside) == std::string::npos, outside);
  }
  CHECK(page.find("Permission is hereby granted, free of charge") != std::string::npos);
}

/// Names of the tags in their order, `/` before those that end; what stands inside of scripts and styles is none.
std::vector<std::string> tags_of(const std::string& page) {
  std::vector<std::string> out;
  for (std::size_t from = 0; (from = page.find('<', from)) != std::string::npos;) {
    const std::size_t end = page.find('>', from);
    REQUIRE(end != std::string::npos);
    out.push_back(page.substr(from + 1, page.find_first_of(" \n>/", from + 2) - from - 1));
    if (page[end - 1] == '/') out.pop_back();
    from = end;
    for (const char* raw : {"script", "style"}) {
      if (!out.empty() && out.back() == raw) from = page.find(std::string("</") + raw + ">", from);
    }
  }
  return out;
}

TEST_CASE("every element that is opened is closed in its turn") {
  const std::set<std::string> empty{"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  std::size_t closed = 0;
  for (const std::string& tag : tags_of(smoke_page())) {
    if (empty.contains(tag)) continue;
    if (tag.front() != '/') {
      open.push_back(tag);
      continue;
    }
    REQUIRE_MESSAGE(!open.empty(), tag);
    REQUIRE(open.back() == tag.substr(1));
    open.pop_back();
    ++closed;
  }
  CHECK(open.empty());
  CHECK(closed > 25);
}

TEST_CASE("a scenario's text cannot end the data or break it") {
  scenario s = published_smoke();
  s.title = {"</script><script>alert(1)</script><!--", "a \"quoted\" \\ title \xff"};
  s.institutions.reason = "]]></script >";
  const std::string html = report_html(s, smoke_run());
  CHECK(html.find("<script>alert(1)") == std::string::npos);
  CHECK(html.find("</script >") == std::string::npos);
  const json data = part(html, "data");
  CHECK(data["about"]["title"]["zh"] == s.title.zh);
  CHECK(data["about"]["title"]["en"].get<std::string>().starts_with("a \"quoted\" \\ title "));
}

TEST_CASE("says what is in the way of a report, and leaves nothing behind") {
  const fs::path folder = fs::temp_directory_path() / "zhili-report-test";
  fs::remove_all(folder);
  const auto missing = may_write(folder / "report.html");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == errc::io);
  CHECK(missing.error().detail.find((folder / "report.html").string()) != std::string::npos);
  CHECK(missing.error().detail.find("No such file") != std::string::npos);
  CHECK_FALSE(write_report(folder / "report.html", published_smoke(), smoke_run()).has_value());

  fs::create_directories(folder);
  CHECK(may_write(folder / "report.html").has_value());
  CHECK(fs::is_empty(folder));
  const auto directory = may_write(folder);
  REQUIRE_FALSE(directory.has_value());
  CHECK(directory.error().detail.find("Is a directory") != std::string::npos);

  REQUIRE(write_report(folder / "report.html", published_smoke(), smoke_run()).has_value());
  std::ifstream in(folder / "report.html", std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == smoke_page());
  fs::remove_all(folder);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
