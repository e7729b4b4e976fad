// SPDX-License-Identifier: Apache-2.0
// What may stand in a line of a trace, and what is said of a line that is wrong.
#include "actors/workflow_numbers.hpp"
#include "protocols/schema/content_generated.h"
#include "protocols/schema/desk_generated.h"
#include "protocols/schema/onboarding_generated.h"
#include "protocols/schema/takedown_generated.h"
#include "scenarios/trace/body_codec.hpp"
#include "tests/scenarios/recorded.hpp"

namespace zhili::scenarios {
namespace {

using namespace testing;
namespace numbers = workflow_numbers;

constexpr std::string_view good =
    R"({"at":1626796635853,"workflow":"desk","type":"claim","account":"0a758adaf258e745f204772272809110",)"
    R"("subject":"0b255ae1619ff3cab634244f02caf43d","key":"d59a9d5287d3d5c891abb108a30d2bab",)"
    R"("event_time":1626796635853,"body":{"task":{"hi":1,"lo":18446744073709551615},"reviewer":7},"text":"留意\n\"引号\""})";

struct reader {
  line_parser parser;
  std::string padded;

  std::string_view pad(std::string_view line) {
    padded = line;
    padded.append(line_parser::padding, ' ');
    return std::string_view(padded).substr(0, line.size());
  }
  result<trace_line> line(std::string_view text) { return parser.line(pad(text)); }
  result<trace_head> head(std::string_view text) { return parser.head(pad(text)); }
};

/// The body that a builder made, through JSON and back.
void check_round_trip(workflow_no w, std::string_view type_name, const flatbuffers::FlatBufferBuilder& built,
                      std::string_view in_json) {
  CAPTURE(type_name);
  body_codec codec;
  const type_no type = codec.type(w, type_name);
  REQUIRE(type != 0);
  const bytes_view body = body_of(built);
  std::string json;
  codec.to_json(w, type, body, json);
  CHECK(json.find(in_json) != std::string::npos);
  CHECK(json.find('\n') == std::string::npos);
  const auto back = codec.from_json(w, type, json);
  REQUIRE(back.has_value());
  CHECK(std::equal(back->begin(), back->end(), body.begin(), body.end()));
}

TEST_SUITE_BEGIN("scenarios/trace");

TEST_CASE("a submission's line is read field by field") {
  reader r;
  const auto line = r.line(good);
  REQUIRE(line.has_value());
  const auto& s = std::get<trace_submission>(*line);
  CHECK(s.at.ms == 1626796635853);
  CHECK(s.workflow == numbers::desk);
  CHECK(s.type == 3);
  CHECK(s.account == account_id{0x0a758adaf258e745, 0xf204772272809110});
  CHECK(s.subject.kind() == subject_kind::task);
  CHECK(s.key == subject_id{0xd59a9d5287d3d5c8, 0x91abb108a30d2bab});
  CHECK(s.body == R"({"task":{"hi":1,"lo":18446744073709551615},"reviewer":7})");
  CHECK(s.text == "留意\n\"引号\"");
}

