// SPDX-License-Identifier: Apache-2.0
// The index must never hide a rule that would fire or end in an error: held against running every program.
#include <doctest/doctest.h>

#include <random>

#include "policy/fields/content.hpp"
#include "policy/pack_compiled.hpp"
#include "tests/policy/pack_on_disk.hpp"

namespace zhili::policy {
namespace {

TEST_SUITE_BEGIN("policy/rule_index");

namespace content = fields::content;

// Conditions over three facts, with every shape that the index reads and some that it does not.
constexpr const char* conditions[] = {
    "stars < 3",
    "3 <= stars && stars != 4",
    "stars in [1, 5]",
    "verified_order",
    "!verified_order && stars > 2",
    "order_to_review < 1h && verified_order",
    "stars == 2 || verified_order",
    "has(stars) && stars >= 4",
    "low && author_band >= 1",
    "author_band == 2 && (stars > 1 || order_to_review > 2h)",
    "hits(toxic) > 0 && stars < 5",
    "verified_order == false",
    "2 > stars",
    "order_to_review in [30m, 3h]",
    "recognised_source == \"picture\" && stars > 0",
    "recognised_source in [\"speech\"]",
    "recognised_source != \"speech\""};

std::string rules() {
  std::string out;
  int n = 0;
  for (const char* when : conditions) {
    const std::string mode = n % 5 == 4 ? "shadow" : "enforce";
    const std::string basis =
        n % 3 == 2
            ? "  basis: [{statute: 法, article: \"1\", valid_from: 2015-09-01, valid_to: 2020-12-31}]\n"
            : "";
    out += rule_text(
        "r" + std::to_string(n++), basis + "  match: {stage: review}\n  mode: " + mode +
                                       "\n  let: {low: stars < 4}\n  when: '" + when +
                                       "'\n  then: {verdict: escalate}\n");
  }
  return out;
}

/// Every rule's own program, one after the other.
std::pair<std::vector<std::uint16_t>, std::uint32_t> plainly(
    const pack& p, const slots& facts, std::string_view text, std::int32_t day) {
  const pack::compiled& c = p.internals();
  normalised_text normalised;
  c.words->normalise(text, normalised);
  matcher::scratch memory;
  std::vector<hit> found;
  c.plan(content::stage::review)->terms->scan(normalised, memory, found);
  tally hits;
  for (const hit& h : found) hits.add(h);
  arena made(1 << 20);
  workspace work{made, steps_max, nullptr, nullptr};
  std::pair<std::vector<std::uint16_t>, std::uint32_t> out;
  for (const staged_rule& r : c.plan(content::stage::review)->rules) {
    if (!c.in_force(r, day)) continue;
    const outcome o = run(r.when, c.pool, {facts, hits.count, text, {}}, work);
    if (o == outcome::yes) out.first.push_back(r.rule);
    if (o == outcome::error) ++out.second;
  }
  return out;
}

TEST_CASE("the index leaves exactly the rules that fire or end in an error") {
  pack_on_disk disk;
  disk.write("lexicons/toxic.txt", "category: toxic\nzh: 毒\nen: toxic\n\n去死\n")
      .write("rules/r.yaml", rules());
  REQUIRE(disk.errors() == "");
  const auto p = *disk.load();
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return static_cast<std::int64_t>(random() % n); };
  scratch memory;
  judgement out;
  std::size_t fired = 0, errors = 0;
  for (int i = 0; i < 5000; ++i) {
    slots f;
    if (below(4) != 0) f.set_int(content::slot::stars, below(6));
    if (below(4) != 0) f.set_bool(content::slot::verified_order, below(2) != 0);
    if (below(3) != 0) f.set_duration(content::slot::order_to_review, std::chrono::minutes{30 * below(8)});
    if (below(3) != 0) f.set_int(content::slot::author_band, below(3));
    if (below(3) != 0) f.set_int(content::slot::recognised_source, below(2));
    const std::string_view text = below(2) != 0 ? "去死" : "好";
    const std::int32_t day = below(2) != 0 ? 18'000 : 19'000;
    p->judge(content::stage::review, f, text, start_of_china_day(day), 0, memory, out);
    const auto [rules_fired, rules_wrong] = plainly(*p, f, text, day);
    std::vector<std::uint16_t> got;
    for (const finding& x : out.findings) got.push_back(x.rule);
    REQUIRE(got == rules_fired);
    // A word rule without hits is surely false, whatever else is missing.
    REQUIRE(out.errors == rules_wrong);
    fired += got.size();
    errors += out.errors;
  }
  CHECK(fired > 10'000);
  CHECK(errors > 1'000);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::policy
