// SPDX-License-Identifier: Apache-2.0
// The page of a comparison: the very document in it, both languages whole, nothing from outside.
#include <set>

#include <nlohmann/json.hpp>

#include "scenarios/compare/document.hpp"
#include "tests/scenarios/runs.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
using nlohmann::json;

TEST_SUITE_BEGIN("scenarios/compare_page");

const comparison& smoke_twice() {
  static const comparison c = [] {
    auto made = compare_packs(load("smoke"), "smoke", {baseline(), baseline(), {1}, 1, {}});
    ZHILI_ASSERT(made.has_value(), made.error().detail);
    return std::move(*made);
  }();
  return c;
}

const std::string& page() {
  static const std::string html = comparison_html(smoke_twice());
  return html;
}

json part(const std::string& id) {
  const std::string tag = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t from = page().find(tag);
  REQUIRE(from != std::string::npos);
  const std::size_t begin = from + tag.size();
  return json::parse(page().substr(begin, page().find("</script>", begin) - begin));
}

json all_words() {
  json out = part("names");
  out.update(part("words"));
  out.update(part("page-words"));
  return out;
}

/// Keys of words that our script asks for in full.
std::set<std::string> asked_for() {
  std::set<std::string> out;
  const std::size_t script = page().rfind("<script>");
  const std::string text = page().substr(0, page().find("<script type")) + page().substr(script);
  for (const std::string before : {" t(\"", "(t(\"", "[t(\"", "!t(\"", "{t(\"", "data-t=\""}) {
    for (std::size_t at = 0; (at = text.find(before, at)) != std::string::npos;) {
      at += before.size();
      const std::string key = text.substr(at, text.find('"', at) - at);
      if (!key.empty() && key.back() != '.') out.insert(key);
    }
  }
  return out;
}

TEST_CASE("holds the document of the comparison, figure by figure") {
  CHECK(part("data") == json(comparison_document(smoke_twice())));
}

TEST_CASE("every word that the page asks for is there, in Chinese and in English") {
  const json words = all_words();
  const auto asked = asked_for();
  CHECK(asked.size() > 80);
  for (const std::string& key : asked) CHECK_MESSAGE(words.contains(key), key);
  const json own = part("page-words");
  for (const auto& [key, pair] : own.items()) {
    CAPTURE(key);
    REQUIRE(pair.size() == 2);
    CHECK_FALSE(pair[0].get<std::string>().empty());
    CHECK_FALSE(pair[1].get<std::string>().empty());
  }
}

TEST_CASE("everything that a document may name has words") {
  const json words = all_words();
  const json document = part("data");
  for (std::size_t n = 0; n < change_count; ++n) CHECK(words.contains("change." + std::string(name(static_cast<change>(n)))));
  for (std::size_t n = 0; n < stopped_by_count; ++n) CHECK(words.contains("by." + std::string(name(static_cast<stopped_by>(n)))));
  for (const verdict v : {verdict::approve, verdict::label, verdict::demote, verdict::escalate, verdict::reject, verdict::suspend}) {
    CHECK(words.contains(std::string("verdict.") + wire::EnumNameverdict(v)));
  }
  for (const json& m : document["measures"]) {
    const std::string key = m["key"];
    const std::string group = key.substr(0, key.find('.'));
    const bool of_kind = words.contains("group." + group);
    const std::string word = of_kind ? key.substr(group.size() + 1) : key;
    if (word == "marked_unlawful" || word == "marked_lawful" || word == "stopped_with_owner" || word == "offline_by_index") continue;
    CHECK_MESSAGE(words.contains("measure." + word), key);
  }
  for (const json& k : document["affected"]["kinds"]) CHECK(words.contains("kind_of." + k["kind"].get<std::string>()));
}

TEST_CASE("asks no network for anything and forbids itself to") {
  CHECK(page().find("default-src 'none'") != std::string::npos);
  std::string ours = page();
  const std::size_t chart = ours.find("/*!\n * Chart.js");
  REQUIRE(chart != std::string::npos);
  ours.erase(chart, ours.find("</script>", chart) - chart);
  for (const char* outside : {"http://", "https://", "=\"//", "url(//", "@import", " src=", "<link", "<iframe"}) {
    CHECK_MESSAGE(ours.find(outside) == std::string::npos, outside);
  }
  for (const char* place : {"@data@", "@words@", "@page-words@", "@script@", "@style@"}) CHECK(page().find(place) == std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