TEST_CASE("a wrong line is refused with its field and what would be right") {
  struct wrong_line {
    std::string_view what, by, says;
  };
  const wrong_line table[] = {
      {R"("at":1626796635853)", R"("at":"noon")", "field `at`: not a time"},
      {R"("at":1626796635853)", R"("at":1e400)", "field `at`"},
      {R"("at":1626796635853,)", "", "field `at`: missing"},
      {R"("workflow":"desk")", R"("workflow":"desks")", "'desks' takes no submissions"},
      {R"("workflow":"desk")", R"("workflow":"risk")", "'risk' takes no submissions"},
      {R"("type":"claim")", R"("type":"clame")", "desk has no submission 'clame'"},
      {R"("type":"claim")", R"("type":"open_task")", "desk has no submission 'open_task'"},
      {R"("account":"0a75)", R"("account":"ffff)", "field `account`: its first two digits name no kind"},
      {R"("account":"0a75)", R"("account":"0x75)", "field `account`: not an id of 32 hex digits"},
      {R"("subject":"0b25)", R"("subject":"25)", "field `subject`: not an id"},
      {R"("key":)", R"("keys":)", "field `keys`: unknown; did you mean 'key'?"},
      {R"("event_time")", R"("at")", "field `at`: stands twice"},
      {R"("body":{"task")", R"("body":[{"task")", "field `body`"},
      {R"(,"text":"留意\n\"引号\""})", "", "is no JSON object"},
      {R"(引号\""})", "引号\\\"\"} {}", "goes on behind its object"},
      {good, "", "is no JSON object"},
      {good, "[1,2]", "is no JSON object"},
      {good, R"({"control":"stop","at":1})", "field `control`"},
      {good, R"({"control":"pack","at":1,"name":"x"})", "field `digest`: missing"},
      {good, R"({"control":"registry","at":1,"version":1,"listed":["12"],"revoked":[]})", "field `listed`"},
      {good, R"({"control":"registry","at":1,"version":4294967296,"listed":[],"revoked":[]})", "field `version`"},
  };
  for (const wrong_line& w : table) {
    const std::string line = replaced(std::string(good), w.what, w.by);
    CAPTURE(line);
    reader r;
    const auto read = r.line(line);
    REQUIRE_FALSE(read.has_value());
    CAPTURE(read.error().detail);
    CHECK(read.error().detail.find(w.says) != std::string::npos);
  }
}

TEST_CASE("a text beyond its limit is refused") {
  reader r;
  const auto read = r.line(replaced(std::string(good), "留意", std::string(limits::text_bytes_max, 'a')));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == errc::too_large);
}

TEST_CASE("a head comes back as it was written, and one of another version or without sense is refused") {
  const trace_head h = manifest_of(load("smoke"), 18446744073709551615ull).head;
  std::string line;
  write_line(h, line);
  reader r;
  const auto back = r.head(std::string_view(line).substr(0, line.size() - 1));
  REQUIRE(back.has_value());
  std::string again;
  write_line(*back, again);
  CHECK(again == line);
  CHECK(back->seed == 18446744073709551615ull);
  CHECK(back->behaviour == behaviour_now());

  const auto refused = [&](std::string_view what, std::string_view by) {
    const auto read = r.head(replaced(line, what, by));
    REQUIRE_FALSE(read.has_value());
    return read.error();
  };
  CHECK(refused("\"trace\":1", "\"trace\":2").code == errc::unsupported_version);
  CHECK(refused("\"trace\":1,", "").detail.find("field `trace`") != std::string::npos);
  CHECK(refused("\"end\":", "\"end\":1,\"end\":").detail.find("stands twice") != std::string::npos);
  CHECK(refused("\"end\":162", "\"end\":161").code == errc::out_of_range);
  CHECK(refused("\"hop_ms\":60000", "\"hop_ms\":0").code == errc::out_of_range);
  CHECK(refused("\"seed\":", "\"sed\":").detail.find("did you mean 'seed'?") != std::string::npos);
  CHECK(r.head(good).error().detail.find("field `trace`") != std::string::npos);
}

