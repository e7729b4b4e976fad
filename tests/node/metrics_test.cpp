// SPDX-License-Identifier: Apache-2.0
#include "node/http/metrics.hpp"

#include <set>
#include <sstream>

#include <doctest/doctest.h>

namespace zhili::node {
namespace {

metrics_facts facts() {
  metrics_facts f;
  f.shell.hosts.submissions = 7;
  f.shell.verdicts[{workflow_numbers::product, static_cast<verdict>(1)}] = 3;
  f.shell.books[1] = {5, 3, 2, 0};
  f.shell.commits.busy_s = 0.25;
  f.gateway = {{"busy", 4}};
  f.build = {{"version", "a\"b\\c\nd"}};
  return f;
}

bool has(const std::string& text, const std::string& line) { return text.find('\n' + line + '\n') != std::string::npos; }

}  // namespace

TEST_SUITE("node/http") {
  TEST_CASE("every sample stands under its one HELP and TYPE, and only counters end in _total") {
    std::istringstream lines(metrics_text(facts()));
    std::set<std::string> seen;
    std::string family;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string hash, what, name, type;
      if (line[0] == '#') {
        words >> hash >> what >> name >> type;
        if (what == "HELP") {
          CHECK_MESSAGE(seen.insert(name).second, name);
          CHECK(line.size() > 8 + name.size());
          family = name;
        } else {
          CHECK(name == family);
          CHECK((type == "counter") == name.ends_with("_total"));
        }
        continue;
      }
      CHECK(line.substr(0, line.find_first_of("{ ")) == family);
    }
    CHECK(seen.size() > 20);
  }

  TEST_CASE("the figures are those that were counted, and each cause of the link has its own") {
    const std::string text = metrics_text(facts());
    CHECK(has(text, "zhili_submissions_total 7"));
    CHECK(has(text, "zhili_waiting 2"));
    CHECK(has(text, "zhili_log_sync_seconds_total 0.25"));
    CHECK(has(text, "zhili_gateway_busy_total 4"));
    CHECK(text.find("zhili_decisions_total{workflow=\"product\",verdict=\"") != std::string::npos);
    for (std::size_t i = 0; i < link_counts_n; ++i) {
      CHECK(has(text, "zhili_link_total{cause=\"" + std::string(name(static_cast<link_count>(i))) + "\"} 0"));
    }
  }

  TEST_CASE("what would end a label is escaped") {
    CHECK(has(metrics_text(facts()), R"(zhili_build_info{version="a\"b\\c\nd"} 1)"));
  }

  TEST_CASE("a family without a sample is left out") {
    CHECK(metrics_text({}).find("zhili_decisions_total") == std::string::npos);
  }
}

}  // namespace zhili::node
