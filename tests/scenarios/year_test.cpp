// SPDX-License-Identifier: Apache-2.0
// The year of self-discipline: what is predicted in it, what is assumed, and what its estimated volume rests on.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "scenarios/calibrate.hpp"
#include "scenarios/report/summary.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

bool is_content(subject_kind k) {
  return k == subject_kind::diary || k == subject_kind::post || k == subject_kind::ad || k == subject_kind::review;
}

TEST_SUITE_BEGIN("scenarios/year");

TEST_CASE("takes summer's shares and daily numbers over untouched; only contents come more often") {
  const scenario summer = load("summer-2021");
  const scenario year = load("self-discipline-year");
  for (const subject_kind k : submitted_kinds) {
    CAPTURE(wire::EnumNamesubject_kind(k));
    CHECK(year.of(k).per_day.value == summer.of(k).per_day.value);
    CHECK(year.of(k).factor_ppm == summer.of(k).factor_ppm);
    REQUIRE(year.of(k).wrongs.size() == summer.of(k).wrongs.size());
    for (std::size_t n = 0; n < year.of(k).wrongs.size(); ++n) CHECK(year.of(k).wrongs[n].ppm == summer.of(k).wrongs[n].ppm);
    const double times = is_content(k) ? year.contents_times_ppm / 1e6 : 1.0;
    CHECK(year.per_day(k) == doctest::Approx(summer.per_day(k) * times));
  }
}

TEST_CASE("its parts add up to the total that the estimate starts from") {
  const scenario year = load("self-discipline-year");
  double parts = 0;
  for (const auto& [key, value] : year.published) parts += key == "total" ? 0 : value;
  CHECK(parts == year.published.at("total"));
  CHECK(year.volume.kind == figure_kind::fitted);
  CHECK(year.volume.value == doctest::Approx(parts / 0.05));
}

TEST_CASE("its table says what is predicted and what is assumed, and shows the volume beside that of summer's days") {
  const scenario year = scaled(load("self-discipline-year"), 0.002);
  const simulation_result r = run(year, settings_for(1));
  const auto j = nlohmann::json::parse(summary_json(year, r, "simulate"));
  CHECK(j["published"]["products"]["compared"] == "predicted");
  CHECK(j["published"]["contents_and_reviews"]["compared"] == "assumed");
  CHECK(j["published"]["contents_and_reviews"]["caught"] ==
        j["caught"]["contents"].get<std::uint64_t>() + j["caught"]["reviews"].get<std::uint64_t>());
  const double submitted = j["volume"]["submitted"];
  CHECK(submitted == doctest::Approx(year.volume.value).epsilon(0.05));
  CHECK(j["volume"]["at_daily_volume"].get<double>() < submitted * 0.75);
  CHECK(j["volume"]["at_daily_volume"].get<double>() > submitted * 0.55);
  for (const language lang : {language::zh, language::en}) {
    const std::string text = summary_text(year, r, lang);
    CHECK(text.find(lang == language::zh ? "预测" : "predicted") != std::string::npos);
    CHECK(text.find("per_day") != std::string::npos);
    CHECK(text.find("2,230,277") != std::string::npos);
  }
}

// An ad certificate is made before the ad that shows it, whatever the year.
TEST_CASE("lawful ads of another year carry certificates of their time") {
  const scenario year = scaled(load("self-discipline-year"), 0.002);
  const simulation_result r = run(year, settings_for(1));
  std::uint64_t bad = 0;
  for (const auto& [finding, n] : r.figures.wrongful_by_finding) {
    if (finding_name(finding, *r.pack) == "ad-certificate-bad") bad = n;
  }
  CHECK(bad == 0);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