TEST_CASE("a registry snapshot of any size comes back, over as many lines as it needs") {
  std::vector<std::uint64_t> listed, revoked;
  for (std::uint64_t n = 0; n < 25'000; ++n) listed.push_back(n * 0x9e3779b97f4a7c15);
  for (std::uint64_t n = 0; n < 7'000; ++n) revoked.push_back(~n);
  for (const std::size_t few : {std::size_t{0}, std::size_t{3}, listed.size()}) {
    const registry_snapshot s(4, {listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(few)},
                              few == 3 ? std::vector<std::uint64_t>{} : revoked);
    std::string text;
    write_lines(instant{5}, s, text);
    trace_registry whole;
    reader r;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      CHECK(end - at < limits::trace_line_bytes_max);
      const auto line = r.line(std::string_view(text).substr(at, end - at));
      REQUIRE(line.has_value());
      const auto& part = std::get<trace_registry>(*line);
      CHECK(part.at.ms == 5);
      CHECK(part.version == 4);
      whole.listed.insert(whole.listed.end(), part.listed.begin(), part.listed.end());
      whole.revoked.insert(whole.revoked.end(), part.revoked.begin(), part.revoked.end());
      at = end + 1;
    }
    CHECK(registry_snapshot(4, whole.listed, whole.revoked).digest() == s.digest());
  }
}

TEST_CASE("bodies come back to the byte, whatever their strings' lengths") {
  for (std::size_t length = 0; length < 9; ++length) {
    flatbuffers::FlatBufferBuilder b;
    const wire::id institution(1, ~0ull);
    const wire::hash256 hash(1, 2, 3, 4);
    const auto certificate = length == 7 ? 0 : b.CreateString(std::string("医\"\\\n\t广").append(length, 'x'));
    b.Finish(wire::content::Createsubmit_content(b, 1ull << 63, subject_kind::ad, length % 2 == 0 ? &institution : nullptr,
                                                 &hash, 12, length % 3 == 0 ? 0 : -5, 5, certificate, true));
    check_round_trip(numbers::content, "submit_content", b, "\"kind\": \"ad\"");
  }
  flatbuffers::FlatBufferBuilder b;
  const wire::id task(7, 8);
  b.Finish(wire::desk::Createdecide_task(b, &task, 9, verdict::demote, 1000));
  check_round_trip(numbers::desk, "decide_task", b, "\"verdict\": \"demote\"");
  b.Clear();
  b.Finish(wire::desk::Createclaim(b));
  check_round_trip(numbers::desk, "claim", b, "{}");
}

TEST_CASE("what is sealed stands as base64 and nothing in it is taken for JSON") {
  for (const std::string_view sealed : {std::string_view("\x01\xff\x00\x10]\"", 6), std::string_view("")}) {
    flatbuffers::FlatBufferBuilder b;
    const auto uscc = b.CreateString("\"personal\": [1,2]");
    const auto licence = b.CreateString("x");
    const auto personal = b.CreateVector(reinterpret_cast<const std::uint8_t*>(sealed.data()), sealed.size());
    b.Finish(wire::onboarding::Createsubmit_institution(b, 1, uscc, licence, 2, 3, 4, 0, personal));
    check_round_trip(numbers::onboarding, "submit_institution", b, sealed.empty() ? "\"personal\": \"\"" : "\"Af8AEF0i\"");
  }
  body_codec codec;
  const type_no appeal = codec.type(numbers::takedown, "file_appeal");
  CHECK(codec.from_json(numbers::takedown, appeal, R"({"personal": "AQ"})").error().detail.find("base64") != std::string::npos);
  CHECK(codec.from_json(numbers::takedown, appeal, R"({"personal": "AQ==")").error().code == errc::malformed);
}

TEST_CASE("a body that does not follow its schema is refused with the place") {
  body_codec codec;
  const type_no claim = codec.type(numbers::desk, "claim");
  for (const std::string_view body : {R"({"reviewr":1})", R"({"reviewer":-1})", R"({"reviewer":1.5})", R"({"reviewer":1)",
                                      R"({"task":{"hi":1}})", R"({"task":3})", "{", "", R"({"reviewer":1} {})"}) {
    CAPTURE(body);
    const auto read = codec.from_json(numbers::desk, claim, body);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().detail.find("column") != std::string::npos);
  }
  const std::string deep(10'000, '[');
  CHECK_FALSE(codec.from_json(numbers::desk, claim, deep).has_value());
}

TEST_SUITE_END();

}  // namespace
}  // namespace zhili::scenarios
