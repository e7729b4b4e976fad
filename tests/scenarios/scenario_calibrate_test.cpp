// SPDX-License-Identifier: Apache-2.0
// Fitting what nobody published to what somebody did, on small worlds and made-up figures.
#include <cmath>

#include "policy/yaml.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;

scenario published_world() {
  scenario s = load("smoke");
  s.published = {{"products", 170}, {"institutions", 12}, {"practitioners", 15}, {"reviews", 40}, {"total", 237}};
  return s;
}

calibration_settings settings_of(unsigned seeds, unsigned iterations) {
  calibration_settings c;
  c.seeds.pack = baseline();
  c.seeds.count = seeds;
  c.seeds.jobs = 2;
  c.iterations = iterations;
  return c;
}

fitted_figure fitted(std::size_t which, std::uint32_t factor) {
  fitted_figure f;
  f.of = fitted_kinds[which];
  f.factor_ppm = factor;
  return f;
}

TEST_SUITE_BEGIN("scenarios/calibrate");

TEST_CASE("scales volumes, people and published figures, and no share") {
  const scenario whole = load("summer-2021");
  const scenario tenth = scaled(whole, 0.1);
  CHECK(tenth.institutions.value == 600);
  CHECK(tenth.practitioners.value == 2000);
  CHECK(tenth.users.value == 80'000);
  for (const subject_kind k : submitted_kinds) {
    CHECK(tenth.of(k).per_day.value == doctest::Approx(whole.of(k).per_day.value / 10));
    REQUIRE(tenth.of(k).wrongs.size() == whole.of(k).wrongs.size());
    for (std::size_t n = 0; n < tenth.of(k).wrongs.size(); ++n) {
      CHECK(tenth.of(k).wrongs[n].ppm == whole.of(k).wrongs[n].ppm);
    }
  }
  CHECK(tenth.published.at("institutions") == doctest::Approx(105.4));
  for (std::size_t n = 0; n < whole.reviewers.size(); ++n) {
    CHECK(tenth.reviewers[n].count == std::max(1.0, std::round(whole.reviewers[n].count / 10.0)));
  }
  CHECK(scaled(whole, 1e-6).institutions.value == 1);
}

TEST_CASE("knows mean and deviation of a sample") {
  const sample_figures s = sample_of({2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(s.mean == doctest::Approx(5));
  CHECK(s.deviation == doctest::Approx(std::sqrt(32.0 / 7)));
  CHECK(sample_of({}).mean == 0);
  CHECK(sample_of({3}).deviation == 0);
}

TEST_CASE("runs each seed once, in their order, on any number of threads") {
  const scenario s = small_world();
  seed_runs how;
  how.pack = baseline();
  how.first = 5;
  how.count = 4;
  how.jobs = 1;
  double done = 0;
  how.progress = [&](double runs) { done = std::max(done, runs); };
  const auto one = run_seeds(s, how);
  REQUIRE(one.has_value());
  REQUIRE(one->size() == 4);
  CHECK(done == 4);
  how.jobs = 3;
  const auto three = run_seeds(s, how);
  REQUIRE(three.has_value());
  for (std::size_t n = 0; n < 4; ++n) {
    const figures alone = run(s, settings_for(5 + n)).figures;
    for (const auto* runs : {&*one, &*three}) {
      CHECK((*runs)[n].of(subject_kind::product).caught == alone.of(subject_kind::product).caught);
      CHECK((*runs)[n].of(subject_kind::review).caught == alone.of(subject_kind::review).caught);
      CHECK((*runs)[n].desk_waits == alone.desk_waits);
    }
  }
}

TEST_CASE("brings every mean to its published figure") {
  const scenario s = published_world();
  const auto c = calibrate(s, settings_of(16, 12));
  REQUIRE(c.has_value());
  CHECK(c->reached);
  REQUIRE(c->figures.size() == 4);
  for (const fitted_figure& f : c->figures) {
    CAPTURE(f.of.key);
    CHECK(std::abs(f.off()) <= 0.02);
    CHECK(f.factor_before == 1'000'000);
    CHECK(f.factor_ppm != f.factor_before);
    // Chance goes on.
    CHECK(f.caught.deviation > 0);
  }
  // The factors that it names give the means that it names.
  scenario again = s;
  for (const fitted_figure& f : c->figures) again.of(f.of.kind).factor_ppm = f.factor_ppm;
  const auto once = calibrate(again, settings_of(16, 1));
  REQUIRE(once.has_value());
  CHECK(once->rounds == 1);
  for (std::size_t n = 0; n < 4; ++n) CHECK(once->figures[n].caught.mean == doctest::Approx(c->figures[n].caught.mean));
}

TEST_CASE("says where a figure cannot be reached") {
  scenario s = published_world();
  s.published["practitioners"] = 5'000;
  const auto c = calibrate(s, settings_of(3, 6));
  REQUIRE(c.has_value());
  CHECK_FALSE(c->reached);
  CHECK(c->rounds == 6);
  const kind_model& k = s.of(subject_kind::practitioner);
  std::uint64_t all = 0;
  for (const wrong_share& w : k.wrongs) all += w.ppm;
  for (const fitted_figure& f : c->figures) {
    if (f.of.kind == subject_kind::practitioner) CHECK(all * f.factor_ppm / 1'000'000 <= 1'000'000);
  }
  s.published.clear();
  const auto none = calibrate(s, settings_of(1, 1));
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == errc::not_found);
}

TEST_CASE("writes factors into a file and leaves everything else as it was") {
  const std::string before =
      "# factor_ppm: 7 in a comment\n"
      "product: nothing\n"
      "kinds:\n"
      "  # the first\n"
      "  institution:\n"
      "    factor_ppm: 1000000   # fitted, hence no evidence\n"
      "    per_day: {value: 8, factor_ppm: 3}\n"
      "\n"
      "  product:\n"
      "    deeper:\n"
      "      factor_ppm: 5\n"
      "    factor_ppm: 2\n"
      "other:\n"
      "  review:\n"
      "    factor_ppm: 9\n";
  const auto after = with_factors(before, {fitted(1, 1'234'567), fitted(0, 987)});
  REQUIRE_MESSAGE(after.has_value(), after.error().detail);
  std::string wanted = before;
  wanted.replace(wanted.find("factor_ppm: 1000000"), 19, "factor_ppm: 1234567");
  wanted.replace(wanted.find("factor_ppm: 2"), 13, "factor_ppm: 987");
  CHECK(*after == wanted);

  const auto missing = with_factors(before, {fitted(3, 1)});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == errc::not_found);
  CHECK(missing.error().detail.find("review") != std::string::npos);
  CHECK_FALSE(with_factors("", {fitted(0, 1)}).has_value());
  CHECK_FALSE(with_factors("kinds:\n  product:\n    factor_ppm:\n", {fitted(0, 1)}).has_value());
}

TEST_CASE("writes summer-2021 so that it reads as it was, but for its factors") {
  const std::string file = "scenarios/data/summer-2021.yaml";
  const auto text = policy::read_file(file, policy::yaml_bytes_max);
  REQUIRE(text.has_value());
  const auto after = with_factors(*text, {fitted(0, 11), fitted(1, 12), fitted(2, 13), fitted(3, 14)});
  REQUIRE_MESSAGE(after.has_value(), after.error().detail);
  const auto s = scenario::parse(*after, file);
  REQUIRE_MESSAGE(s.has_value(), s.error().detail);
  CHECK(s->of(subject_kind::product).factor_ppm == 11);
  CHECK(s->of(subject_kind::institution).factor_ppm == 12);
  CHECK(s->of(subject_kind::practitioner).factor_ppm == 13);
  CHECK(s->of(subject_kind::review).factor_ppm == 14);
  CHECK(s->of(subject_kind::diary).factor_ppm == 1'000'000);
  CHECK(std::count(after->begin(), after->end(), '\n') == std::count(text->begin(), text->end(), '\n'));
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
